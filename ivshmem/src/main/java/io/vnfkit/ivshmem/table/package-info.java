/**
 * Keys and values from one writer to any number of readers, which need no right to write
 * ({@link io.vnfkit.ivshmem.table.SharedTable}): configuration in one direction, statistics in the other. A writer that
 * dies, at whatever instruction, leaves a table that can be read.
 */
package io.vnfkit.ivshmem.table;

/**
 * Messages from one writer to any number of readers, which need no right to write
 * ({@link io.vnfkit.ivshmem.broadcast.Broadcast}). The writer never waits; a reader that is too slow misses messages, and
 * learns how many.
 */
package io.vnfkit.ivshmem.broadcast;

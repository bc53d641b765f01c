/**
 * Mapped memory with a deterministic end ({@link io.vnfkit.ivshmem.memory.MappedMemory}), and the loads and stores that
 * two processes agree on ({@link io.vnfkit.ivshmem.memory.SharedWords}).
 */
package io.vnfkit.ivshmem.memory;

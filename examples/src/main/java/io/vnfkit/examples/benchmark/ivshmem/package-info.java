/**
 * Measures the rings of shared memory against Agrona's and JCTools' in Java and DPDK's in C
 * ({@link io.vnfkit.examples.benchmark.ivshmem.SharedMemoryRates}).
 */
package io.vnfkit.examples.benchmark.ivshmem;

/**
 * Rings with one producer and one consumer that are bit for bit the rte_ring of DPDK 22.11 to 26.07, so that a DPDK
 * program uses the same memory with its own calls.
 */
package io.vnfkit.ivshmem.ring;

/**
 * Packets that pass between processes without a copy: descriptors go over a ring, buffers stay where they are and come
 * back to their owner over another ring. The other side is Java too, or the DPDK forwarding core.
 */
package io.vnfkit.ivshmem.packet;

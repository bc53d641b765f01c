/**
 * Packets that pass between processes without a copy: descriptors go over a ring, buffers stay where they are and come
 * back to their owner over another ring. The layout is that of DPDK's rings, so the other side can be a DPDK program; the
 * forwarding core of {@code io.vnfkit.dpdk} is one, on either side.
 */
package io.vnfkit.ivshmem.packet;

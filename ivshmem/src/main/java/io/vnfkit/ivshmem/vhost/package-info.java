/**
 * Two unmodified DPDK programs, each in a VNF of its own, joined by vhost-user
 * ({@link io.vnfkit.ivshmem.vhost.VhostUserLink}): one has the host side of a virtio device (net_vhost), the other one the
 * guest side (virtio-user). Packets are copied once, by the host side, which maps the guest side's memory; nothing of this
 * library is between them.
 */
package io.vnfkit.ivshmem.vhost;

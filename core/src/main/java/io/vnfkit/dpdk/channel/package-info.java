/**
 * Packet channels in shared memory as ends of a forwarding core: where they lie, who has a side of them, and what they say
 * about themselves. Who makes channels, and how processes find them, is not known here.
 */
package io.vnfkit.dpdk.channel;

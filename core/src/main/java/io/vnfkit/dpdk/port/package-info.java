/** Ports of DPDK: devices, how they are set up, and what they say about themselves. */
package io.vnfkit.dpdk.port;

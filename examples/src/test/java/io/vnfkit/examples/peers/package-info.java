/**
 * The forwarding core beside the kernel of Linux: as a router that gets the same packets, and as the other end of VLANs and
 * tunnels.
 */
package io.vnfkit.examples.peers;

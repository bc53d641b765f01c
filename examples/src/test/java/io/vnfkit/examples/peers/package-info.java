/**
 * The forwarding core and who stands at its other end: hand-made frames into and out of a VNF, the kernel of Linux as a
 * router that gets the same packets, and the kernel as the other end of VLANs and tunnels.
 */
package io.vnfkit.examples.peers;

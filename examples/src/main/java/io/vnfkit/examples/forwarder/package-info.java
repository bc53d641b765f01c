/**
 * A network function made with vnfkit: a program that runs one of the four functions of the white paper between network
 * interfaces inside a VNF, and the side of its manager, which reads its counters and changes its tables from outside.
 *
 * <p>{@link io.vnfkit.examples.forwarder.Forwarder} runs inside, {@link io.vnfkit.examples.forwarder.ForwarderControl}
 * outside. They share a directory with two files: the statistics, which are memory that both map, and the control socket.
 */
package io.vnfkit.examples.forwarder;

/**
 * A chain of VNFs that pass packets on through a shared region alone: no port, no copy, no switch in between.
 *
 * <p>{@link io.vnfkit.examples.chain.Stage} runs in each VNF and is the receiver of one channel, the sender of another one,
 * or both; {@link io.vnfkit.examples.chain.StageVnf} launches it.
 */
package io.vnfkit.examples.chain;

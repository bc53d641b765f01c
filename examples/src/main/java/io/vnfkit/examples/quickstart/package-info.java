/**
 * The quickstart: chapter 5 of the white paper on the user's machine, with an unmodified {@code dpdk-testpmd}.
 *
 * <p>{@code examples/quickstart} runs {@link io.vnfkit.examples.quickstart.Quickstart}. One class shows one thing.
 */
package io.vnfkit.examples.quickstart;

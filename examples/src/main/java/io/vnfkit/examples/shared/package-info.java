/**
 * Two VNFs that share one region and nothing else, chapter 5.4 of the white paper: a
 * {@link io.vnfkit.examples.shared.Producer}, a {@link io.vnfkit.examples.shared.Consumer}, and the side of their manager,
 * who looks on.
 *
 * <p>{@code examples/shared-memory} runs {@link io.vnfkit.examples.shared.SharedMemory}.
 */
package io.vnfkit.examples.shared;

/**
 * Programs that measure what vnfkit promises, each as a ratio side by side in one run: {@code examples/benchmark}
 * builds and runs them and writes their results, with the machine they were measured on, to {@code examples/results}.
 */
package io.vnfkit.examples.benchmark;

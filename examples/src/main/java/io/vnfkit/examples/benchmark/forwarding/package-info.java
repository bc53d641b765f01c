/**
 * Measures forwarding: vnfkit's core against dpdk-testpmd and DPDK's l3fwd, each a process of its own on the same CPUs,
 * taking turns within a run. What a packet costs is told in cycles of the time stamp counter too and, where perf can count
 * them, in instructions. {@code examples/benchmark forwarding} runs it.
 */
package io.vnfkit.examples.benchmark.forwarding;

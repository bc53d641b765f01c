/**
 * Measurement after RFC 2544 between a generator and sinks of a forwarding core: throughput and latency, to qualify a
 * host or a network function.
 */
package io.vnfkit.dpdk.measure;

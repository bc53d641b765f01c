/**
 * The seam to DPDK: finding and loading its libraries, the forwarding core in C, and the layouts that both sides share.
 *
 * <p>Not part of the API: public only for the packages beside it. {@link io.vnfkit.dpdk.binding.Forwarder} is an
 * interface, so that everything above is tested without DPDK.
 */
package io.vnfkit.dpdk.binding;

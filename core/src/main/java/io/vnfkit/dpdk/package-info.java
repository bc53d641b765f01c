/** DPDK: arguments of the environment abstraction layer. */
package io.vnfkit.dpdk;

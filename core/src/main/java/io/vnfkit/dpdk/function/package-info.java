/** Network functions: what a task does with packets, where it gets them, where it puts them. */
package io.vnfkit.dpdk.function;

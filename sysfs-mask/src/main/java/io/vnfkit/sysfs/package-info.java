/**
 * What a host has (CPUs, NUMA nodes, PCI devices, huge pages), read from sysfs, and the masks that let a VNF see only
 * its share.
 *
 * <p>{@link io.vnfkit.sysfs.HostTopology} reads; it needs no privilege and no native code.
 * {@link io.vnfkit.sysfs.SysfsMask} is the feature of a description that builds the masks.
 *
 * <p>A mask hides, it does not protect: what protects is the cpuset, the devices control group and the nodes in /dev.
 * It lets programs that look at sysfs, such as the EAL of DPDK, find what they may use and nothing else.
 */
package io.vnfkit.sysfs;

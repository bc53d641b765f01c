/**
 * Hugepages: the pools of a host per page size and NUMA node ({@link io.vnfkit.hugetlb.HugepagePools}), hugetlbfs
 * mounts made for one VNF or shared between several ({@link io.vnfkit.hugetlb.HugetlbfsVolume}), and how much memory a
 * process can really get ({@link io.vnfkit.hugetlb.HugepageBudget}), from which the memory arguments of the EAL follow.
 */
package io.vnfkit.hugetlb;

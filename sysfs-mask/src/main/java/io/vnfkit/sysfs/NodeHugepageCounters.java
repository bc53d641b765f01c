package io.vnfkit.sysfs;

/**
 * Counters of a huge page size on one NUMA node. All are numbers of pages. The kernel keeps reservations and
 * overcommit for the whole host only.
 *
 * @param total pages in the node's pool, surplus pages included
 * @param free pages that hold no data
 * @param surplus pages beyond the persistent pool
 */
public record NodeHugepageCounters(long total, long free, long surplus) {}

package io.vnfkit.hugetlb;

/**
 * What keeps a process from getting more huge pages. Where several allow the same amount, the first in this order is
 * named.
 */
public enum Limit {
    /**
     * The {@code size} of the hugetlbfs mount. One page more fails with ENOMEM at mmap(2) or ENOSPC at fallocate(2).
     */
    MOUNT_SIZE("size= of the hugetlbfs mount"),
    /** What the description grants. Nothing enforces it but the other limits. */
    GRANT("the grant of the description"),
    /** {@code rsvd} of the hugetlb control group. One page more fails with ENOMEM at mmap(2). */
    CGROUP_RESERVATION("the reservation limit (rsvd) of the hugetlb control group"),
    /**
     * The fault limit of the hugetlb control group. One page more is SIGBUS at its first touch, ENOSPC at fallocate(2).
     */
    CGROUP_FAULT("the limit of the hugetlb control group"),
    /** Free pages on the nodes in question. */
    FREE_PAGES("the free pages on the granted NUMA nodes"),
    /** Free pages of the host that are not promised to somebody else. */
    RESERVED_BY_OTHERS("reservations of other processes and mounts");

    private final String text;

    Limit(String text) {
        this.text = text;
    }

    /**
     * The limit in words, for messages.
     *
     * @return such as {@code size= of the hugetlbfs mount}
     */
    public String text() {
        return text;
    }
}

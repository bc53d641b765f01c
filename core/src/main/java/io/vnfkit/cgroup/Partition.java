package io.vnfkit.cgroup;

import java.util.Locale;

/**
 * What a version 2 cpuset does with its CPUs: {@code cpuset.cpus.partition}. Version 1 has nothing like it.
 *
 * <p>Before Linux 6.7 the parent group must be a partition itself; planning says what to do where it is not.
 *
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v2.html#cpuset-interface-files">cgroup v2, "Cpuset Interface
 *     Files"</a>
 */
public enum Partition {
    /** Shares the CPUs of its parent: the kernel's default. */
    MEMBER,
    /** Takes its CPUs out of the parent and is a scheduling domain of its own. */
    ROOT,
    /** Takes its CPUs out of the parent, without load balancing and without unbound kernel work on them. */
    ISOLATED;

    /**
     * The word that the kernel reads and shows.
     *
     * @return such as {@code isolated}
     */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}

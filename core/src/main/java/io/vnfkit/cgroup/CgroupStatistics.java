package io.vnfkit.cgroup;

import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.PageSize;
import java.time.Duration;
import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the control groups of a VNF count. What no controller counts on the host, or for this VNF, is empty.
 *
 * <p>Immutable and thread-safe. The parts are read one after another, so they are not of the same instant.
 *
 * @param processes number of processes
 * @param populated whether a process is left, zombies not counted in version 2
 * @param frozen whether all processes are stopped by {@link Cgroup#freeze()}
 * @param hugetlb use of huge pages per page size
 * @param cpu CPU time
 * @param memory memory in use without huge pages
 */
public record CgroupStatistics(int processes, boolean populated, boolean frozen,
        SortedMap<PageSize, HugetlbStatistics> hugetlb, Optional<CpuTime> cpu, Optional<Bytes> memory) {

    /** Copies the map. */
    public CgroupStatistics {
        hugetlb = Collections.unmodifiableSortedMap(new TreeMap<>(hugetlb));
        Objects.requireNonNull(cpu, "cpu");
        Objects.requireNonNull(memory, "memory");
    }

    /**
     * CPU time of all processes since the group was made.
     *
     * @param total all of it
     * @param user in user mode
     * @param system in the kernel
     */
    public record CpuTime(Duration total, Duration user, Duration system) {

        /** Checks that no part is missing. */
        public CpuTime {
            Objects.requireNonNull(total, "total");
            Objects.requireNonNull(user, "user");
            Objects.requireNonNull(system, "system");
        }
    }
}

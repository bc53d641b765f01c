package io.vnfkit.hugetlb;

import io.vnfkit.linux.KernelFiles;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.PageSize;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * How much the hugetlb control groups of a process still allow for one page size.
 *
 * <p>Immutable and thread-safe.
 *
 * @param fault what may still be touched; empty where it is not limited
 * @param reservation what may still be reserved with mmap(2); empty where it is not limited
 */
public record HugetlbLimits(Optional<Bytes> fault, Optional<Bytes> reservation) {

    /** No control group limits it. */
    public static final HugetlbLimits NONE = new HugetlbLimits(Optional.empty(), Optional.empty());

    /** Version 1 writes the largest number of whole pages where version 2 writes "max". */
    private static final long LARGEST = Long.MAX_VALUE / 2;

    /** Checks that no part is missing. */
    public HugetlbLimits {
        Objects.requireNonNull(fault, "fault");
        Objects.requireNonNull(reservation, "reservation");
    }

    /**
     * Limits of a group that is not used yet.
     *
     * @param limit the limit, both at reservation and at the first touch
     * @return what it allows
     */
    public static HugetlbLimits unused(Bytes limit) {
        return new HugetlbLimits(Optional.of(limit), Optional.of(limit));
    }

    /**
     * What is left of a limit.
     *
     * @param limit the limit
     * @param usage what of it is used
     * @return the difference, not less than nothing
     */
    public static Bytes left(Bytes limit, Bytes usage) {
        return limit.minusOrZero(usage);
    }

    /**
     * Reads what a control group and the groups above it still allow, in the files of version 1 or 2.
     *
     * @param files the host's files
     * @param group directory of the group in a hierarchy that has the hugetlb controller
     * @param pageSize the page size
     * @return the least that is left anywhere on the way up
     */
    public static HugetlbLimits ofCgroup(KernelFiles files, Path group, PageSize pageSize) {
        HugetlbLimits limits = NONE;
        // The root group of version 2 has no such files, nor has any directory above the mount point.
        for (Path directory = group; directory != null; directory = directory.getParent()) {
            limits = limits.least(of(files, directory + "/hugetlb." + pageSize.cgroupName()));
        }
        return limits;
    }

    private static HugetlbLimits of(KernelFiles files, String prefix) {
        return new HugetlbLimits(
                read(files, prefix + ".max", prefix + ".current")
                        .or(() -> read(files, prefix + ".limit_in_bytes", prefix + ".usage_in_bytes")),
                read(files, prefix + ".rsvd.max", prefix + ".rsvd.current")
                        .or(() -> read(files, prefix + ".rsvd.limit_in_bytes", prefix + ".rsvd.usage_in_bytes")));
    }

    private static Optional<Bytes> read(KernelFiles files, String limitFile, String usageFile) {
        Optional<String> limit = files.readIfExists(limitFile);
        if (limit.isEmpty() || limit.get().equals("max")) {
            return Optional.empty();
        }
        long bytes = Long.parseLong(limit.get());
        if (bytes > LARGEST) {
            return Optional.empty();
        }
        String usage = files.read(usageFile);
        return Optional.of(left(Bytes.of(bytes), Bytes.of(Long.parseLong(usage))));
    }

    private HugetlbLimits least(HugetlbLimits other) {
        return new HugetlbLimits(least(fault, other.fault), least(reservation, other.reservation));
    }

    private static Optional<Bytes> least(Optional<Bytes> one, Optional<Bytes> other) {
        return one.isPresent() && other.isPresent() ? Optional.of(one.get().min(other.get())) : one.or(() -> other);
    }
}

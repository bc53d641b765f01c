package io.vnfkit.cgroup;

import io.vnfkit.cgroup.HugetlbFiles.Kind;
import io.vnfkit.linux.KernelFiles;
import io.vnfkit.unit.Bytes;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * Use of one huge page size by a control group.
 *
 * @param fault pages that were touched
 * @param reservation pages that were mapped
 * @param failures how often a limit refused pages: version 2 counts one number for both kinds, version 1's two are
 *     added up
 */
public record HugetlbStatistics(Counter fault, Counter reservation, long failures) {

    // Version 1 shows "no limit" as the largest number of base pages at first, and of huge pages after -1 was written:
    // 4 KiB to 16 GiB below 2^63.
    private static final long UNLIMITED = 1L << 62;

    /** Checks that no part is missing. */
    public HugetlbStatistics {
        Objects.requireNonNull(fault, "fault");
        Objects.requireNonNull(reservation, "reservation");
    }

    /**
     * One counter of the controller.
     *
     * @param usage what is used now
     * @param limit the limit in force; empty for none
     * @param peak the most that was ever used; version 1 only
     */
    public record Counter(Bytes usage, Optional<Bytes> limit, Optional<Bytes> peak) {

        private static final Counter UNUSED = new Counter(Bytes.of(0), Optional.empty(), Optional.empty());

        /** Checks that no part is missing. */
        public Counter {
            Objects.requireNonNull(usage, "usage");
            Objects.requireNonNull(limit, "limit");
            Objects.requireNonNull(peak, "peak");
        }
    }

    /** Reads the files; empty where the group has none. */
    static Optional<HugetlbStatistics> read(KernelFiles files, HugetlbFiles group) {
        if (!files.exists(group.usage(Kind.FAULT).toString())) {
            return Optional.empty();
        }
        return Optional.of(new HugetlbStatistics(counter(files, group, Kind.FAULT),
                counter(files, group, Kind.RESERVATION), failures(files, group)));
    }

    private static Counter counter(KernelFiles files, HugetlbFiles group, Kind kind) {
        Optional<Bytes> usage = number(files, group.usage(kind));
        if (usage.isEmpty()) {
            return Counter.UNUSED;
        }
        Optional<Bytes> peak = group.version1() ? number(files, group.peak(kind)) : Optional.empty();
        return new Counter(usage.get(), limit(files, group.limit(kind)), peak);
    }

    private static long failures(KernelFiles files, HugetlbFiles group) {
        if (!group.version1()) {
            return KeyedFile.read(files, group.events()).value("max").orElse(0);
        }
        return number(files, group.failures(Kind.FAULT)).map(Bytes::value).orElse(0L)
                + number(files, group.failures(Kind.RESERVATION)).map(Bytes::value).orElse(0L);
    }

    /** A limit that is in force; empty where there is none or no such file. */
    static Optional<Bytes> limit(KernelFiles files, Path file) {
        return files.readIfExists(file.toString())
                .filter(text -> !text.equals("max"))
                .map(text -> Bytes.of(Long.parseLong(text)))
                .filter(limit -> limit.value() < UNLIMITED);
    }

    private static Optional<Bytes> number(KernelFiles files, Path file) {
        return files.readIfExists(file.toString()).map(text -> Bytes.of(Long.parseLong(text)));
    }
}

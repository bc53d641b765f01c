package io.vnfkit.cgroup;

import io.vnfkit.cgroup.CgroupStatistics.CpuTime;
import io.vnfkit.linux.KernelFiles;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.PageSize;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads what a VNF's control groups count. */
final class StatisticsReader {

    private final KernelFiles files;
    private final GroupDirectories groups;

    StatisticsReader(KernelFiles files, GroupDirectories groups) {
        this.files = files;
        this.groups = groups;
    }

    CgroupStatistics read(int processes, boolean populated, boolean frozen) {
        return new CgroupStatistics(processes, populated, frozen, hugetlb(), cpu(), memory());
    }

    private SortedMap<PageSize, HugetlbStatistics> hugetlb() {
        SortedMap<PageSize, HugetlbStatistics> all = new TreeMap<>();
        groups.of("hugetlb").ifPresent(directory -> {
            for (PageSize size : HugetlbPart.supportedSizes(files)) {
                HugetlbFiles group = new HugetlbFiles(directory, size, groups.isVersion1(directory));
                HugetlbStatistics.read(files, group).ifPresent(statistics -> all.put(size, statistics));
            }
        });
        return all;
    }

    /** Every version 2 group counts CPU time, even without the cpu controller. */
    private Optional<CpuTime> cpu() {
        return groups.unified().flatMap(directory -> {
            KeyedFile stat = KeyedFile.read(files, directory.resolve("cpu.stat"));
            if (stat.value("usage_usec").isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(new CpuTime(microseconds(stat, "usage_usec"), microseconds(stat, "user_usec"),
                    microseconds(stat, "system_usec")));
        });
    }

    private static Duration microseconds(KeyedFile stat, String key) {
        return Duration.of(stat.value(key).orElse(0), ChronoUnit.MICROS);
    }

    private Optional<Bytes> memory() {
        return groups.of("memory").flatMap(directory -> {
            Path file = directory.resolve(groups.isVersion1(directory) ? "memory.usage_in_bytes" : "memory.current");
            return files.readIfExists(file.toString()).map(text -> Bytes.of(Long.parseLong(text)));
        });
    }
}

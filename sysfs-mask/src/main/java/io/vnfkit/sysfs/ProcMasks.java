package io.vnfkit.sysfs;

import io.vnfkit.linux.KernelFiles;
import io.vnfkit.mount.FileContent;
import io.vnfkit.mount.Mask;
import io.vnfkit.mount.Mask.File;
import io.vnfkit.unit.PageSize;
import java.util.Map;
import java.util.Optional;

/** Files that stand in for files of procfs. */
final class ProcMasks {

    private static final String CPUINFO = "/proc/cpuinfo";

    private ProcMasks() {}

    static Optional<Mask> cpuinfo(KernelFiles files, VisibleHost visible) {
        return files.exists(CPUINFO)
                ? Optional.of(Mask.over(CPUINFO, new File(new FileContent.Cpuinfo(visible.cpus()))))
                : Optional.empty();
    }

    /** Counters of the default page size, and the sum over all sizes. */
    static Optional<Mask> meminfo(Hugepages hugepages, VisibleHost visible) {
        Optional<PageSize> defaultSize = hugepages.defaultSize();
        if (visible.totals().isEmpty() || defaultSize.isEmpty()) {
            return Optional.empty();
        }
        String pages = Long.toString(visible.totals().getOrDefault(defaultSize.get(), 0L));
        long bytes = visible.totals().entrySet().stream()
                .mapToLong(entry -> entry.getKey().times(entry.getValue()).value())
                .sum();
        Map<String, String> values = Map.of(
                "HugePages_Total", pages,
                "HugePages_Free", pages,
                "HugePages_Rsvd", "0",
                "HugePages_Surp", "0",
                "Hugetlb", (bytes >> 10) + " kB");
        return Optional.of(Mask.over(Hugepages.MEMINFO, new File(new FileContent.Meminfo(Hugepages.MEMINFO, values))));
    }
}

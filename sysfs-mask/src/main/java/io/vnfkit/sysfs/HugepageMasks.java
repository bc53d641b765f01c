package io.vnfkit.sysfs;

import io.vnfkit.linux.KernelFiles;
import io.vnfkit.mount.Mask;
import java.util.Optional;

/** The directory that stands in for /sys/kernel/mm/hugepages. */
final class HugepageMasks {

    private HugepageMasks() {}

    /**
     * Only granted sizes, all pages free and none reserved: that is what the VNF's own limits leave it at the start.
     */
    static Optional<Mask> global(KernelFiles files, VisibleHost visible) {
        if (visible.totals().isEmpty() || !files.isDirectory(Hugepages.ROOT)) {
            return Optional.empty();
        }
        MaskFiles directory = new MaskFiles();
        visible.totals().forEach((size, pages) -> directory.add(size.sysfsName(), new MaskFiles()
                .value("nr_hugepages", pages)
                .value("nr_hugepages_mempolicy", pages)
                .value("free_hugepages", pages)
                .value("resv_hugepages", 0)
                .value("surplus_hugepages", 0)
                .value("nr_overcommit_hugepages", 0)
                .directory()));
        return Optional.of(Mask.over(Hugepages.ROOT, directory.directory()));
    }
}

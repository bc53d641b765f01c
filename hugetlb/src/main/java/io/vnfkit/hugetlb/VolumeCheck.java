package io.vnfkit.hugetlb;

import io.vnfkit.Problem;
import io.vnfkit.linux.KernelFiles;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.PageSize;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds what is wrong with one volume by itself. */
record VolumeCheck(HugetlbfsVolume volume, KernelFiles files) {

    List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        checkPageSize(problems);
        checkMultiple("size", volume.options().size(), problems);
        checkMultiple("minSize", volume.options().minSize(), problems);
        checkOrder(problems);
        checkMounted(problems);
        return problems;
    }

    private void checkPageSize(List<Problem> problems) {
        PageSize pageSize = volume.options().pageSize();
        List<PageSize> supported = HugepagePools.of(files).pageSizes();
        if (!supported.contains(pageSize)) {
            problems.add(new Problem(volume.call() + ".pageSize", "the host has no huge pages of " + pageSize,
                    supported.isEmpty() ? "its kernel has no hugetlb" : "it has " + supported));
        }
    }

    private void checkMultiple(String option, Optional<Bytes> amount, List<Problem> problems) {
        PageSize pageSize = volume.options().pageSize();
        amount.filter(bytes -> bytes.value() % pageSize.bytes() != 0).ifPresent(bytes -> {
            Bytes rounded = pageSize.times(bytes.inPages(pageSize));
            problems.add(new Problem(volume.call() + "." + option,
                    bytes + " is no multiple of the page size " + pageSize + "; the kernel would make it " + rounded,
                    "say " + rounded + " or " + pageSize.times(bytes.inPages(pageSize) + 1)));
        });
    }

    private void checkOrder(List<Problem> problems) {
        Optional<Bytes> size = volume.options().size();
        Optional<Bytes> minSize = volume.options().minSize();
        if (size.isPresent() && minSize.isPresent() && minSize.get().compareTo(size.get()) > 0) {
            problems.add(new Problem(volume.call() + ".minSize",
                    minSize.get() + " is more than the size, " + size.get(),
                    "reserve at most the size"));
        }
    }

    private void checkMounted(List<Problem> problems) {
        if (volume.sharedName().isEmpty()) {
            return;
        }
        MountedVolume.at(files, volume.hostMountPoint()).map(MountedVolume::toVolumeOptions)
                .filter(mounted -> !mounted.equals(volume.options()))
                .ifPresent(mounted -> problems.add(new Problem(volume.call(),
                        "it is mounted at " + volume.hostMountPoint() + " with other options: " + mounted.toMountData()
                                + " instead of " + volume.options().toMountData(),
                        "describe it as the VNFs that use it do, or choose another name")));
    }
}

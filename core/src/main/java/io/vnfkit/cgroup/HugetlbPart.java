package io.vnfkit.cgroup;

import io.vnfkit.cgroup.HugetlbFiles.Kind;
import io.vnfkit.linux.KernelFiles;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.PageSize;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The hugepage limits of a plan. */
final class HugetlbPart {

    private static final String POOLS = "/sys/kernel/mm/hugepages";

    private final PlanDraft draft;
    private final KernelFiles files;

    HugetlbPart(PlanDraft draft) {
        this.draft = draft;
        this.files = draft.files();
    }

    static List<PageSize> supportedSizes(KernelFiles files) {
        return files.listIfExists(POOLS).stream().map(PageSize::fromSysfsName).sorted().toList();
    }

    void contribute() {
        if (draft.description().hugetlb().isEmpty()) {
            return;
        }
        draft.groupFor("hugetlb", "cgroup.hugetlb").ifPresent(group -> {
            draft.description().hugetlb().forEach((size, limit) -> {
                if (files.isDirectory(POOLS + "/" + size.sysfsName())) {
                    contribute(group, size, limit);
                } else {
                    draft.problem(where(size),
                            "the host has no huge pages of " + size + ", it has " + supportedSizes(files),
                            "take a size that the host has; 1GiB needs the processor flag pdpe1gb");
                }
            });
        });
    }

    private void contribute(GroupDraft group, PageSize size, HugetlbLimit limit) {
        HugetlbFiles own = new HugetlbFiles(group.directory(), size, group.isVersion1());
        limit.reservation().ifPresent(bytes -> limit(group, own, Kind.RESERVATION, bytes));
        limit.fault().ifPresent(bytes -> limit(group, own, Kind.FAULT, bytes));
    }

    private void limit(GroupDraft group, HugetlbFiles own, Kind kind, Bytes bytes) {
        if (kind == Kind.RESERVATION && isMissing(group, own.size())) {
            draft.problem(where(own.size()), "the kernel has no reservation limit (rsvd) for huge pages",
                    "use Linux 5.7 or later, or a limit on touching only: HugetlbLimit.onFault");
            return;
        }
        checkAncestors(group, own.size(), kind, bytes);
        group.write(own.limit(kind), Long.toString(bytes.value()));
    }

    /** Version 2 has no files in its root, and has both limits in every kernel that this library runs on. */
    private boolean isMissing(GroupDraft group, PageSize size) {
        Path file = new HugetlbFiles(group.hierarchy().mountPoint(), size, true).limit(Kind.RESERVATION);
        return group.isVersion1() && !files.exists(file.toString());
    }

    private void checkAncestors(GroupDraft group, PageSize size, Kind kind, Bytes wanted) {
        for (Path ancestor : group.existingAncestors()) {
            Path file = new HugetlbFiles(ancestor, size, group.isVersion1()).limit(kind);
            if (!files.exists(file.toString())) {
                // The rule in the root of version 2. Asking first is cheaper than the exception of a read in vain.
                continue;
            }
            Optional<Bytes> granted = HugetlbStatistics.limit(files, file);
            if (granted.isPresent() && granted.get().compareTo(wanted) < 0) {
                draft.problem(where(size), "the parent group has a lower limit of " + granted.get() + " than the "
                        + wanted + " wanted (" + file + ")", "lower the limit, or raise that of the parent group");
            }
        }
    }

    private static String where(PageSize size) {
        return "cgroup.hugetlb[" + size + "]";
    }
}

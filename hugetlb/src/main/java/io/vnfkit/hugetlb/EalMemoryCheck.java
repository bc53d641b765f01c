package io.vnfkit.hugetlb;

import io.vnfkit.PlanContext;
import io.vnfkit.Problem;
import io.vnfkit.cgroup.HugetlbLimit;
import io.vnfkit.dpdk.EalCommandLine;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.PageSize;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finds where the volumes of a VNF and the EAL options in its command contradict each other. */
record EalMemoryCheck(VnfVolumes volumes, PlanContext context) {

    List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        checkInMemory(problems);
        checkNoHuge(problems);
        checkHugeDir(problems);
        checkAmbiguity(problems);
        checkSingleFileSegments(problems);
        return problems;
    }

    /** The EAL then takes memfds of any page size that the host has, past every mount. */
    private void checkInMemory(List<Problem> problems) {
        List<HugetlbfsVolume> sized = volumes.all().stream().filter(volume -> volume.options().size().isPresent())
                .toList();
        if (!command().has("--in-memory") || sized.isEmpty()) {
            return;
        }
        HugepagePools.of(context.host()).all().values().stream().filter(EalMemoryCheck::hasPages)
                .forEach(pool -> checkLimit(pool.pageSize(), problems));
    }

    private static boolean hasPages(HugepagePool pool) {
        return pool.total() > 0 || pool.overcommit() > 0;
    }

    private void checkLimit(PageSize pageSize, List<Problem> problems) {
        Bytes limit = Optional.ofNullable(context.vnf().cgroup().hugetlb().get(pageSize))
                .flatMap(HugetlbLimit::lowest).orElse(null);
        Bytes total = VnfVolumes.totalSize(volumes.distinct(pageSize));
        if (limit != null && (limit.compareTo(total) <= 0 || total.equals(Bytes.ZERO))) {
            return;
        }
        String constant = "cg.hugetlb(PageSize.parse(\"" + KernelSize.of(pageSize.toBytes()) + "\"), ";
        problems.add(new Problem("HugetlbfsVolume.size",
                "with --in-memory the EAL takes pages of " + pageSize + " past the mount and its size, and "
                        + (limit == null ? "no hugetlb control group limits them"
                                : "the limit of the control group, " + limit + ", is more than the sizes, " + total),
                "limit them: cgroup(cg -> " + constant + "Bytes.parse(\"" + KernelSize.of(total)
                        + "\"))), or leave --in-memory out"));
    }

    private void checkNoHuge(List<Problem> problems) {
        if (command().has("--no-huge") && !volumes.ofEal().isEmpty()) {
            problems.add(new Problem(volumes.ofEal().get(0).call(),
                    "with --no-huge the EAL takes no huge pages, and refuses the options that name the volume",
                    "leave out --no-huge, or the volume, or say forEal(false)"));
        }
    }

    private void checkHugeDir(List<Problem> problems) {
        if (volumes.hugeDir().isPresent() && volumes.ofEal().isEmpty()) {
            String places = volumes.all().stream().map(volume -> volume.target().toString())
                    .collect(Collectors.joining(", "));
            problems.add(new Problem("command",
                    "--huge-dir " + volumes.hugeDir().get() + " is on none of the volumes at " + places,
                    "leave it out; the volume's place is added to EalArguments.fromGrant()"));
        }
    }

    /** Without --huge-dir the EAL takes the first mount of a page size in /proc/mounts, and with it one volume only. */
    private void checkAmbiguity(List<Problem> problems) {
        for (PageSize pageSize : volumes.pageSizes()) {
            List<HugetlbfsVolume> candidates = volumes.ofEal().stream()
                    .filter(volume -> volume.options().pageSize().equals(pageSize)).toList();
            if (volumes.hugeDir().isEmpty() && candidates.size() > 1) {
                problems.add(new Problem(candidates.get(1).call(),
                        "the EAL allocates on one volume of a page size, and there are " + candidates.size() + " of "
                                + pageSize,
                        "say forEal(false) for the others, or choose with --huge-dir"));
            }
        }
    }

    private void checkSingleFileSegments(List<Problem> problems) {
        boolean isWanted = volumes.ofEal().stream().anyMatch(volume -> volume.eal().singleFileSegments());
        if (isWanted && command().has("--legacy-mem")) {
            problems.add(new Problem("HugetlbfsVolume.singleFileSegments", "--legacy-mem makes one file per page",
                    "leave out one of them"));
        }
        boolean unlinks = command().value("--huge-unlink").filter(mode -> mode.isEmpty() || mode.equals("always"))
                .isPresent();
        if (isWanted && unlinks && !command().has("--in-memory")) {
            problems.add(new Problem("HugetlbfsVolume.singleFileSegments",
                    "the EAL refuses it together with --huge-unlink",
                    "leave out one of them"));
        }
    }

    private EalCommandLine command() {
        return volumes.command();
    }
}

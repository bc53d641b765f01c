package io.vnfkit.hugetlb;

import io.vnfkit.PlanContext;
import io.vnfkit.Problem;
import io.vnfkit.cgroup.HugetlbLimit;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.NodeSet;
import io.vnfkit.unit.PageSize;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finds what is wrong with the volumes of a VNF together: places, names, pages and limits. */
record VolumesCheck(VnfVolumes volumes, PlanContext context) {

    List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        checkPairs(problems);
        for (PageSize pageSize : volumes.pageSizes()) {
            checkFreePages(pageSize, problems);
            checkControlGroup(pageSize, problems);
        }
        return problems;
    }

    private void checkPairs(List<Problem> problems) {
        List<HugetlbfsVolume> all = volumes.all();
        for (int i = 1; i < all.size(); i++) {
            for (HugetlbfsVolume earlier : all.subList(0, i)) {
                checkPair(earlier, all.get(i), problems);
            }
        }
    }

    private static void checkPair(HugetlbfsVolume earlier, HugetlbfsVolume later, List<Problem> problems) {
        if (earlier.target().equals(later.target())) {
            problems.add(new Problem(later.call(), "another volume has the same place",
                    "choose another place for one of them"));
        }
        boolean isSameVolume = later.sharedName().isPresent() && later.sharedName().equals(earlier.sharedName());
        if (isSameVolume && !later.options().equals(earlier.options())) {
            problems.add(new Problem(later.call(),
                    "the same shared volume is described with other options before: " + earlier.options().toMountData()
                            + " instead of " + later.options().toMountData(),
                    "give it the same options or another name"));
        }
    }

    private void checkFreePages(PageSize pageSize, List<Problem> problems) {
        HugepagePools pools = HugepagePools.of(context.host());
        if (!pools.pageSizes().contains(pageSize)) {
            return;
        }
        HugepagePool pool = pools.pool(pageSize);
        List<HugetlbfsVolume> toBeMounted = volumes.distinct(pageSize).stream().filter(volume -> !isMounted(volume))
                .toList();
        long available = pool.availableOn(context.grant().memoryNodes());
        long reserved = VnfVolumes.totalMinSize(toBeMounted).inPages(pageSize);
        long wanted = VnfVolumes.totalSize(toBeMounted).inPages(pageSize);
        if (reserved > available) {
            problems.add(shortage(pool, "minSize", "the mount would fail with ENOMEM, since it reserves " + reserved,
                    reserved));
        } else if (wanted > available) {
            problems.add(shortage(pool, "size", "the volumes promise " + wanted, wanted));
        }
    }

    private boolean isMounted(HugetlbfsVolume volume) {
        return volume.sharedName().isPresent() && MountedVolume.at(context.files(), volume.hostMountPoint())
                .isPresent();
    }

    private Problem shortage(HugepagePool pool, String option, String what, long needed) {
        NodeSet granted = context.grant().memoryNodes().isEmpty() ? pool.nodeNumbers() : context.grant().memoryNodes();
        String nodes = pool.nodes().values().stream().filter(node -> granted.contains(node.node()))
                .map(node -> "node " + node.node() + " has " + node.free() + " free").collect(Collectors.joining(", "));
        long available = pool.availableOn(granted);
        return new Problem("HugetlbfsVolume." + option,
                what + " pages of " + pool.pageSize() + ", " + available + " can be had on NUMA nodes " + granted + ": "
                        + (nodes.isEmpty() ? "there is no such node" : nodes) + ", and " + pool.reserved()
                        + " of the host's " + pool.free() + " free pages are reserved by others"
                        + overcommit(pool),
                "reserve " + (needed - available) + " more with HugepagePools.reserve, or ask for less");
    }

    private static String overcommit(HugepagePool pool) {
        return pool.overcommit() == 0 ? ""
                : "; pages beyond the pool, up to " + pool.overcommit() + ", are not counted";
    }

    private void checkControlGroup(PageSize pageSize, List<Problem> problems) {
        Bytes limit = Optional.ofNullable(context.vnf().cgroup().hugetlb().get(pageSize))
                .flatMap(HugetlbLimit::lowest).orElse(null);
        Bytes total = VnfVolumes.totalSize(volumes.distinct(pageSize));
        if (limit != null && total.compareTo(limit) > 0) {
            problems.add(new Problem("cgroup.hugetlb",
                    "the limit for pages of " + pageSize + " is " + limit + ", and the sizes of the volumes add up to "
                            + total,
                    "raise the limit to " + total + " or make the volumes smaller"));
        }
    }
}

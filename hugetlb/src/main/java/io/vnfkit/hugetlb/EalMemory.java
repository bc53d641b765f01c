package io.vnfkit.hugetlb;

import io.vnfkit.PlanContext;
import io.vnfkit.cgroup.HugetlbLimit;
import io.vnfkit.dpdk.EalOption;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.NodeSet;
import io.vnfkit.unit.PageSize;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The memory arguments of the EAL that follow from the volumes of a VNF and what it can get on each NUMA node. */
record EalMemory(VnfVolumes volumes, PlanContext context) {

    List<EalOption> arguments() {
        List<HugetlbfsVolume> ofEal = volumes.ofEal();
        if (ofEal.isEmpty() || volumes.command().has("--no-huge")) {
            return List.of();
        }
        List<EalOption> arguments = new ArrayList<>();
        if (ofEal.size() == 1) {
            // With --huge-dir the EAL sees one mount only; volumes of several page sizes it must find itself.
            arguments.add(new EalOption("--huge-dir", ofEal.get(0).target().toString()));
        }
        arguments.add(new EalOption("--file-prefix", context.vnf().name()));
        if (ofEal.stream().anyMatch(volume -> volume.eal().singleFileSegments())) {
            arguments.add(EalOption.flag("--single-file-segments"));
        }
        arguments.addAll(amounts(ofEal));
        return arguments;
    }

    private List<EalOption> amounts(List<HugetlbfsVolume> ofEal) {
        List<PageSize> supported = HugepagePools.of(context.host()).pageSizes();
        if (!ofEal.stream().allMatch(volume -> isLimited(volume) && supported.contains(volume.options().pageSize()))) {
            return List.of();
        }
        boolean isLegacy = volumes.command().has("--legacy-mem");
        List<HugepageBudget> atOnce = ofEal.stream().filter(volume -> isLegacy || volume.eal().preallocates())
                .map(this::budget).toList();
        List<EalOption> amounts = new ArrayList<>();
        EalNodeAmounts.preallocation(atOnce).ifPresent(value -> amounts.add(new EalOption("--socket-mem", value)));
        if (!isLegacy) {
            List<HugepageBudget> budgets = ofEal.stream().map(this::budget).toList();
            amounts.add(new EalOption("--socket-limit", EalNodeAmounts.limit(budgets, hostNodes(ofEal))));
        }
        return amounts;
    }

    private boolean isLimited(HugetlbfsVolume volume) {
        PageSize pageSize = volume.options().pageSize();
        return volume.options().size().isPresent() || groupLimit(pageSize).isPresent() || granted(pageSize).isPresent();
    }

    /** What the VNF could get if it were started now: nothing of the volume and of its control groups is used yet. */
    private HugepageBudget budget(HugetlbfsVolume volume) {
        PageSize pageSize = volume.options().pageSize();
        HugepagePool pool = HugepagePools.of(context.host()).pool(pageSize);
        Optional<Bytes> size = volume.options().size();
        OptionalLong pages = size.isPresent() ? OptionalLong.of(size.get().inPages(pageSize)) : OptionalLong.empty();
        return HugepageBudget.of(HugepageFacts.of(pool, context.grant().memoryNodes()).atMount(pages, 0)
                .under(groupLimit(pageSize).map(HugetlbLimits::unused).orElse(HugetlbLimits.NONE))
                .granted(granted(pageSize)));
    }

    private Optional<Bytes> groupLimit(PageSize pageSize) {
        return Optional.ofNullable(context.vnf().cgroup().hugetlb().get(pageSize)).flatMap(HugetlbLimit::lowest);
    }

    private Optional<Bytes> granted(PageSize pageSize) {
        return Optional.ofNullable(context.grant().hugepages().get(pageSize));
    }

    private NodeSet hostNodes(List<HugetlbfsVolume> ofEal) {
        return HugepagePools.of(context.host()).pool(ofEal.get(0).options().pageSize()).nodeNumbers();
    }
}

package io.vnfkit.hugetlb;

import io.vnfkit.PlanContext;
import io.vnfkit.dpdk.EalCommandLine;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.PageSize;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * All hugetlbfs volumes of a VNF, and what its command says about them.
 *
 * @param all volumes in the order of the description
 * @param command the EAL options in its command
 */
record VnfVolumes(List<HugetlbfsVolume> all, EalCommandLine command) {

    VnfVolumes {
        all = List.copyOf(all);
    }

    /** The volumes of the description, and one that may belong to a feature made of several. */
    static VnfVolumes of(PlanContext context, HugetlbfsVolume volume) {
        List<HugetlbfsVolume> volumes = new ArrayList<>();
        context.vnf().features().stream().filter(HugetlbfsVolume.class::isInstance).map(HugetlbfsVolume.class::cast)
                .forEach(volumes::add);
        if (!volumes.contains(volume)) {
            volumes.add(volume);
        }
        return new VnfVolumes(volumes, EalCommandLine.of(context.vnf().commandWords()));
    }

    /** Whether this is the volume that speaks for all of them. */
    boolean isFirst(HugetlbfsVolume volume) {
        return all.get(0).equals(volume);
    }

    /** The directory that the command gives the EAL; empty if it gives none. */
    Optional<Path> hugeDir() {
        return command.value("--huge-dir").filter(value -> value.startsWith("/")).map(Path::of).map(Path::normalize);
    }

    /** Volumes that the EAL allocates on: the one that the command names, or those that are described so. */
    List<HugetlbfsVolume> ofEal() {
        if (hugeDir().isPresent()) {
            return all.stream().filter(volume -> hugeDir().get().startsWith(volume.target())).toList();
        }
        return all.stream().filter(volume -> volume.eal().allocates()).toList();
    }

    /** The volumes with pages of a size, a shared one only once even if it has several places. */
    List<HugetlbfsVolume> distinct(PageSize pageSize) {
        Set<String> names = new HashSet<>();
        return all.stream().filter(volume -> volume.options().pageSize().equals(pageSize))
                .filter(volume -> volume.sharedName().map(names::add).orElse(true)).toList();
    }

    List<PageSize> pageSizes() {
        return all.stream().map(volume -> volume.options().pageSize()).distinct().sorted().toList();
    }

    /** The sizes of some volumes together; a volume without a size counts nothing. */
    static Bytes totalSize(List<HugetlbfsVolume> volumes) {
        return volumes.stream().flatMap(volume -> volume.options().size().stream()).reduce(Bytes.ZERO, Bytes::plus);
    }

    /** What some volumes reserve when they are mounted. */
    static Bytes totalMinSize(List<HugetlbfsVolume> volumes) {
        return volumes.stream().flatMap(volume -> volume.options().minSize().stream()).reduce(Bytes.ZERO, Bytes::plus);
    }
}

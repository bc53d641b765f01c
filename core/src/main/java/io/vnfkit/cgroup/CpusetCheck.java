package io.vnfkit.cgroup;

import io.vnfkit.linux.KernelFiles;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.NodeSet;
import java.nio.file.Path;
import java.util.Optional;

/** Compares the cpuset of a description with what the host and the parent group have. */
final class CpusetCheck {

    private static final String CPUS = "/sys/devices/system/cpu/";
    private static final String NODES = "/sys/devices/system/node/";

    private final PlanDraft draft;
    private final GroupDraft group;
    private final KernelFiles files;

    CpusetCheck(PlanDraft draft, GroupDraft group) {
        this.draft = draft;
        this.group = group;
        this.files = draft.files();
    }

    void check() {
        checkCpus(draft.description().cpus());
        checkNodes(draft.description().memoryNodes());
        if (group.isVersion1()) {
            checkExclusive();
        }
    }

    private void checkCpus(CpuSet wanted) {
        CpuSet online = cpus(CPUS + "online").orElse(wanted);
        if (!online.containsAll(wanted)) {
            checkPresence(wanted, online);
        }
        checkParentCpus(wanted.intersection(online));
    }

    private void checkPresence(CpuSet wanted, CpuSet online) {
        CpuSet possible = cpus(CPUS + "possible").orElse(wanted);
        CpuSet missing = wanted.minus(possible);
        if (!missing.isEmpty()) {
            draft.problem("cgroup.cpus", "CPUs " + missing + " do not exist, the host has " + possible,
                    "name CPUs of the host");
        }
        CpuSet offline = wanted.intersection(possible).minus(online);
        if (!offline.isEmpty()) {
            draft.problem("cgroup.cpus", "CPUs " + offline + " are offline, online are " + online,
                    "bring them up: echo 1 > " + CPUS + "cpu" + offline.first() + "/online");
        }
    }

    private void checkParentCpus(CpuSet candidates) {
        parentList("effective_cpus", "cpus", "cpus.effective").ifPresent(list -> {
            CpuSet granted = CpuSet.parse(list.value()).union(ownExclusiveCpus());
            CpuSet outside = candidates.minus(granted);
            if (!outside.isEmpty()) {
                draft.problem("cgroup.cpus", "CPUs " + outside + " are not in the parent group, which has " + granted
                        + " (" + list.file() + ")", "name CPUs of the parent group, or widen it");
            }
        });
    }

    /** CPUs that a partition of this VNF took out of the parent are its own already. Version 1 has no partitions. */
    private CpuSet ownExclusiveCpus() {
        return group.isVersion1() ? CpuSet.empty()
                : cpus(group.cpusetFile("cpus.exclusive.effective").toString()).orElse(CpuSet.empty());
    }

    private void checkNodes(NodeSet wanted) {
        NodeSet present = files.readIfExists(NODES + "has_memory")
                .or(() -> files.readIfExists(NODES + "online"))
                // A kernel without NUMA has no such directory and one node.
                .map(NodeSet::parse).orElse(NodeSet.of(0));
        NodeSet missing = wanted.minus(present);
        if (!missing.isEmpty()) {
            draft.problem("cgroup.memoryNodes", "nodes " + missing + " have no memory or do not exist, with memory are "
                    + present, "name nodes of the host that have memory");
        }
        parentList("effective_mems", "mems", "mems.effective").ifPresent(list -> {
            NodeSet granted = NodeSet.parse(list.value());
            NodeSet outside = wanted.intersection(present).minus(granted);
            if (!outside.isEmpty()) {
                draft.problem("cgroup.memoryNodes", "nodes " + outside + " are not in the parent group, which has "
                        + granted + " (" + list.file() + ")", "name nodes of the parent group, or widen it");
            }
        });
    }

    /** A file with a list that is not empty. */
    private record ListFile(Path file, String value) {}

    /** The file that says what the group can have at most: of the lowest existing ancestor that says anything. */
    private Optional<ListFile> parentList(String version1Effective, String version1, String version2) {
        for (Path ancestor : group.existingAncestors()) {
            if (!group.isVersion1()) {
                Optional<ListFile> effective = list(group.cpusetFile(ancestor, version2));
                if (effective.isPresent()) {
                    return effective;
                }
                continue;
            }
            // An empty group will inherit. One that has CPUs shows in effective_cpus which of them are still online.
            Optional<ListFile> configured = list(group.cpusetFile(ancestor, version1));
            if (configured.isPresent()) {
                return list(group.cpusetFile(ancestor, version1Effective)).or(() -> configured);
            }
        }
        return Optional.empty();
    }

    private Optional<ListFile> list(Path file) {
        return files.readIfExists(file.toString())
                .filter(list -> !list.isEmpty())
                .map(list -> new ListFile(file, list));
    }

    private Optional<CpuSet> cpus(String file) {
        return files.readIfExists(file).map(CpuSet::parse);
    }

    private void checkExclusive() {
        if (draft.description().exclusive()) {
            for (Path ancestor : group.ancestors()) {
                if (!isExclusive(ancestor)) {
                    draft.problem("cgroup.exclusive", "the parent group " + ancestor + " is not exclusive itself",
                            "make it exclusive (echo 1 > " + group.cpusetFile(ancestor, "cpu_exclusive")
                                    + ", after " + (files.isDirectory(ancestor.toString()) ? "" : "making it and ")
                                    + "giving it CPUs that no group beside it has), or take another parent");
                    return;
                }
            }
        }
        checkSiblings();
    }

    /** No group may overlap an exclusive one beside it, whichever of the two is exclusive. */
    private void checkSiblings() {
        Path parent = group.ancestors().get(group.ancestors().size() - 1);
        if (!isExclusive(parent)) {
            return;
        }
        for (String name : files.listIfExists(parent.toString())) {
            Path sibling = parent.resolve(name);
            if (sibling.equals(group.directory()) || !files.isDirectory(sibling.toString())) {
                continue;
            }
            CpuSet shared = cpus(group.cpusetFile(sibling, "cpus").toString()).orElse(CpuSet.empty())
                    .intersection(draft.description().cpus());
            if (!shared.isEmpty() && (draft.description().exclusive() || isExclusive(sibling))) {
                draft.problem("cgroup.cpus", "CPUs " + shared + " belong to the group " + sibling
                        + " as well, and one of both is exclusive", "name other CPUs, or end what runs there");
            }
        }
    }

    private boolean isExclusive(Path directory) {
        return files.readIfExists(group.cpusetFile(directory, "cpu_exclusive").toString())
                .filter("1"::equals).isPresent();
    }
}

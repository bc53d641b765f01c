package io.vnfkit.cgroup;

import io.vnfkit.launch.step.HostStep.InheritCgroupFile;
import io.vnfkit.launch.step.HostStep.MakePartition;
import io.vnfkit.launch.step.HostStep.ReserveExclusiveCpus;
import io.vnfkit.launch.step.HostStep.WriteAndVerifyCgroupFile;
import java.nio.file.Path;
import java.util.List;

/**
 * The cpuset of a plan. Nodes come before CPUs, and both before what depends on them: version 1 refuses processes while
 * either is empty, and partitions need CPUs.
 */
final class CpusetPart {

    private final PlanDraft draft;
    private final CgroupDescription description;

    CpusetPart(PlanDraft draft) {
        this.draft = draft;
        this.description = draft.description();
    }

    static boolean isWanted(CgroupDescription description) {
        return !description.cpus().isEmpty() || !description.memoryNodes().isEmpty() || description.exclusive()
                || description.memoryMigrate().orElse(false) || description.partition() != Partition.MEMBER;
    }

    void contribute() {
        if (!isWanted(description)) {
            return;
        }
        draft.groupFor("cpuset", "cgroup.cpus").ifPresent(group -> {
            new CpusetCheck(draft, group).check();
            if (group.isVersion1()) {
                version1(group);
            } else {
                version2(group);
            }
        });
    }

    private void version1(GroupDraft group) {
        if (description.partition() != Partition.MEMBER) {
            draft.problem("cgroup.partition", "a partition of kind " + description.partition().word()
                            + " needs cpuset of version 2, but here it is version 1 at "
                            + group.hierarchy().mountPoint(),
                    "leave the partition out and isolate the CPUs at boot (isolcpus=), or boot with"
                            + " cgroup_no_v1=cpuset on the kernel command line");
        }
        // First, so that a later change of the nodes finds it in force.
        description.memoryMigrate().ifPresent(
                migrate -> group.write(group.cpusetFile("memory_migrate"), migrate ? "1" : "0"));
        writeOrInherit(group, "mems", description.memoryNodes().toString());
        writeOrInherit(group, "cpus", description.cpus().toString());
        if (description.exclusive()) {
            group.write(group.cpusetFile("cpu_exclusive"), "1");
        }
    }

    private static void writeOrInherit(GroupDraft group, String file, String list) {
        if (list.isEmpty()) {
            group.step(new InheritCgroupFile(group.cpusetFile(file)));
        } else {
            group.write(group.cpusetFile(file), list);
        }
    }

    private void version2(GroupDraft group) {
        if (description.exclusive()) {
            draft.problem("cgroup.exclusive", "cpuset is version 2 here, which has no cpu_exclusive",
                    "use partition(Partition.ROOT), which takes the CPUs away from all others");
        }
        if (!description.memoryMigrate().orElse(true)) {
            draft.problem("cgroup.memoryMigrate", "cpuset is version 2 here, which always moves pages",
                    "leave memoryMigrate(false) out");
        }
        if (!description.memoryNodes().isEmpty()) {
            verified(group, "mems", description.memoryNodes().toString());
        }
        if (!description.cpus().isEmpty()) {
            verified(group, "cpus", description.cpus().toString());
        }
        if (description.partition() != Partition.MEMBER) {
            partition(group);
        }
    }

    private static void verified(GroupDraft group, String file, String list) {
        group.step(new WriteAndVerifyCgroupFile(group.cpusetFile(file), list, group.cpusetFile(file + ".effective")));
    }

    private void partition(GroupDraft group) {
        new PartitionCheck(draft, group).check();
        // A parent that is no partition itself must hand the CPUs on, down to the VNF's own group ("remote partition").
        List<Path> ancestors = group.ancestors();
        for (Path ancestor : ancestors.subList(1, ancestors.size())) {
            group.step(new ReserveExclusiveCpus(ancestor, description.cpus()));
        }
        group.step(new ReserveExclusiveCpus(group.directory(), description.cpus()));
        group.step(new MakePartition(group.directory(), description.partition().word()));
    }
}

package io.vnfkit.cgroup;

import io.vnfkit.cgroup.HugetlbFiles.Kind;
import io.vnfkit.launch.step.HostStep;
import io.vnfkit.launch.step.HostStep.AttachDeviceProgram;
import io.vnfkit.launch.step.HostStep.CgroupStep;
import io.vnfkit.launch.step.HostStep.DetachDeviceProgram;
import io.vnfkit.launch.step.HostStep.EnableControllers;
import io.vnfkit.launch.step.HostStep.InheritCgroupFile;
import io.vnfkit.launch.step.HostStep.MakePartition;
import io.vnfkit.launch.step.HostStep.ReleaseExclusiveCpus;
import io.vnfkit.launch.step.HostStep.ReserveExclusiveCpus;
import io.vnfkit.launch.step.HostStep.WriteAndVerifyCgroupFile;
import io.vnfkit.launch.step.HostStep.WriteCgroupFile;
import io.vnfkit.linux.KernelFiles;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.DevicePolicy;
import io.vnfkit.unit.PageSize;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Works out how groups in use get from what is in force to what a new description wants. Reads the host and writes
 * nothing.
 *
 * <p>The plan of the new description says what to write; this adds what must be taken back, leaves out what is in force
 * already, and changes device lists step by step instead of emptying them.
 */
final class CgroupUpdate {

    private final KernelFiles files;
    private final GroupDirectories groups;
    private final CgroupDescription wanted;
    private final List<CgroupStep> steps = new ArrayList<>();
    private final List<CgroupStep> deviceSteps = new ArrayList<>();
    private boolean needsStandstill;

    /** Steps, and whether the processes must stand still while they are taken. */
    record Result(List<CgroupStep> steps, boolean needsStandstill) {}

    CgroupUpdate(KernelFiles files, GroupDirectories groups, CgroupDescription wanted) {
        this.files = files;
        this.groups = groups;
        this.wanted = wanted;
    }

    Result steps(CgroupPlan plan, boolean devicesAreVersion1) {
        groups.of("cpuset").ifPresent(this::takeBackCpuset);
        groups.of("hugetlb").ifPresent(this::takeBackHugetlb);
        for (HostStep step : plan.steps()) {
            adopt(step);
        }
        devices(devicesAreVersion1);
        List<CgroupStep> all = new ArrayList<>(steps);
        // Devices come last: a change of theirs is the hardest to take back when another step fails.
        all.addAll(deviceSteps);
        return new Result(all, needsStandstill);
    }

    private void takeBackCpuset(Path directory) {
        if (!groups.isVersion1(directory)) {
            leavePartition(directory);
            if (wanted.memoryNodes().isEmpty()) {
                resetVersion2(directory, "cpuset.mems", UnaryOperator.identity());
            }
            if (wanted.cpus().isEmpty()) {
                // What a partition had comes back to the parent only when the steps are taken.
                CpuSet own = read(directory.resolve("cpuset.cpus")).map(CpuSet::parse).orElse(CpuSet.empty());
                resetVersion2(directory, "cpuset.cpus", parent -> CpuSet.parse(parent).union(own).toString());
            }
            return;
        }
        takeBackFlag(groups.cpusetFile(directory, "cpu_exclusive"), !wanted.exclusive());
        takeBackFlag(groups.cpusetFile(directory, "memory_migrate"), wanted.memoryMigrate().isEmpty());
        if (!CpusetPart.isWanted(wanted)) {
            // No plan mentions the group any more, but its processes stay in it.
            inherit(groups.cpusetFile(directory, "mems"));
            inherit(groups.cpusetFile(directory, "cpus"));
        }
    }

    private void takeBackFlag(Path file, boolean takeBack) {
        if (takeBack && read(file).equals(Optional.of("1"))) {
            steps.add(new WriteCgroupFile(file, "0"));
        }
    }

    /** The kernel refuses an empty set while processes are in the group, so they get all that the parent has now. */
    private void resetVersion2(Path directory, String file, UnaryOperator<String> ofParent) {
        if (read(directory.resolve(file)).filter(list -> !list.isEmpty()).isPresent()) {
            read(directory.getParent().resolve(file + ".effective")).map(ofParent)
                    .ifPresent(all -> write(new WriteCgroupFile(directory.resolve(file), all)));
        }
    }

    /** A partition whose CPUs change is given up and made anew: the parent groups must hand on other CPUs. */
    private void leavePartition(Path directory) {
        String state = new CpusetPartition(files, directory).state();
        CpuSet present = read(directory.resolve("cpuset.cpus")).map(CpuSet::parse).orElse(CpuSet.empty());
        boolean stays = wanted.partition() != Partition.MEMBER && wanted.cpus().equals(present);
        if (state.equals("member") || stays) {
            return;
        }
        steps.add(new WriteCgroupFile(directory.resolve("cpuset.cpus.partition"), "member"));
        Path place = directory;
        for (int i = 0; i < groups.group().getNameCount(); i++) {
            steps.add(new ReleaseExclusiveCpus(place, present));
            place = place.getParent();
        }
    }

    private void takeBackHugetlb(Path directory) {
        for (PageSize size : HugetlbPart.supportedSizes(files)) {
            HugetlbFiles group = new HugetlbFiles(directory, size, groups.isVersion1(directory));
            Optional<HugetlbLimit> limit = Optional.ofNullable(wanted.hugetlb().get(size));
            takeBack(group, Kind.FAULT, limit.flatMap(HugetlbLimit::fault).isEmpty());
            takeBack(group, Kind.RESERVATION, limit.flatMap(HugetlbLimit::reservation).isEmpty());
        }
    }

    private void takeBack(HugetlbFiles group, Kind kind, boolean unlimited) {
        if (unlimited && HugetlbStatistics.limit(files, group.limit(kind)).isPresent()) {
            steps.add(new WriteCgroupFile(group.limit(kind), group.unlimited()));
        }
    }

    /** Takes over what a new launch would do, as far as it concerns groups that exist. */
    private void adopt(HostStep step) {
        if (step instanceof EnableControllers || step instanceof ReserveExclusiveCpus) {
            steps.add((CgroupStep) step);
        } else if (step instanceof InheritCgroupFile inherit && groups.all().contains(inherit.file().getParent())) {
            inherit(inherit.file());
        } else if (step instanceof WriteCgroupFile write && !isDeviceList(write.file())) {
            write(write);
        } else if (step instanceof MakePartition partition) {
            makePartition(partition);
        } else if (step instanceof WriteAndVerifyCgroupFile write) {
            boolean inForce = read(write.file()).equals(Optional.of(write.value()))
                    && read(write.readBack()).equals(Optional.of(write.value()));
            if (!inForce || !steps.isEmpty()) {
                steps.add(write);
            }
        }
    }

    private void makePartition(MakePartition partition) {
        boolean leaves = steps.stream().anyMatch(ReleaseExclusiveCpus.class::isInstance);
        boolean inForce = new CpusetPartition(files, partition.directory()).state().equals(partition.kind());
        if (leaves || !inForce) {
            steps.add(partition);
        }
    }

    private static boolean isDeviceList(Path file) {
        return file.endsWith("devices.allow") || file.endsWith("devices.deny");
    }

    private void inherit(Path file) {
        Path parent = file.getParent().getParent().resolve(file.getFileName());
        read(parent).ifPresent(value -> write(new WriteCgroupFile(file, value)));
    }

    private void write(WriteCgroupFile write) {
        if (!read(write.file()).equals(Optional.of(write.value()))) {
            steps.add(write);
        }
    }

    private void devices(boolean version1) {
        if (!version1) {
            groups.unified().ifPresent(directory -> deviceSteps.add(wanted.devices().isUnrestricted()
                    ? new DetachDeviceProgram(directory) : new AttachDeviceProgram(directory, wanted.devices())));
            return;
        }
        groups.of("devices").ifPresent(directory -> {
            DevicePolicy present = DeviceLists.parse(read(directory.resolve("devices.list")).orElse(""));
            needsStandstill = DeviceLists.startsAnew(present, wanted.devices());
            for (DeviceLists.Change change : DeviceLists.transition(present, wanted.devices())) {
                deviceSteps.add(new WriteCgroupFile(directory.resolve(change.file()), change.rule().toString()));
            }
        });
    }

    private Optional<String> read(Path file) {
        return files.readIfExists(file.toString());
    }
}

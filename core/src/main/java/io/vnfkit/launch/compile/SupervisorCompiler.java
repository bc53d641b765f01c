package io.vnfkit.launch.compile;

import io.vnfkit.launch.program.Argument;
import io.vnfkit.launch.program.Argument.Data;
import io.vnfkit.launch.program.Argument.Slot;
import io.vnfkit.launch.program.Label;
import io.vnfkit.launch.program.ProgramBuilder;
import io.vnfkit.launch.program.SyscallNumber;
import io.vnfkit.launch.step.SupervisorStep;
import io.vnfkit.launch.step.SupervisorStep.AwaitVnf;
import io.vnfkit.launch.step.SupervisorStep.ConfigurePeer;
import io.vnfkit.launch.step.SupervisorStep.EnterPidNamespaceForChild;
import io.vnfkit.launch.step.SupervisorStep.NewTimeNamespaceForChild;
import io.vnfkit.launch.step.SupervisorStep.OpenCgroupTasks;
import io.vnfkit.launch.step.SupervisorStep.OpenFilesystem;
import io.vnfkit.launch.step.SupervisorStep.OpenNamespace;
import io.vnfkit.launch.step.SupervisorStep.OpenTree;
import io.vnfkit.launch.step.SupervisorStep.PlaceInterface;
import io.vnfkit.launch.step.SupervisorStep.ReleaseVnf;
import io.vnfkit.launch.step.SupervisorStep.ReportPid;
import io.vnfkit.launch.step.SupervisorStep.SetResourceLimit;
import io.vnfkit.launch.step.SupervisorStep.StartVnfProcess;
import io.vnfkit.launch.step.SupervisorStep.Supervise;
import io.vnfkit.launch.step.SupervisorStep.WriteIdMaps;
import io.vnfkit.namespace.IdMap;
import io.vnfkit.namespace.NamespaceKind;
import io.vnfkit.namespace.TimeOffsets;
import io.vnfkit.security.ResourceLimit;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Steps of the supervisor. */
final class SupervisorCompiler {

    /** Digits of the largest process id, 2^22. */
    private static final int PID_WIDTH = 10;

    private final Assembly assembly;
    private final ProgramBuilder builder;
    private final Label vnf;
    private final PlaceInterfaceCompiler interfaces;
    private final Slot child;

    SupervisorCompiler(Assembly assembly, Label vnf) {
        this.assembly = assembly;
        this.builder = assembly.builder();
        this.vnf = vnf;
        this.child = assembly.slot(StartVnfProcess.class);
        this.interfaces = new PlaceInterfaceCompiler(assembly, child);
        // Started from a memfd, the process would be listed under the number of its descriptor.
        prctl(Argument.of(Kernel.PR_SET_NAME), builder.string("vnfkit-init"));
        // It keeps the host's rights as long as the VNF runs, perhaps in one pid namespace with it.
        prctl(Argument.of(Kernel.PR_SET_DUMPABLE), Argument.ZERO);
        // A supervisor in the caller's directory would pin its file system.
        assembly.call(SyscallNumber.CHDIR, builder.string("/"));
    }

    private void prctl(Argument option, Argument value) {
        assembly.call(SyscallNumber.PRCTL, option, value, Argument.ZERO, Argument.ZERO, Argument.ZERO);
    }

    void compile(SupervisorStep step) {
        if (step instanceof OpenTree openTree) {
            openTree(openTree);
        } else if (step instanceof OpenFilesystem openFilesystem) {
            openFilesystem(openFilesystem);
        } else if (step instanceof OpenNamespace openNamespace) {
            assembly.openInto(assembly.slot(openNamespace.kind()), assembly.path(openNamespace.path()),
                    Kernel.O_RDONLY);
        } else if (step instanceof OpenCgroupTasks tasks) {
            Path file = tasks.directory().resolve("tasks");
            assembly.openInto(assembly.slot(tasks.directory()), assembly.path(file), Kernel.O_WRONLY);
        } else if (step instanceof EnterPidNamespaceForChild enter) {
            assembly.openInto(assembly.scratch(), assembly.path(enter.path()), Kernel.O_RDONLY);
            assembly.call(SyscallNumber.SETNS, assembly.scratch(), Argument.of(Kernel.CLONE_NEWPID));
        } else if (step instanceof NewTimeNamespaceForChild time) {
            newTimeNamespace(time.offsets());
        } else {
            compileChildStep(step);
        }
    }

    private void compileChildStep(SupervisorStep step) {
        if (step instanceof StartVnfProcess start) {
            startProcess(start);
        } else if (step instanceof WriteIdMaps maps) {
            writeMap("uid_map", maps.uidMaps());
            writeMap("gid_map", maps.gidMaps());
        } else if (step instanceof SetResourceLimit limit) {
            setResourceLimit(limit.limit());
        } else if (step instanceof AwaitVnf) {
            builder.awaitChild();
        } else if (step instanceof ReleaseVnf) {
            builder.releaseChild();
        } else if (step instanceof PlaceInterface place) {
            interfaces.place(place);
        } else if (step instanceof ConfigurePeer configure) {
            interfaces.configurePeer(configure);
        } else if (step instanceof ReportPid) {
            builder.report(child);
        } else if (step instanceof Supervise supervise) {
            supervise(supervise);
        } else {
            throw new IllegalStateException("no compiler for " + step);
        }
    }

    private void openTree(OpenTree step) {
        Slot tree = assembly.putSlot(step.source());
        long recursive = step.recursive() ? Kernel.AT_RECURSIVE : 0;
        assembly.call(SyscallNumber.OPEN_TREE, Argument.of(Kernel.AT_FDCWD), assembly.path(step.source()),
                Argument.of(Kernel.OPEN_TREE_CLONE | Kernel.O_CLOEXEC | recursive)).into(tree);
        // A copy of a shared mount is its peer. Even as a slave it would get all that the host mounts below it later,
        // writable.
        Data attributes = MountFlags.attributes(assembly, step.flags(), Kernel.MS_PRIVATE);
        assembly.call(SyscallNumber.MOUNT_SETATTR, tree, builder.string(""),
                Argument.of(Kernel.AT_EMPTY_PATH | recursive),
                attributes, MountFlags.ATTRIBUTES_SIZE);
    }

    private void openFilesystem(OpenFilesystem step) {
        Slot context = assembly.scratch();
        assembly.call(SyscallNumber.FSOPEN, builder.string(step.type()), Argument.of(Kernel.FSOPEN_CLOEXEC))
                .into(context);
        fsconfig(context, "source", step.source());
        for (String option : step.options().split(",")) {
            int equals = option.indexOf('=');
            if (equals > 0) {
                fsconfig(context, option.substring(0, equals), option.substring(equals + 1));
            } else if (!option.isEmpty()) {
                assembly.call(SyscallNumber.FSCONFIG, context, Argument.of(Kernel.FSCONFIG_SET_FLAG),
                        builder.string(option), Argument.ZERO, Argument.ZERO);
            }
        }
        assembly.call(SyscallNumber.FSCONFIG, context, Argument.of(Kernel.FSCONFIG_CMD_CREATE), Argument.ZERO,
                Argument.ZERO,
                Argument.ZERO);
        assembly.call(SyscallNumber.FSMOUNT, context, Argument.of(Kernel.FSMOUNT_CLOEXEC),
                Argument.of(MountFlags.bits(step.flags()))).into(assembly.putSlot(step.target()));
        assembly.close(context);
    }

    private void fsconfig(Slot context, String key, String value) {
        assembly.call(SyscallNumber.FSCONFIG, context, Argument.of(Kernel.FSCONFIG_SET_STRING), builder.string(key),
                builder.string(value), Argument.ZERO);
    }

    private void newTimeNamespace(TimeOffsets offsets) {
        assembly.call(SyscallNumber.UNSHARE, Argument.of(Kernel.CLONE_NEWTIME));
        if (offsets.equals(TimeOffsets.NONE)) {
            return;
        }
        Slot file = assembly.slot("timens_offsets");
        assembly.openInto(file, builder.string("/proc/self/timens_offsets"), Kernel.O_WRONLY);
        assembly.write(file, offsets.toFile());
        assembly.close(file);
    }

    private void startProcess(StartVnfProcess step) {
        long flags = step.fresh().stream().mapToLong(NamespaceKind::cloneFlag).reduce(0, (left, right) -> left | right);
        if (step.unified().isEmpty()) {
            builder.cloneChild(flags, vnf).into(child);
            return;
        }
        Slot cgroup = assembly.slot("unified");
        assembly.openInto(cgroup, assembly.path(step.unified().get()), Kernel.O_PATH);
        builder.cloneChild(flags | Kernel.CLONE_INTO_CGROUP, cgroup, vnf).into(child);
    }

    private void writeMap(String name, List<IdMap> maps) {
        String before = "/proc/";
        byte[] path = (before + "/".repeat(PID_WIDTH) + "/" + name + "\0").getBytes(StandardCharsets.UTF_8);
        Data file = builder.data().bytes(path);
        builder.formatDecimal(child, file.plus(before.length()), PID_WIDTH);
        Slot map = assembly.slot(name);
        assembly.openInto(map, file, Kernel.O_WRONLY);
        assembly.write(map, maps.stream().map(each -> each + "\n").collect(Collectors.joining()));
        assembly.close(map);
    }

    private void setResourceLimit(ResourceLimit limit) {
        Data limits = assembly.structure(16, fields -> fields.putLong(limit.soft()).putLong(limit.hard()));
        assembly.call(SyscallNumber.PRLIMIT64, child, Argument.of(limit.kind().ordinal()), limits, Argument.ZERO);
    }

    private void supervise(Supervise step) {
        builder.superviseVnf(step.killWithJvm(), openToWrite(step.unified(), "cgroup.kill"),
                openToWrite(step.freezer(), "freezer.state"));
    }

    private Argument openToWrite(Optional<Path> directory, String name) {
        if (directory.isEmpty()) {
            return Argument.NONE;
        }
        Slot file = assembly.slot(name);
        assembly.openInto(file, assembly.path(directory.get().resolve(name)), Kernel.O_WRONLY);
        return file;
    }
}

package io.vnfkit.cgroup;

import io.vnfkit.launch.step.HostStep.AttachDeviceProgram;
import io.vnfkit.launch.step.HostStep.CgroupStep;
import io.vnfkit.launch.step.HostStep.CreateCgroup;
import io.vnfkit.launch.step.HostStep.DetachDeviceProgram;
import io.vnfkit.launch.step.HostStep.EnableControllers;
import io.vnfkit.launch.step.HostStep.EnsureParentCgroup;
import io.vnfkit.launch.step.HostStep.InheritCgroupFile;
import io.vnfkit.launch.step.HostStep.MakePartition;
import io.vnfkit.launch.step.HostStep.ReleaseExclusiveCpus;
import io.vnfkit.launch.step.HostStep.ReserveExclusiveCpus;
import io.vnfkit.launch.step.HostStep.WriteAndVerifyCgroupFile;
import io.vnfkit.launch.step.HostStep.WriteCgroupFile;
import io.vnfkit.linux.Errno;
import io.vnfkit.linux.Host;
import io.vnfkit.linux.KernelFileException;
import io.vnfkit.linux.KernelFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * Takes the control group steps of a plan on a host, and undoes them.
 *
 * <p>Needs the right to write to the hierarchies, which root has; device programs need CAP_SYS_ADMIN besides. Immutable
 * and thread-safe: launches of different VNFs can run at once.
 */
public final class CgroupSteps {

    /** How long to wait for a group's last processes before giving up its removal. */
    static final Duration REMOVAL_LIMIT = Duration.ofSeconds(5);

    private final Host host;
    private final KernelFiles files;
    private final ParentGroups parents;

    private CgroupSteps(Host host) {
        this.host = host;
        this.files = host.files();
        this.parents = ParentGroups.on(host);
    }

    /**
     * The steps of a host.
     *
     * @param host where they are taken
     * @return the executor
     */
    public static CgroupSteps on(Host host) {
        return new CgroupSteps(host);
    }

    /**
     * Takes a step.
     *
     * @param step the step
     * @throws KernelFileException if the kernel refuses, with the path, the value and the errno
     * @throws CgroupReadBackException if the kernel took a value without putting it into force
     * @throws DeviceProgramException if a device program could not be loaded or attached
     */
    public void apply(CgroupStep step) {
        if (step instanceof EnsureParentCgroup ensure) {
            parents.ensure(ensure.directory());
        } else if (step instanceof InheritCgroupFile inherit) {
            inherit(inherit.file());
        } else if (step instanceof EnableControllers enable) {
            enable(enable.directory(), enable.controllers());
        } else if (step instanceof CreateCgroup create) {
            parents.makeBelow(create.directory());
        } else if (step instanceof WriteCgroupFile write) {
            write(write.file(), write.value());
        } else if (step instanceof WriteAndVerifyCgroupFile write) {
            writeAndVerify(write);
        } else if (step instanceof MakePartition partition) {
            explained(() -> new CpusetPartition(files, partition.directory()).make(partition.kind()));
        } else if (step instanceof ReserveExclusiveCpus reserve) {
            explained(() -> new ExclusiveCpus(host).reserve(reserve.directory(), reserve.cpus()));
        } else if (step instanceof ReleaseExclusiveCpus release) {
            explained(() -> new ExclusiveCpus(host).release(release.directory(), release.cpus()));
        } else if (step instanceof AttachDeviceProgram attach) {
            new DeviceProgramLoader(host).attach(attach.cgroup(), attach.policy());
        } else if (step instanceof DetachDeviceProgram detach) {
            new DeviceProgramLoader(host).detach(detach.cgroup());
        } else {
            throw new IllegalArgumentException("not a control group step: " + step);
        }
    }

    /**
     * Undoes a step that was taken. Steps on files of a VNF's own group need nothing, since the group goes.
     *
     * @param step the step
     * @throws CgroupTimeoutException if a group that was made still has processes after several seconds
     * @throws KernelFileException if the kernel refuses
     */
    public void undo(CgroupStep step) {
        if (step instanceof CreateCgroup create) {
            new CgroupRemoval(host).remove(create.directory(), REMOVAL_LIMIT);
        } else if (step instanceof EnsureParentCgroup ensure) {
            parents.remove(ensure.directory());
        } else if (step instanceof MakePartition partition) {
            explained(() -> new CpusetPartition(files, partition.directory()).leave());
        } else if (step instanceof ReserveExclusiveCpus reserve) {
            explained(() -> new ExclusiveCpus(host).release(reserve.directory(), reserve.cpus()));
        }
    }

    private void inherit(Path file) {
        if (files.read(file.toString()).isEmpty()) {
            Path parentFile = file.getParent().getParent().resolve(file.getFileName());
            write(file, files.read(parentFile.toString()));
        }
    }

    private void enable(Path directory, List<String> controllers) {
        Path file = directory.resolve("cgroup.subtree_control");
        List<String> enabled = Arrays.asList(files.read(file.toString()).split(" "));
        List<String> missing = controllers.stream().filter(controller -> !enabled.contains(controller)).toList();
        if (!missing.isEmpty()) {
            write(file, "+" + String.join(" +", missing));
        }
    }

    private void write(Path file, String value) {
        if (value.isEmpty()) {
            clear(file);
        } else {
            explained(() -> files.write(file.toString(), value));
        }
    }

    private void clear(Path file) {
        try {
            // A newline, since the kernel never sees a write of no bytes.
            files.write(file.toString(), "\n");
        } catch (KernelFileException refusal) {
            // A cpuset may not become empty while processes are in it (6.1 and 6.12): they get what the parent has.
            if (!refusal.is(Errno.ENOSPC)) {
                throw CgroupHints.of(refusal);
            }
            Path effective = file.getParent().resolveSibling(file.getFileName() + ".effective");
            write(file, files.read(effective.toString()));
        }
    }

    private void writeAndVerify(WriteAndVerifyCgroupFile write) {
        write(write.file(), write.value());
        String observed = files.read(write.readBack().toString());
        if (!observed.equals(write.value())) {
            throw new CgroupReadBackException(write.file(), write.value(), write.readBack(), observed);
        }
    }

    private static void explained(Runnable action) {
        try {
            action.run();
        } catch (KernelFileException failure) {
            throw CgroupHints.of(failure);
        }
    }
}

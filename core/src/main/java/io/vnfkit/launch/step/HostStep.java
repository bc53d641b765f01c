package io.vnfkit.launch.step;

import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.DevicePolicy;
import java.nio.file.Path;
import java.util.List;

/**
 * A step that the JVM takes on the host before the VNF starts. It is undone in reverse order when a later step fails,
 * and on close.
 */
public sealed interface HostStep extends Step {

    /** A step on a control group; {@link io.vnfkit.cgroup.CgroupSteps} takes and undoes it. */
    sealed interface CgroupStep extends HostStep {}

    /**
     * Makes a control group. Undone by removing it, with bounded retries while its last processes end.
     *
     * @param controllers what the hierarchy controls, such as {@code cpuset} or {@code unified}
     * @param directory its directory
     */
    record CreateCgroup(String controllers, Path directory) implements CgroupStep {
        @Override
        public String describe() {
            return "create control group " + directory + " (" + controllers + ")";
        }
    }

    /**
     * Makes a control group that VNFs share as a parent, unless it exists. Undone by removing it when it is empty and
     * such a step made it: other VNFs may use it.
     *
     * @param controllers what the hierarchy controls
     * @param directory its directory
     */
    record EnsureParentCgroup(String controllers, Path directory) implements CgroupStep {
        @Override
        public String describe() {
            return "ensure parent control group " + directory + " (" + controllers + ")";
        }
    }

    /**
     * Gives a file of a parent control group the value that its own parent has, unless it has one: version 1 makes
     * groups with an empty cpuset, which no process can join. Not undone: other VNFs may use the group.
     *
     * @param file the file, such as {@code cpuset.mems}
     */
    record InheritCgroupFile(Path file) implements CgroupStep {
        @Override
        public String describe() {
            return "inherit " + file + " from the parent group if empty";
        }
    }

    /**
     * Enables controllers for the children of a version 2 control group, where they are not yet. Not undone: other
     * groups may use them.
     *
     * @param directory the group whose children get the controllers
     * @param controllers names of controllers
     */
    record EnableControllers(Path directory, List<String> controllers) implements CgroupStep {

        /** Copies the list. */
        public EnableControllers {
            controllers = List.copyOf(controllers);
        }

        @Override
        public String describe() {
            return "enable controllers for children of " + directory + ": " + String.join(", ", controllers);
        }
    }

    /**
     * Adds CPUs to the set that a parent control group hands on exclusively ({@code cpuset.cpus.exclusive}, Linux 6.7),
     * as partitions below it need. Passed over where the group is a partition itself or the kernel has no such file.
     * Undone by taking the CPUs out again.
     *
     * @param directory the parent group
     * @param cpus the CPUs
     */
    record ReserveExclusiveCpus(Path directory, CpuSet cpus) implements CgroupStep {
        @Override
        public String describe() {
            return "reserve CPUs " + cpus + " for partitions below " + directory;
        }
    }

    /**
     * Takes CPUs out of the set that a parent control group hands on exclusively, when a partition below it is given
     * up. Not undone.
     *
     * @param directory the parent group
     * @param cpus the CPUs
     */
    record ReleaseExclusiveCpus(Path directory, CpuSet cpus) implements CgroupStep {
        @Override
        public String describe() {
            return "release CPUs " + cpus + " that were reserved below " + directory;
        }
    }

    /**
     * Writes a file of a control group. Nothing to undo: the group is removed.
     *
     * @param file the file
     * @param value the value
     */
    record WriteCgroupFile(Path file, String value) implements CgroupStep {
        @Override
        public String describe() {
            return "write \"" + value + "\" to " + file;
        }
    }

    /**
     * Writes a file of a control group and checks what the kernel made of it: version 2 accepts CPUs that it then does
     * not give.
     *
     * @param file the file
     * @param value the value, and what must be read back
     * @param readBack the file that shows the outcome, such as {@code cpuset.cpus.effective}
     */
    record WriteAndVerifyCgroupFile(Path file, String value, Path readBack) implements CgroupStep {
        @Override
        public String describe() {
            return "write \"" + value + "\" to " + file + " and read it back"
                    + (file.equals(readBack) ? "" : " from " + readBack);
        }
    }

    /**
     * Makes a version 2 control group a cpuset partition, and checks that the kernel did not mark it invalid. Undone by
     * making it an ordinary member again.
     *
     * @param directory the group
     * @param kind what is written to {@code cpuset.cpus.partition}, such as {@code isolated}
     */
    record MakePartition(Path directory, String kind) implements CgroupStep {
        @Override
        public String describe() {
            return "make " + directory + " a cpuset partition of kind " + kind;
        }
    }

    /**
     * Loads an eBPF program that decides about devices, and attaches it to a version 2 control group, in one step in
     * place of the one that is attached already. Nothing to undo: the program goes with the group.
     *
     * @param cgroup the group's directory
     * @param policy what is allowed
     */
    record AttachDeviceProgram(Path cgroup, DevicePolicy policy) implements CgroupStep {
        @Override
        public String describe() {
            return "attach device program to " + cgroup + ": " + policy;
        }
    }

    /**
     * Takes the device program off a version 2 control group, so that it may use what its parent may use.
     *
     * @param cgroup the group's directory
     */
    record DetachDeviceProgram(Path cgroup) implements CgroupStep {
        @Override
        public String describe() {
            return "detach device program from " + cgroup;
        }
    }

    /**
     * Mounts a volume on the host that several VNFs share, unless it is mounted. Undone when the last VNF that uses it
     * has ended.
     *
     * @param type file system type
     * @param target mount point on the host
     * @param options options of the file system
     */
    record MountSharedVolume(String type, Path target, String options) implements HostStep {
        @Override
        public String describe() {
            return "mount shared " + type + " at " + target + " (" + options + ")";
        }
    }
}

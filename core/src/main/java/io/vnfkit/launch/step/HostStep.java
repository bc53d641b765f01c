package io.vnfkit.launch.step;

import io.vnfkit.unit.DeviceRule;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** A step that the JVM takes on the host before the VNF starts. It is undone in reverse order when a later step fails, and on close. */
public sealed interface HostStep extends Step {

    /**
     * Makes a control group. Undone by removing it, with bounded retries while its last processes end.
     *
     * @param controllers what the hierarchy controls, such as {@code cpuset} or {@code unified}
     * @param directory its directory
     */
    record CreateCgroup(String controllers, Path directory) implements HostStep {
        @Override
        public String describe() {
            return "create control group " + directory + " (" + controllers + ")";
        }
    }

    /**
     * Makes a control group that VNFs share as a parent, unless it exists. Not undone: other VNFs may use it.
     *
     * @param controllers what the hierarchy controls
     * @param directory its directory
     */
    record EnsureParentCgroup(String controllers, Path directory) implements HostStep {
        @Override
        public String describe() {
            return "ensure parent control group " + directory + " (" + controllers + ")";
        }
    }

    /**
     * Writes a file of a control group. Nothing to undo: the group is removed.
     *
     * @param file the file
     * @param value the value
     */
    record WriteCgroupFile(Path file, String value) implements HostStep {
        @Override
        public String describe() {
            return "write \"" + value + "\" to " + file;
        }
    }

    /**
     * Writes a file of a control group and reads back what the kernel made of it.
     *
     * @param file the file
     * @param value the value, and what must be read back
     */
    record WriteAndVerifyCgroupFile(Path file, String value) implements HostStep {
        @Override
        public String describe() {
            return "write \"" + value + "\" to " + file + " and read it back";
        }
    }

    /**
     * Loads an eBPF program that allows some devices, and attaches it to a version 2 control group.
     *
     * @param cgroup the group's directory
     * @param allowed what is allowed; everything else is refused
     */
    record AttachDeviceProgram(Path cgroup, List<DeviceRule> allowed) implements HostStep {

        /** Copies the list. */
        public AttachDeviceProgram {
            allowed = List.copyOf(allowed);
        }

        @Override
        public String describe() {
            return "attach device program to " + cgroup + ": "
                    + allowed.stream().map(DeviceRule::toString).collect(Collectors.joining(", "));
        }
    }

    /**
     * Mounts a volume on the host that several VNFs share, unless it is mounted. Undone when the last VNF that uses it has ended.
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

package io.vnfkit.launch;

import io.vnfkit.linux.KernelFiles;
import io.vnfkit.mount.Mountinfo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which of the host's file systems belong to its root: those on a disk, such as a separate /usr. */
final class HostFilesystems {

    private HostFilesystems() {}

    /** Mount points of disk-backed file systems below /, outermost first. */
    static List<Path> diskBackedBelowRoot(KernelFiles files) {
        Set<String> withoutDevice = withoutDevice(files);
        List<Path> mountPoints = new ArrayList<>();
        for (Mountinfo.Mount mount : Mountinfo.read(files).visible()) {
            Path mountPoint = mount.mountPoint();
            boolean covered = mountPoint.getNameCount() == 0 || FileTreePlanner.FRESH.stream().anyMatch(mountPoint::startsWith);
            if (!covered && !withoutDevice.contains(mount.type()) && !mountPoints.contains(mountPoint)) {
                mountPoints.add(mountPoint);
            }
        }
        mountPoints.sort(java.util.Comparator.comparingInt(Path::getNameCount).thenComparing(Path::compareTo));
        return mountPoints;
    }

    private static Set<String> withoutDevice(KernelFiles files) {
        Set<String> types = new HashSet<>();
        for (String line : files.readLines("/proc/filesystems")) {
            if (line.startsWith("nodev")) {
                types.add(line.substring("nodev".length()).strip());
            }
        }
        // zfs manages its devices itself and is therefore listed as nodev.
        types.remove("zfs");
        return types;
    }
}

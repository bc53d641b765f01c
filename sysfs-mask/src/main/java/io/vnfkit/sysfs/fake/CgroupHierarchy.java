package io.vnfkit.sysfs.fake;

import java.util.List;

/**
 * A mounted tree of control groups. Immutable.
 *
 * @param id its number in /proc/cgroups; 0 for version 2
 * @param mountPoint where it is mounted
 * @param unified whether it is version 2
 * @param controllers the controllers in it
 * @param name name of a version 1 hierarchy without controllers; empty for others
 */
record CgroupHierarchy(int id, String mountPoint, boolean unified, List<String> controllers, String name) {

    boolean contains(String path) {
        return path.equals(mountPoint) || path.startsWith(mountPoint + "/");
    }

    /** What /proc/self/cgroup and the mount options call it. */
    String label() {
        return name.isEmpty() ? String.join(",", controllers) : "name=" + name;
    }
}

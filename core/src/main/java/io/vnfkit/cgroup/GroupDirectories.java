package io.vnfkit.cgroup;

import io.vnfkit.cgroup.Placement.Hierarchy;
import io.vnfkit.cgroup.Placement.V1;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The directories of one VNF's groups and the hierarchies they lie in. Immutable and thread-safe. */
final class GroupDirectories {

    private final Path group;
    private final Map<Path, Hierarchy> hierarchies;

    private GroupDirectories(Path group, Map<Path, Hierarchy> hierarchies) {
        this.group = group;
        this.hierarchies = hierarchies;
    }

    /**
     * Checks that each directory is a group of a hierarchy, and the same one in each.
     *
     * @throws IllegalArgumentException if not
     */
    static GroupDirectories of(CgroupLayout layout, List<Path> directories) {
        if (directories.isEmpty()) {
            throw new IllegalArgumentException("a VNF has at least one control group");
        }
        Map<Path, Hierarchy> hierarchies = new LinkedHashMap<>();
        Path group = null;
        for (Path directory : directories) {
            Hierarchy hierarchy = layout.hierarchyOf(directory.normalize())
                    .orElseThrow(() -> new IllegalArgumentException(
                            directory + " is not in a hierarchy of control groups:\n" + layout));
            Path relative = hierarchy.mountPoint().relativize(directory.normalize());
            // A root, and groups of several VNFs, must never be frozen, killed or removed by this.
            if (relative.toString().isEmpty() || group != null && !relative.equals(group)) {
                throw new IllegalArgumentException("not the groups of one VNF: " + directories);
            }
            group = relative;
            hierarchies.put(directory.normalize(), hierarchy);
        }
        return new GroupDirectories(group, Collections.unmodifiableMap(hierarchies));
    }

    /** The group relative to the mount points: parent and name. */
    Path group() {
        return group;
    }

    List<Path> all() {
        return List.copyOf(hierarchies.keySet());
    }

    Optional<Path> unified() {
        return all().stream().filter(directory -> !isVersion1(directory)).findFirst();
    }

    Optional<Path> of(String controller) {
        return all().stream().filter(directory -> hierarchies.get(directory).controllers().contains(controller))
                .findFirst();
    }

    boolean isVersion1(Path directory) {
        return hierarchies.get(directory) instanceof V1;
    }

    /** A file of a version 1 cpuset, whose prefix a mount option can take away. */
    Path cpusetFile(Path directory, String name) {
        boolean noPrefix = hierarchies.get(directory) instanceof V1 version1 && version1.noPrefix();
        return directory.resolve(noPrefix ? name : "cpuset." + name);
    }
}

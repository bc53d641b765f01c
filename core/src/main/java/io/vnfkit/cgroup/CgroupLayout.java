package io.vnfkit.cgroup;

import io.vnfkit.cgroup.Placement.Hierarchy;
import io.vnfkit.cgroup.Placement.None;
import io.vnfkit.cgroup.Placement.V1;
import io.vnfkit.cgroup.Placement.V2;
import io.vnfkit.linux.KernelFiles;
import io.vnfkit.mount.Mountinfo;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Where each controller of a host lives: version 1, version 2, or nowhere. Any mixture of both, mounted wherever.
 *
 * <p>A controller can move between the versions while no groups use it, so read the layout anew for each launch.
 *
 * <p>Immutable and thread-safe.
 *
 * @param placements placement per name of a controller, of those that the kernel or a mount mentions
 * @param unified the version 2 hierarchy; empty where none is mounted
 * @param own path of the JVM's own group per name of a controller, as in {@code /proc/self/cgroup}; {@code unified} for
 *     the version 2 hierarchy
 */
public record CgroupLayout(
        SortedMap<String, Placement> placements, Optional<V2> unified, SortedMap<String, String> own) {

    /** Key of the version 2 hierarchy in {@link #own}. */
    static final String UNIFIED = "unified";

    /** Copies the maps. */
    public CgroupLayout {
        placements = Collections.unmodifiableSortedMap(new TreeMap<>(placements));
        Objects.requireNonNull(unified, "unified");
        own = Collections.unmodifiableSortedMap(new TreeMap<>(own));
    }

    /**
     * Reads the layout of a host. Its files are read anew each time, and understood anew where they have changed.
     *
     * @param files the host's files
     * @return its layout
     * @throws io.vnfkit.linux.KernelFileException if {@code /proc/self/mountinfo} cannot be read
     */
    public static CgroupLayout read(KernelFiles files) {
        return new LayoutReader(files).read();
    }

    /**
     * Works the layout out of what the kernel says.
     *
     * @param mountinfo the mounts
     * @param procCgroups lines of {@code /proc/cgroups}; empty where there is none
     * @param selfCgroup lines of {@code /proc/self/cgroup}
     * @param controllersAt content of {@code cgroup.controllers} at the mount point of a version 2 hierarchy
     * @return the layout
     */
    public static CgroupLayout parse(Mountinfo mountinfo, List<String> procCgroups, List<String> selfCgroup,
            Function<Path, String> controllersAt) {
        return new CgroupLayoutParser(mountinfo, procCgroups, selfCgroup, controllersAt).parse();
    }

    /**
     * Where a controller lives.
     *
     * @param controller its name, such as {@code hugetlb}
     * @return the placement; {@link None} with the reason where it cannot be used
     */
    public Placement placement(String controller) {
        Placement placement = placements.get(controller);
        return placement != null ? placement : new None("the kernel has no controller \"" + controller + "\"",
                "use a kernel that is built with it, or leave its limits out");
    }

    /**
     * Where a controller lives, if it can be used.
     *
     * @param controller its name
     * @return the hierarchy; empty where it cannot be used
     */
    public Optional<Hierarchy> hierarchy(String controller) {
        return placement(controller) instanceof Hierarchy hierarchy ? Optional.of(hierarchy) : Optional.empty();
    }

    /**
     * The hierarchy that a directory lies in.
     *
     * @param directory an absolute path
     * @return the hierarchy with the longest mount point above the directory; empty if it is in none
     */
    public Optional<Hierarchy> hierarchyOf(Path directory) {
        Optional<Hierarchy> found = unified.map(Hierarchy.class::cast)
                .filter(v2 -> directory.startsWith(v2.mountPoint()));
        for (Placement placement : placements.values()) {
            if (placement instanceof Hierarchy hierarchy && directory.startsWith(hierarchy.mountPoint())
                    && found.stream().noneMatch(best -> best.mountPoint().startsWith(hierarchy.mountPoint()))) {
                found = Optional.of(hierarchy);
            }
        }
        return found;
    }

    /**
     * The JVM's own group in a hierarchy.
     *
     * @param hierarchy one of this layout
     * @return its directory; empty where it is not below what is mounted
     */
    public Optional<Path> ownDirectory(Hierarchy hierarchy) {
        String key = hierarchy instanceof V2 ? UNIFIED : hierarchy.controllers().get(0);
        String path = own.get(key);
        if (path == null || !Path.of(path).startsWith(hierarchy.root())) {
            return Optional.empty();
        }
        return Optional.of(hierarchy.mountPoint().resolve(Path.of(hierarchy.root()).relativize(Path.of(path))));
    }

    /**
     * The same layout with devices enforced by a version 2 program even where a version 1 devices hierarchy exists.
     * Both must allow a device where both are in force.
     *
     * @return the layout
     * @throws IllegalStateException if no version 2 hierarchy is mounted
     */
    public CgroupLayout withDeviceProgram() {
        V2 hierarchy = unified.orElseThrow(() -> new IllegalStateException("no cgroup2 file system is mounted"));
        SortedMap<String, Placement> changed = new TreeMap<>(placements);
        changed.put("devices", hierarchy);
        return new CgroupLayout(changed, unified, own);
    }

    /** The layout as a table: one line per controller. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        placements.forEach((controller, placement) -> text.append(controller).append(": ").append(line(placement))
                .append('\n'));
        return text.toString();
    }

    private static String line(Placement placement) {
        if (placement instanceof Hierarchy hierarchy) {
            return "version " + (hierarchy instanceof V1 ? 1 : 2) + " at " + hierarchy.mountPoint();
        }
        return "not usable, " + ((None) placement).reason();
    }
}

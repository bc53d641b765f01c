package io.vnfkit.cgroup;

import java.nio.file.Path;
import java.util.List;

/** Where a controller of the kernel can be reached on a host. */
public sealed interface Placement {

    /** A mounted hierarchy of control groups. */
    sealed interface Hierarchy extends Placement {

        /**
         * Where it is mounted.
         *
         * @return an absolute path
         */
        Path mountPoint();

        /**
         * Which group of the hierarchy is at the mount point: {@code /} unless a container sees a part only.
         *
         * @return a path within the hierarchy, as in mountinfo
         */
        String root();

        /**
         * What it controls.
         *
         * @return names of controllers, sorted
         */
        List<String> controllers();

        /**
         * A name for people.
         *
         * @return such as {@code cpuset}, {@code cpu,cpuacct} or {@code unified}
         */
        String label();
    }

    /**
     * A version 1 hierarchy.
     *
     * @param mountPoint where it is mounted
     * @param root which group is at the mount point
     * @param controllers its controllers, sorted; several where they are joined ({@code cpu,cpuacct})
     * @param noPrefix true if the files of cpuset have no {@code cpuset.} in front (mount option {@code noprefix},
     *     Android)
     */
    record V1(Path mountPoint, String root, List<String> controllers, boolean noPrefix) implements Hierarchy {

        /** Sorts and copies the controllers. */
        public V1 {
            controllers = controllers.stream().sorted().toList();
        }

        @Override
        public String label() {
            return String.join(",", controllers);
        }
    }

    /**
     * The version 2 hierarchy.
     *
     * @param mountPoint where it is mounted
     * @param root which group is at the mount point
     * @param controllers what {@code cgroup.controllers} at the mount point lists, sorted
     */
    record V2(Path mountPoint, String root, List<String> controllers) implements Hierarchy {

        /** Sorts and copies the controllers. */
        public V2 {
            controllers = controllers.stream().sorted().toList();
        }

        @Override
        public String label() {
            return "unified";
        }
    }

    /**
     * Out of reach.
     *
     * @param reason why
     * @param cure what to do about it
     */
    record None(String reason, String cure) implements Placement {}
}

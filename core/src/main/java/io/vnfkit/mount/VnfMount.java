package io.vnfkit.mount;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;

/**
 * A mount inside a VNF. Targets are absolute paths in the VNF's root. Below /dev, /run and /tmp, and on a tmpfs that is
 * mounted before, they are made where they are missing; elsewhere they must exist, since a mount leaves the root as it
 * is. Later mounts lie upon earlier ones.
 */
public sealed interface VnfMount {

    /**
     * Where it appears inside the VNF.
     *
     * @return an absolute path
     */
    Path target();

    /** Restrictions that a mount can carry. */
    enum Flag {
        /** No writing. */
        READ_ONLY,
        /** Set-user-id bits have no effect. */
        NOSUID,
        /** Device nodes cannot be opened. */
        NODEV,
        /** Nothing can be executed. */
        NOEXEC
    }

    /**
     * A new instance of a file system, such as tmpfs or hugetlbfs.
     *
     * @param type the file system's type
     * @param source a word for /proc/mounts
     * @param target where it appears
     * @param flags restrictions
     * @param options options of the file system in the form {@code key=value,key}; may be empty
     */
    record Filesystem(String type, String source, Path target, Set<Flag> flags, String options) implements VnfMount {

        /** Copies and checks the parts. */
        public Filesystem {
            Objects.requireNonNull(type, "type");
            Objects.requireNonNull(source, "source");
            requireAbsolute(target);
            flags = Set.copyOf(flags);
            Objects.requireNonNull(options, "options");
        }
    }

    /**
     * A file or directory of the host made visible inside the VNF.
     *
     * @param source absolute path on the host
     * @param target where it appears
     * @param flags restrictions
     * @param recursive whether mounts below the source come along
     */
    record Bind(Path source, Path target, Set<Flag> flags, boolean recursive) implements VnfMount {

        /** Copies and checks the parts. */
        public Bind {
            requireAbsolute(source);
            requireAbsolute(target);
            flags = Set.copyOf(flags);
        }

        /**
         * A directory that can only be read, such as configuration.
         *
         * @param source absolute path on the host
         * @param target where it appears
         * @return the mount
         */
        public static Bind readOnly(Path source, Path target) {
            return new Bind(source, target, Set.of(Flag.READ_ONLY, Flag.NOSUID, Flag.NODEV), true);
        }

        /**
         * A directory that can be written.
         *
         * @param source absolute path on the host
         * @param target where it appears
         * @return the mount
         */
        public static Bind readWrite(Path source, Path target) {
            return new Bind(source, target, Set.of(Flag.NOSUID, Flag.NODEV), true);
        }
    }

    private static void requireAbsolute(Path path) {
        if (!path.isAbsolute() || !path.equals(path.normalize())) {
            throw new IllegalArgumentException("a mount takes absolute paths without . and ..: " + path);
        }
    }
}

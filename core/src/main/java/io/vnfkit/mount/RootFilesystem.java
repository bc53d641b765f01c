package io.vnfkit.mount;

import io.vnfkit.unit.Bytes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What a VNF sees as {@code /}. Below it, /proc, /sys, /dev, /dev/shm, /run and /tmp are always the VNF's own.
 *
 * <p>Immutable and thread-safe.
 */
public sealed interface RootFilesystem {

    /**
     * The host's own root, read-only, with every disk-backed file system that is mounted below it. Costs no disk space
     * at all (section 3.4 of the white paper).
     *
     * @return a root without writable or hidden paths
     */
    static HostReadOnly hostReadOnly() {
        return new HostReadOnly(List.of(), List.of());
    }

    /**
     * A directory of the host, such as an unpacked image, writable.
     *
     * @param directory absolute path on the host
     * @return the root
     */
    static DirectoryRoot directory(Path directory) {
        return new DirectoryRoot(directory, false);
    }

    /**
     * A directory of the host that stays as it is.
     *
     * @param directory absolute path on the host
     * @return the root
     */
    static DirectoryRoot readOnlyDirectory(Path directory) {
        return new DirectoryRoot(directory, true);
    }

    /**
     * A directory of the host that stays as it is, with a tmpfs above it that takes what the VNF writes and ends with
     * the VNF.
     *
     * @param directory absolute path on the host
     * @param size the most that the VNF may write
     * @return the root
     */
    static OverlayRoot directoryWithTmpfsAbove(Path directory, Bytes size) {
        return new OverlayRoot(directory, size);
    }

    /**
     * The JVM's own mount namespace as it is: no new root, no mounts, no masks.
     *
     * @return the root
     */
    static Inherited inherited() {
        return new Inherited();
    }

    /**
     * The host's root, read-only.
     *
     * @param writable paths that can be written all the same
     * @param hidden paths that are covered: files by an empty file, directories by an empty directory
     */
    record HostReadOnly(List<Path> writable, List<Path> hidden) implements RootFilesystem {

        /** Copies and checks the paths. */
        public HostReadOnly {
            writable = copyOf(writable);
            hidden = copyOf(hidden);
        }

        /**
         * The same root with a path that can be written.
         *
         * @param path absolute path
         * @return a new value
         */
        public HostReadOnly writable(String path) {
            return new HostReadOnly(append(writable, path), hidden);
        }

        /**
         * The same root with a path that is covered.
         *
         * @param path absolute path
         * @return a new value
         */
        public HostReadOnly hidden(String path) {
            return new HostReadOnly(writable, append(hidden, path));
        }

        private static List<Path> append(List<Path> paths, String path) {
            List<Path> longer = new ArrayList<>(paths);
            longer.add(Path.of(path));
            return longer;
        }

        private static List<Path> copyOf(List<Path> paths) {
            paths.forEach(RootFilesystem::requireAbsolute);
            return List.copyOf(paths);
        }
    }

    /**
     * A directory of the host.
     *
     * @param directory absolute path on the host
     * @param readOnly whether the VNF may only read it
     */
    record DirectoryRoot(Path directory, boolean readOnly) implements RootFilesystem {

        /** Checks the path. */
        public DirectoryRoot {
            requireAbsolute(directory);
        }
    }

    /**
     * A directory of the host below a tmpfs.
     *
     * @param directory absolute path on the host
     * @param size size of the tmpfs
     */
    record OverlayRoot(Path directory, Bytes size) implements RootFilesystem {

        /** Checks the parts. */
        public OverlayRoot {
            requireAbsolute(directory);
            Objects.requireNonNull(size, "size");
        }
    }

    /** The JVM's own mount namespace. */
    record Inherited() implements RootFilesystem {}

    private static void requireAbsolute(Path path) {
        if (!path.isAbsolute() || !path.equals(path.normalize())) {
            throw new IllegalArgumentException("not an absolute path without . and ..: " + path);
        }
    }
}

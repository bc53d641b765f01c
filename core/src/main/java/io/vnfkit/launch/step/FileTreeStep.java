package io.vnfkit.launch.step;

import io.vnfkit.mount.FileContent;
import io.vnfkit.mount.VnfMount;
import io.vnfkit.unit.DeviceRule;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * The file tree, from inside the VNF's mount namespace. After {@link EnterRoot} every path resolves within the new
 * root, so no symbolic link in it can lead out.
 */
public sealed interface FileTreeStep extends VnfStep {

    /**
     * Makes every mount of the new namespace a slave: nothing gets out to the host, and what the host unmounts goes
     * here too.
     */
    record StopPropagation() implements FileTreeStep {
        @Override
        public String describe() {
            return "stop mount propagation to the host";
        }
    }

    /**
     * Attaches a tree that the supervisor has opened. Before {@link EnterRoot} the target is a path of the host, after
     * it one of the new root.
     *
     * @param source where the tree was opened
     * @param target where it is attached
     */
    record AttachTree(Path source, Path target) implements FileTreeStep {
        @Override
        public String describe() {
            return "attach " + source + " at " + target;
        }
    }

    /**
     * Attaches a file system that the supervisor has made.
     *
     * @param type its type
     * @param target where it is attached
     */
    record AttachFilesystem(String type, Path target) implements FileTreeStep {
        @Override
        public String describe() {
            return "attach " + type + " at " + target;
        }
    }

    /**
     * Mounts a new instance of a file system.
     *
     * @param type its type
     * @param source a word for /proc/mounts
     * @param target where
     * @param flags restrictions
     * @param options its options; may be empty
     */
    record MountFilesystem(String type, String source, Path target, Set<VnfMount.Flag> flags, String options)
            implements FileTreeStep {

        /** Copies the flags in a fixed order. */
        public MountFilesystem {
            flags = sorted(flags);
        }

        @Override
        public String describe() {
            return "mount " + type + " at " + target + (options.isEmpty() ? "" : " (" + options + ")")
                    + (flags.isEmpty() ? "" : " " + flags);
        }
    }

    /**
     * Makes a tree of the VNF visible at a second place.
     *
     * @param source absolute path in the VNF
     * @param target absolute path in the VNF
     * @param flags restrictions
     */
    record BindInside(Path source, Path target, Set<VnfMount.Flag> flags) implements FileTreeStep {

        /** Copies the flags in a fixed order. */
        public BindInside {
            flags = sorted(flags);
        }

        @Override
        public String describe() {
            return "bind " + source + " over " + target + (flags.isEmpty() ? "" : " " + flags);
        }
    }

    /**
     * Changes the restrictions of a mount.
     *
     * @param target the mount point
     * @param flags restrictions to add
     */
    record Restrict(Path target, Set<VnfMount.Flag> flags) implements FileTreeStep {

        /** Copies the flags in a fixed order. */
        public Restrict {
            flags = sorted(flags);
        }

        @Override
        public String describe() {
            return "make " + target + " " + flags;
        }
    }

    /**
     * Takes a mount out of the tree. What is bound from it elsewhere stays.
     *
     * @param target the mount point
     */
    record Detach(Path target) implements FileTreeStep {
        @Override
        public String describe() {
            return "detach " + target;
        }
    }

    /**
     * Makes a mounted tree the root with pivot_root(2). The host's tree stays reachable for the kernel's check of fresh
     * procfs and sysfs mounts, until {@link LeaveHostTree}.
     *
     * @param root where the new root is attached
     */
    record EnterRoot(Path root) implements FileTreeStep {
        @Override
        public String describe() {
            return "pivot into the root at " + root;
        }
    }

    /** Detaches the host's tree for good. */
    record LeaveHostTree() implements FileTreeStep {
        @Override
        public String describe() {
            return "detach the host's tree";
        }
    }

    /**
     * Refuses to go on unless a directory is a real one: a symbolic link in place of /proc or /sys would put the mount
     * somewhere else (CVE-2019-19921).
     *
     * @param path absolute path in the VNF
     */
    record RequireRealDirectory(Path path) implements FileTreeStep {
        @Override
        public String describe() {
            return "require " + path + " to be a real directory";
        }
    }

    /**
     * Makes a directory; one that exists is fine.
     *
     * @param path absolute path in the VNF
     * @param mode permissions
     */
    record MakeDirectory(Path path, int mode) implements FileTreeStep {
        @Override
        public String describe() {
            return "make directory " + path + " " + String.format("%04o", mode);
        }
    }

    /**
     * Makes a file, or fills one that exists.
     *
     * @param path absolute path in the VNF
     * @param content what it holds
     */
    record WriteFile(Path path, FileContent content) implements FileTreeStep {
        @Override
        public String describe() {
            return "write file " + path + " " + content;
        }
    }

    /**
     * Makes a symbolic link.
     *
     * @param path absolute path in the VNF
     * @param target as it is written
     */
    record MakeLink(Path path, String target) implements FileTreeStep {
        @Override
        public String describe() {
            return "link " + path + " to " + target;
        }
    }

    /**
     * Makes a device node. Its owner becomes the VNF's user.
     *
     * @param path absolute path in the VNF
     * @param type block or character
     * @param major major number
     * @param minor minor number
     * @param mode permissions
     * @param uid owner
     * @param gid group
     */
    record MakeDevice(Path path, DeviceRule.Type type, int major, int minor, int mode, long uid, long gid)
            implements FileTreeStep {
        @Override
        public String describe() {
            return "make device " + path + " " + type.letter() + " " + major + ":" + minor + " "
                    + String.format("%04o", mode) + " " + uid + ":" + gid;
        }
    }

    private static Set<VnfMount.Flag> sorted(Set<VnfMount.Flag> flags) {
        return Collections.unmodifiableSortedSet(new TreeSet<>(flags));
    }
}

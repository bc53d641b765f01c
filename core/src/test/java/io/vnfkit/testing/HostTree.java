package io.vnfkit.testing;

import io.vnfkit.linux.Host;
import io.vnfkit.linux.KernelFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/**
 * A small host below a directory of the test: what planning a launch reads, and no more. Neither procfs nor sysfs are
 * emulated; files hold what they are given. Closing it removes its {@linkplain LinksOfRoot links}.
 */
public final class HostTree implements AutoCloseable {

    private static final int FIRST_MOUNT = 22;
    private static final String FILE_SYSTEMS =
            "nodev\tsysfs\nnodev\ttmpfs\nnodev\tproc\nnodev\tcgroup2\nnodev\tnfs\n\text4\n\txfs\nnodev\tzfs\n";

    private final Path root;
    private final List<Path> mountPoints = new ArrayList<>();
    private final List<String> mounts = new ArrayList<>();

    private HostTree(Path root) {
        this.root = root;
    }

    /**
     * A host with a shell in a merged /usr, an ext4 root, version 2 control groups and one NUMA node.
     *
     * @param root an empty directory
     * @return the host
     */
    public static HostTree in(Path root) {
        HostTree tree = new HostTree(root);
        tree.mounted("/", "ext4").mounted("/proc", "proc").mounted("/sys", "sysfs").mounted("/run", "tmpfs")
                .mounted("/sys/fs/cgroup", "cgroup2");
        tree.file("/proc/filesystems", FILE_SYSTEMS)
                .file("/proc/self/cgroup", "0::/\n")
                .file("/proc/cgroups", "#subsys_name\thierarchy\tnum_cgroups\tenabled\n")
                .file("/sys/fs/cgroup/cgroup.controllers", "cpuset hugetlb\n")
                .file("/sys/fs/cgroup/cgroup.subtree_control", "\n")
                .file("/sys/fs/cgroup/cgroup.procs", "1\n").directory("/sys/devices/system/node/node0")
                .directory("/sys/class/net/eth0").directory("/dev").directory("/run").directory("/tmp")
                .directory("/proc/bus").directory("/proc/sys").file("/proc/keys", "").directory("/sys/firmware");
        return tree.directory("/usr/bin").link("/bin", "usr/bin").program("/usr/bin/sh")
                .file("/etc/hostname", "host\n");
    }

    /**
     * Adds a line to /proc/self/mountinfo.
     *
     * @param mountPoint where
     * @param type file system type
     * @return this
     */
    public HostTree mounted(String mountPoint, String type) {
        int id = FIRST_MOUNT + mounts.size();
        mounts.add(id + " " + parent(mountPoint) + " 0:" + id + " / " + mountPoint + " rw - " + type + " " + type
                + " rw");
        mountPoints.add(Path.of(mountPoint));
        directory(mountPoint);
        return file("/proc/self/mountinfo", String.join("\n", mounts) + "\n");
    }

    /** The number of the innermost mount that holds a path. */
    private int parent(String path) {
        int parent = 1;
        int depth = -1;
        for (int i = 0; i < mountPoints.size(); i++) {
            if (Path.of(path).startsWith(mountPoints.get(i)) && mountPoints.get(i).getNameCount() > depth) {
                parent = FIRST_MOUNT + i;
                depth = mountPoints.get(i).getNameCount();
            }
        }
        return parent;
    }

    /**
     * Makes a file and the directories above.
     *
     * @param path absolute path on the host
     * @param content what it holds
     * @return this
     */
    public HostTree file(String path, String content) {
        return doing(() -> {
            Files.createDirectories(at(path).getParent());
            Files.writeString(at(path), content);
        });
    }

    /**
     * Makes an executable file.
     *
     * @param path absolute path on the host
     * @return this
     */
    public HostTree program(String path) {
        return file(path, "").doing(() -> Files.setPosixFilePermissions(at(path), PosixFilePermissions.fromString(
                "rwxr-xr-x")));
    }

    /**
     * Makes a directory and those above.
     *
     * @param path absolute path on the host
     * @return this
     */
    public HostTree directory(String path) {
        return doing(() -> Files.createDirectories(at(path)));
    }

    /**
     * Makes a symbolic link.
     *
     * @param path absolute path on the host
     * @param target as it is written
     * @return this
     */
    public HostTree link(String path, String target) {
        return doing(() -> {
            Files.createDirectories(at(path).getParent());
            Files.createSymbolicLink(at(path), Path.of(target));
        });
    }

    /**
     * Where a path of the host really lies.
     *
     * @param path absolute path on the host
     * @return the path below the directory of the test
     */
    public Path at(String path) {
        return root.resolve(path.substring(1));
    }

    /**
     * Its files.
     *
     * @return the seam that planners read through
     */
    public KernelFiles files() {
        return host().files();
    }

    /**
     * The host.
     *
     * @return a host that can be planned for
     */
    public Host host() {
        RecordingSyscalls kernel = RecordingSyscalls.withFilesIn(root);
        return Host.of(KernelFiles.below(root, kernel), kernel);
    }

    @Override
    public void close() {
        LinksOfRoot.remove(root);
    }

    private interface Action {
        void run() throws IOException;
    }

    private HostTree doing(Action action) {
        try {
            action.run();
            return this;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}

package io.vnfkit.cgroup;

import io.vnfkit.linux.Host;
import io.vnfkit.linux.KernelFiles;
import io.vnfkit.testing.RecordingSyscalls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A host's files, as far as control groups need them, below a directory of the test. */
final class FakeGroups {

    private static final List<String> ALL = List.of("cpuset", "cpu", "memory", "devices", "freezer", "hugetlb", "pids");

    private final Path root;
    private final RecordingSyscalls kernel;
    private final List<String> mounts = new ArrayList<>();
    private final List<String> version1 = new ArrayList<>();

    private FakeGroups(Path root) {
        this.root = root;
        this.kernel = RecordingSyscalls.withFilesIn(root);
        mounts.add("22 1 0:21 / / rw - ext4 /dev/vda rw");
        file("/proc/self/cgroup", "0::/");
        refresh();
    }

    static FakeGroups below(Path root) {
        return new FakeGroups(root);
    }

    FakeGroups eightCpusOnTwoNodes() {
        return file("/sys/devices/system/cpu/possible", "0-7")
                .file("/sys/devices/system/cpu/online", "0-7")
                .file("/sys/devices/system/node/online", "0-1")
                .file("/sys/devices/system/node/has_memory", "0-1")
                .directory("/sys/kernel/mm/hugepages/hugepages-2048kB")
                .directory("/sys/kernel/mm/hugepages/hugepages-1048576kB");
    }

    /** Mounts version 1 hierarchies, each with one controller, and the files that their roots have. */
    FakeGroups version1(String... controllers) {
        for (String controller : controllers) {
            mounts.add(mounts.size() + 22 + " 22 0:" + (mounts.size() + 30) + " / /sys/fs/cgroup/" + controller
                    + " rw,nosuid - cgroup cgroup rw," + controller);
            version1.add(controller);
            directory("/sys/fs/cgroup/" + controller);
        }
        file("/sys/fs/cgroup/cpuset/cpuset.cpus", "0-7").file("/sys/fs/cgroup/cpuset/cpuset.mems", "0-1")
                .file("/sys/fs/cgroup/cpuset/cpuset.effective_cpus", "0-7")
                .file("/sys/fs/cgroup/cpuset/cpuset.effective_mems", "0-1")
                .file("/sys/fs/cgroup/cpuset/cpuset.cpu_exclusive", "1")
                .file("/sys/fs/cgroup/devices/devices.list", "a *:* rwm");
        for (String size : List.of("2MB", "1GB")) {
            file("/sys/fs/cgroup/hugetlb/hugetlb." + size + ".limit_in_bytes", "9223372036854771712");
            file("/sys/fs/cgroup/hugetlb/hugetlb." + size + ".rsvd.limit_in_bytes", "9223372036854771712");
        }
        return refresh();
    }

    /** Mounts the version 2 hierarchy with controllers. */
    FakeGroups version2(String mountPoint, String... controllers) {
        mounts.add(mounts.size() + 22 + " 22 0:" + (mounts.size() + 30) + " / " + mountPoint
                + " rw,nosuid - cgroup2 cgroup2 rw");
        return file(mountPoint + "/cgroup.controllers", String.join(" ", controllers))
                .file(mountPoint + "/cgroup.subtree_control", "")
                .file(mountPoint + "/cgroup.procs", "1")
                .file(mountPoint + "/cpuset.cpus.effective", "0-7")
                .file(mountPoint + "/cpuset.mems.effective", "0-1")
                .refresh();
    }

    private FakeGroups refresh() {
        StringBuilder cgroups = new StringBuilder("#subsys_name\thierarchy\tnum_cgroups\tenabled\n");
        for (String controller : ALL) {
            cgroups.append(controller).append('\t').append(version1.indexOf(controller) + 1).append("\t1\t1\n");
        }
        return file("/proc/self/mountinfo", String.join("\n", mounts))
                .file("/proc/cgroups", cgroups.toString().strip());
    }

    FakeGroups file(String path, String content) {
        Path file = root.resolve(path.substring(1));
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, content.isEmpty() ? "" : content + "\n");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return this;
    }

    FakeGroups directory(String path) {
        try {
            Files.createDirectories(root.resolve(path.substring(1)));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return this;
    }

    String read(String path) {
        return host().files().read(path);
    }

    boolean exists(String path) {
        return host().files().exists(path);
    }

    RecordingSyscalls kernel() {
        return kernel;
    }

    Host host() {
        return Host.of(KernelFiles.below(root, kernel), kernel);
    }

    CgroupLayout layout() {
        return CgroupLayout.read(host().files());
    }

    CgroupPlan plan(String name, CgroupDescription description) {
        return CgroupPlanner.on(host()).plan(name, description);
    }
}

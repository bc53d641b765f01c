package io.vnfkit.hugetlb;

import io.vnfkit.linux.Errno;
import io.vnfkit.linux.Host;
import io.vnfkit.linux.KernelFiles;
import io.vnfkit.linux.SystemCallException;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.PageSize;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

/** A version 2 control group with the hugetlb controller, below the root of the hierarchy. */
final class TestGroup implements AutoCloseable {

    private final Path root;
    private final Path directory;
    private final boolean enabled;

    private TestGroup(Path root, Path directory, boolean enabled) {
        this.root = root;
        this.directory = directory;
        this.enabled = enabled;
    }

    private static KernelFiles files() {
        return Host.thisHost().files();
    }

    static TestGroup make() {
        Path root = files().readLines("/proc/self/mounts").stream().map(line -> line.split(" "))
                .filter(fields -> fields[2].equals("cgroup2")).map(fields -> Path.of(fields[1]))
                .findFirst().orElseThrow();
        String control = root + "/cgroup.subtree_control";
        boolean isMissing = !Arrays.asList(files().read(control).split(" ")).contains("hugetlb");
        if (isMissing) {
            files().write(control, "+hugetlb");
        }
        Path directory = root.resolve("vnfkit-hugetlb-it-" + ProcessHandle.current().pid());
        Host.thisHost().syscalls().mkdir(directory, 0755);
        return new TestGroup(root, directory, isMissing);
    }

    Path directory() {
        return directory;
    }

    void write(String file, Bytes limit) {
        files().write(directory + "/" + file, Long.toString(limit.value()));
    }

    HugetlbLimits limits() {
        return HugetlbLimits.ofCgroup(files(), directory, PageSize.MIB_2);
    }

    @Override
    public void close() {
        remove();
        boolean isAlone = files().list(root.toString()).stream()
                .noneMatch(name -> files().isDirectory(root + "/" + name));
        if (enabled && isAlone) {
            files().write(root + "/cgroup.subtree_control", "-hugetlb");
        }
    }

    /** A process that has ended leaves its group a little after its parent hears of it. */
    private void remove() {
        for (int attempt = 0; attempt < 100; attempt++) {
            try {
                Host.thisHost().syscalls().rmdir(directory);
                return;
            } catch (SystemCallException failure) {
                if (!failure.is(Errno.EBUSY)) {
                    throw failure;
                }
                Host.thisHost().syscalls().poll(Duration.ofMillis(10));
            }
        }
        throw new IllegalStateException(directory + " stays busy");
    }
}

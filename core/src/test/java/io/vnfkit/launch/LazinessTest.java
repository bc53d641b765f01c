package io.vnfkit.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.Vnf;
import io.vnfkit.VnfLauncher;
import io.vnfkit.linux.Host;
import io.vnfkit.mount.RootFilesystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Planning for a host that is a tree of files needs no native code: it works on any operating system. */
class LazinessTest {

    @TempDir
    private Path host;

    /** Plans in a JVM of its own, whose loaded classes can be told. */
    static final class Planning {

        private Planning() {}

        public static void main(String[] arguments) {
            VnfLauncher launcher = VnfLauncher.on(Host.below(Path.of(arguments[0])));
            Vnf vnf = Vnf.named("lazy").root(RootFilesystem.hostReadOnly()).command("sh").build();
            System.out.println(launcher.plan(vnf));
            System.out.println("preflight " + launcher.preflight(vnf));
        }
    }

    @Test
    @Timeout(120)
    void planningOnAFakeHostLoadsNoNativeBinding() throws Exception {
        fakeHost();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Process jvm = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-verbose:class",
                "-cp", classPath, Planning.class.getName(), host.toString()).redirectErrorStream(true).start();
        List<String> output = jvm.inputReader().lines().toList();
        assertThat(jvm.waitFor()).as(String.join("\n", output)).isZero();
        assertThat(output).contains("Plan to launch VNF \"lazy\"").contains("preflight []");
        assertThat(output).noneMatch(line -> line.contains(" com.sun.jna.") || line.contains(" jnr."));
        assertThat(output).as("the flag works").anyMatch(line -> line.contains(" io.vnfkit.launch.LaunchPlanner "));
    }

    private void fakeHost() throws IOException {
        write("proc/self/mountinfo", "20 1 8:1 / / rw - ext4 /dev/sda1 rw\n21 20 0:5 / /sys/fs/cgroup rw - cgroup2 none rw\n");
        write("proc/self/cgroup", "0::/\n");
        write("proc/mounts", "/dev/sda1 / ext4 rw 0 0\n");
        write("proc/filesystems", "nodev\ttmpfs\n");
        write("sys/fs/cgroup/cgroup.controllers", "cpuset hugetlb\n");
        write("sys/fs/cgroup/cgroup.subtree_control", "\n");
        write("sys/fs/cgroup/cgroup.procs", "1\n");
        Path shell = write("usr/bin/sh", "");
        Files.setPosixFilePermissions(shell, PosixFilePermissions.fromString("rwxr-xr-x"));
        for (String directory : List.of("dev", "run", "tmp", "sys", "proc")) {
            Files.createDirectories(host.resolve(directory));
        }
    }

    private Path write(String path, String content) throws IOException {
        Path file = host.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }
}

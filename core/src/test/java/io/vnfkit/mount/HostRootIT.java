package io.vnfkit.mount;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.RunningVnf;
import io.vnfkit.Vnf;
import io.vnfkit.testing.HostShell;
import io.vnfkit.testing.InsideVnf;
import io.vnfkit.testing.InsideVnf.Seen;
import io.vnfkit.testing.LaunchesVnfs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The host's own root as the VNF's: readable, not writable, and apart from what the description hides or opens. */
@LaunchesVnfs
class HostRootIT {

    /** Neither below /tmp nor below /run, which are the VNF's own. */
    private Path onDisk;

    @BeforeEach
    void makeDirectory() throws IOException {
        onDisk = Files.createTempDirectory(Path.of("/var/tmp"), "vnfkit-root");
        Files.writeString(onDisk.resolve("file"), "of the host\n");
        Files.createDirectory(onDisk.resolve("below"));
        Files.writeString(onDisk.resolve("below/inner"), "inner\n");
    }

    @AfterEach
    void removeDirectory() throws IOException {
        try (Stream<Path> files = Files.walk(onDisk)) {
            for (Path each : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    @Test
    void theHostsTreeCanBeReadAndNotWritten() {
        Seen seen = InsideVnf.run(InsideVnf.vnf(), "cat " + onDisk + "/file", "touch " + onDisk + "/new", "rm "
                + onDisk + "/file",
                "chmod 777 " + onDisk + "/file", "mkdir /new");

        assertThat(seen.lines()).first().isEqualTo("of the host");
        assertThat(seen.lines().subList(1, 5)).allMatch(line -> line.endsWith("Read-only file system"));
        assertThat(onDisk.resolve("file")).hasContent("of the host\n");
    }

    @Test
    void aWritablePathCanBeWritten() {
        Vnf.Builder vnf = InsideVnf.vnf().root(RootFilesystem.hostReadOnly().writable(onDisk + "/below"));

        Seen seen = InsideVnf.run(vnf, "echo changed > " + onDisk + "/below/inner", "touch " + onDisk + "/new");

        assertThat(seen.lines()).singleElement().asString().endsWith("Read-only file system");
        assertThat(onDisk.resolve("below/inner")).hasContent("changed\n");
    }

    @Test
    void hiddenFilesAndDirectoriesAreEmptyAndStayReadOnly() {
        Vnf.Builder vnf = InsideVnf.vnf().root(RootFilesystem.hostReadOnly().hidden(onDisk + "/file")
                .hidden(onDisk + "/below"));

        Seen seen = InsideVnf.run(vnf, "cat " + onDisk + "/file", "ls -A " + onDisk + "/below", "echo done",
                "echo x > " + onDisk + "/file", "touch " + onDisk + "/below/new");

        assertThat(seen.lines()).first().isEqualTo("done");
        assertThat(seen.lines().subList(1, 3)).allMatch(line -> line.endsWith("Read-only file system"));
    }

    @Test
    void deviceNodesOutsideOfDevCannotBeOpened() {
        HostShell.run("mknod -m 0666 " + onDisk + "/null c 1 3");

        Seen seen = InsideVnf.run(InsideVnf.vnf(), "cat " + onDisk + "/null");

        assertThat(seen.output()).contains("Permission denied");
    }

    @Test
    void nothingOfTheHostsMountsIsListed() {
        Seen seen = InsideVnf.run(InsideVnf.vnf(), "cut -d' ' -f5,6 /proc/self/mountinfo",
                "echo -- $(sed 's/.* - //' /proc/self/mountinfo | cut -d' ' -f1 | sort -u)");

        List<String> mountPoints = seen.lines().stream().filter(line -> line.startsWith("/"))
                .map(line -> line.split(" ")[0]).toList();
        assertThat(mountPoints).contains("/", "/proc", "/sys", "/dev", "/dev/pts", "/dev/shm", "/dev/mqueue", "/run",
                "/tmp")
                .allMatch(path -> path.equals("/") || Stream.of("/proc", "/sys", "/dev", "/run", "/tmp")
                .anyMatch(path::startsWith));
        assertThat(seen.lines()).last().asString().doesNotContain("cgroup").doesNotContain("devtmpfs")
                .doesNotContain("securityfs");
    }

    @Test
    void noMountOfTheHostHasTheVnfAsPeer() {
        String before = HostShell.run("cat /proc/self/mountinfo");
        try (RunningVnf vnf = InsideVnf.hold(InsideVnf.vnf())) {
            Seen seen = InsideVnf.exec(vnf, "cut -d- -f1 /proc/self/mountinfo");
            assertThat(seen.output()).doesNotContain("shared:").doesNotContain("master:")
                    .doesNotContain("propagate_from:");
            assertThat(HostShell.run("cat /proc/self/mountinfo")).isEqualTo(before);
        }
    }

    @Test
    void theHostsRootCannotBeReachedAboveTheRoot() {
        Seen seen = InsideVnf.run(InsideVnf.vnf(), "cd /../../..; pwd", "readlink /proc/1/cwd /proc/1/root",
                "ls -i / -d | cut -d' ' -f1",
                "ls /run/vnfkit /old_root/proc");

        assertThat(seen.lines()).startsWith("/", "/", "/").anyMatch(line -> line.contains("/run/vnfkit"));
    }

    @Test
    void theVnfsMountPointOnTheHostStaysEmpty() {
        try (RunningVnf vnf = InsideVnf.hold(InsideVnf.vnf())) {
            assertThat(Path.of("/run/vnfkit")).isDirectoryContaining(path -> path.getFileName().toString().equals(
                    "vnfs"));
            assertThat(Path.of("/run/vnfkit/usr")).doesNotExist();
            assertThat(vnf.pid()).isPositive();
        }
    }
}

package io.vnfkit.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.linux.KernelFiles;
import io.vnfkit.linux.Syscalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeakCheckTest {

    private static final String MOUNTS = """
            22 1 8:1 / / rw - ext4 /dev/sda rw
            30 22 0:26 / /sys/fs/cgroup/cpuset rw - cgroup cgroup rw,cpuset
            31 22 0:27 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
            """;

    @TempDir
    private Path root;

    private KernelFiles files;

    @BeforeEach
    void makeHost() throws IOException {
        files = KernelFiles.below(root);
        put("/proc/self/mountinfo", MOUNTS);
        put("/sys/fs/cgroup/cpuset/other/cpuset.cpus", "0\n");
        put("/sys/class/net/lo/mtu", "1500\n");
        put("/sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages", "4\n");
    }

    @Test
    void nothingLeftIsNoDifference() {
        LeakSnapshot before = LeakSnapshot.of(files);

        assertThat(LeakSnapshot.of(files)).isEqualTo(before);
        assertThatCode(() -> LeakCheck.requireNothingLeft(before, files)).doesNotThrowAnyException();
        assertThat(before.differences(LeakSnapshot.of(files))).isEmpty();
    }

    @Test
    void everyKindOfThingThatIsLeftIsNamed() throws IOException {
        LeakSnapshot before = LeakSnapshot.of(files);
        put("/proc/self/mountinfo", MOUNTS + "40 22 0:40 / /dev/hugepages rw - hugetlbfs none rw\n");
        put("/sys/fs/cgroup/cpuset/vnfkit/bng/cpuset.cpus", "0\n");
        put("/sys/fs/cgroup/unified/user/vnfkit-x/cgroup.procs", "\n");
        put("/sys/class/net/veth0/mtu", "1500\n");
        put("/run/netns/left", "");
        put("/run/vnfkit/bng/state", "running");
        put("/sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages", "3\n");

        assertThat(before.differences(LeakSnapshot.of(files))).containsExactlyInAnyOrder(
                "mount left: hugetlbfs at /dev/hugepages from none",
                "control group left: /sys/fs/cgroup/cpuset/vnfkit",
                "control group left: /sys/fs/cgroup/cpuset/vnfkit/bng",
                "control group left: /sys/fs/cgroup/unified/user/vnfkit-x",
                "network interface left: veth0",
                "network namespace left: left",
                "file left: /run/vnfkit/bng",
                "file left: /run/vnfkit/bng/state",
                "hugepage counter left: /sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages = 3",
                "hugepage counter gone: /sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages = 4");
    }

    @Test
    void aSecondMountOnTheSamePlaceIsADifference() throws IOException {
        put("/proc/self/mountinfo", MOUNTS + "40 22 0:40 / /mnt rw - tmpfs none rw\n");
        LeakSnapshot before = LeakSnapshot.of(files);
        put("/proc/self/mountinfo",
                MOUNTS + "40 22 0:40 / /mnt rw - tmpfs none rw\n41 40 0:41 / /mnt rw - tmpfs none rw\n");

        assertThat(before.differences(LeakSnapshot.of(files)))
                .containsExactly("mount left: tmpfs at /mnt from none (2)");
    }

    @Test
    void whatIsGoneIsADifferenceToo() throws IOException {
        LeakSnapshot before = LeakSnapshot.of(files);
        put("/proc/self/mountinfo", "22 1 8:1 / / rw - ext4 /dev/sda rw\n");

        assertThat(before.differences(LeakSnapshot.of(files)))
                .contains("mount gone: cgroup at /sys/fs/cgroup/cpuset from cgroup");
    }

    @Test
    void aDifferenceFailsWithAList() throws IOException {
        LeakSnapshot before = LeakSnapshot.of(files);
        put("/run/netns/left", "");

        assertThatThrownBy(() -> LeakCheck.requireNothingLeft(before, files))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("network namespace left: left");
    }

    @Test
    void anOpenMemfdOfThisProcessIsALeak() {
        Syscalls kernel = Syscalls.host();
        LeakSnapshot before = LeakSnapshot.of(KernelFiles.host());
        int memfd = kernel.memfd("vnfkit-leak");

        assertThat(before.differences(LeakSnapshot.of(KernelFiles.host())))
                .anySatisfy(line -> assertThat(line).startsWith("descriptor left: ").contains("/memfd:vnfkit-leak"));
        kernel.close(memfd);
        assertThat(before.differences(LeakSnapshot.of(KernelFiles.host())))
                .noneMatch(line -> line.contains("vnfkit-leak"));
    }

    @Test
    void aDescriptorThatWasClosedIsNoLeak() {
        Syscalls kernel = Syscalls.host();
        int memfd = kernel.memfd("vnfkit-closed");
        LeakSnapshot before = LeakSnapshot.of(KernelFiles.host());
        kernel.close(memfd);

        assertThat(before.traces().get("descriptor")).anyMatch(line -> line.contains("vnfkit-closed"));
        assertThat(before.differences(LeakSnapshot.of(KernelFiles.host())))
                .noneMatch(line -> line.contains("vnfkit-closed"));
    }

    private void put(String path, String content) throws IOException {
        Path file = root.resolve(path.substring(1));
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }
}

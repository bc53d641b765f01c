package io.vnfkit.launch.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.launch.step.FileTreeStep.AttachFilesystem;
import io.vnfkit.launch.step.FileTreeStep.AttachTree;
import io.vnfkit.launch.step.FileTreeStep.BindInside;
import io.vnfkit.launch.step.FileTreeStep.Detach;
import io.vnfkit.launch.step.FileTreeStep.EnterRoot;
import io.vnfkit.launch.step.FileTreeStep.LeaveHostTree;
import io.vnfkit.launch.step.FileTreeStep.MakeDevice;
import io.vnfkit.launch.step.FileTreeStep.MakeDirectory;
import io.vnfkit.launch.step.FileTreeStep.MakeLink;
import io.vnfkit.launch.step.FileTreeStep.MountFilesystem;
import io.vnfkit.launch.step.FileTreeStep.RequireRealDirectory;
import io.vnfkit.launch.step.FileTreeStep.Restrict;
import io.vnfkit.launch.step.FileTreeStep.StopPropagation;
import io.vnfkit.launch.step.FileTreeStep.WriteFile;
import io.vnfkit.launch.step.SupervisorStep.OpenFilesystem;
import io.vnfkit.launch.step.SupervisorStep.OpenTree;
import io.vnfkit.mount.FileContent;
import io.vnfkit.mount.VnfMount.Flag;
import io.vnfkit.unit.DeviceRule;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FileTreeCompilerTest {

    private static final Path TARGET = Path.of("/target");

    private static long[] longs(byte[] bytes) {
        long[] numbers = new long[bytes.length / 8];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(numbers);
        return numbers;
    }

    @Test
    void propagationStopsWithARecursiveSlaveAndModesAreMeant() {
        assertThat(Compiled.process(new StopPropagation()).step(3)).containsExactly(
                "mount(0, \"/\", 0, 0x84000)", "umask()");
    }

    @Test
    void aTreeIsCopiedDetachedRestrictedAndPrivate() {
        Compiled compiled = Compiled.withSupervisor(
                List.of(new OpenTree(Path.of("/etc"), true, Set.of(Flag.READ_ONLY, Flag.NODEV))),
                new AttachTree(Path.of("/etc"), TARGET));

        List<String> open = compiled.step(1);
        assertThat(open).hasSize(2);
        assertThat(open.get(0)).matches("open_tree\\(-100, \"/etc\", 0x88001\\) -> s\\d+");
        assertThat(open.get(1)).matches("mount_setattr\\(s\\d+, data.*, 0x9000, data.*, 0x20\\)");
        // struct mount_attr: set read-only and nodev, clear nothing, private, no user namespace.
        assertThat(longs(compiled.bytes(1, 1, 3, 32))).containsExactly(1 | 4, 0, 1 << 18, 0);
        assertThat(compiled.step(4)).satisfiesExactly(
                line -> assertThat(line).matches("move_mount\\(s\\d+, data.*, -100, \"/target\", 4\\)"),
                line -> assertThat(line).matches("close\\(s\\d+\\)"));
    }

    @Test
    void aSingleMountIsCopiedWithoutThoseBelow() {
        assertThat(Compiled.withSupervisor(List.of(new OpenTree(Path.of("/"), false, Set.of()))).step(1)).element(0).asString()
                .startsWith("open_tree(-100, \"/\", 0x80001)");
    }

    @Test
    void equalSourcesHaveDescriptorsOfTheirOwnInTheOrderOfThePlan() {
        Compiled compiled = Compiled.withSupervisor(
                List.of(new OpenTree(Path.of("/etc"), false, Set.of()), new OpenTree(Path.of("/etc"), true, Set.of())),
                new AttachTree(Path.of("/etc"), Path.of("/a")), new AttachTree(Path.of("/etc"), Path.of("/b")));

        String first = compiled.step(1).get(0).replaceAll(".*-> ", "");
        String second = compiled.step(2).get(0).replaceAll(".*-> ", "");
        assertThat(first).isNotEqualTo(second);
        assertThat(compiled.step(5).get(0)).startsWith("move_mount(" + first + ", ").contains("\"/a\"");
        assertThat(compiled.step(6).get(0)).startsWith("move_mount(" + second + ", ").contains("\"/b\"");
    }

    @Test
    void whatNobodyHasOpenedCannotBeAttached() {
        assertThatThrownBy(() -> Compiled.process(new AttachTree(Path.of("/etc"), TARGET)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("no step before has opened it");
    }

    @Test
    void aFileSystemOfTheSupervisorIsMadeOptionByOption() {
        Compiled compiled = Compiled.withSupervisor(
                List.of(new OpenFilesystem("hugetlbfs", "huge", TARGET, Set.of(Flag.NOSUID, Flag.NOEXEC), "pagesize=2M,lazy,size=4M")),
                new AttachFilesystem("hugetlbfs", TARGET));

        assertThat(compiled.step(1)).satisfiesExactly(
                line -> assertThat(line).startsWith("fsopen(\"hugetlbfs\", 1) -> s"),
                line -> assertThat(line).endsWith(", 1, \"source\", \"huge\")"),
                line -> assertThat(line).endsWith(", 1, \"pagesize\", \"2M\")"),
                line -> assertThat(line).matches("fsconfig\\(s\\d+, 0, \"lazy\"\\)"),
                line -> assertThat(line).endsWith(", 1, \"size\", \"4M\")"),
                line -> assertThat(line).matches("fsconfig\\(s\\d+, 6\\)"),
                line -> assertThat(line).matches("fsmount\\(s\\d+, 1, 0xa\\) -> s\\d+"),
                line -> assertThat(line).startsWith("close("));
        assertThat(compiled.step(4).get(0)).matches("move_mount\\(s\\d+, .*, -100, \"/target\", 4\\)");
    }

    @Test
    void aNewFileSystemIsMountedWithItsFlagsAndOptions() {
        assertThat(Compiled.process(new MountFilesystem("tmpfs", "scratch", TARGET,
                Set.of(Flag.READ_ONLY, Flag.NOSUID, Flag.NODEV, Flag.NOEXEC), "size=1m")).step(3))
                .containsExactly("mount(\"scratch\", \"/target\", \"tmpfs\", 0xf, \"size=1m\")");
    }

    @Test
    void aBindInsideIsRecursiveAndItsFlagsToo() {
        Compiled compiled = Compiled.process(new BindInside(Path.of("/proc/sys"), Path.of("/proc/sys"), Set.of(Flag.READ_ONLY)),
                new BindInside(Path.of("/a"), Path.of("/b"), Set.of()));

        assertThat(compiled.step(3)).element(0).isEqualTo("mount(\"/proc/sys\", \"/proc/sys\", 0, 0x5000)");
        assertThat(compiled.step(3)).element(1).asString().startsWith("mount_setattr(-100, \"/proc/sys\", 0x8000, ");
        assertThat(longs(compiled.bytes(3, 1, 3, 32))).containsExactly(1, 0, 0, 0);
        assertThat(compiled.step(4)).containsExactly("mount(\"/a\", \"/b\", 0, 0x5000)");
    }

    @Test
    void aFileSystemIsRemountedReadOnlyAsAWhole() {
        assertThat(Compiled.process(new Restrict(TARGET, Set.of(Flag.READ_ONLY)), new Detach(TARGET)).stepsFrom(3))
                .containsExactly("mount(0, \"/target\", 0, 0x21)", "umount2(\"/target\", 2)");
    }

    @Test
    void theRootIsEnteredWithPivotAndTheOldOneLeftByItsDescriptor() {
        assertThat(Compiled.process(new EnterRoot(Path.of("/run/vnfkit")), new LeaveHostTree()).stepsFrom(3)).satisfiesExactly(
                line -> assertThat(line).matches("openat\\(-100, \"/\", 0x280000\\) -> s\\d+"),
                line -> assertThat(line).isEqualTo("chdir(\"/run/vnfkit\")"),
                line -> assertThat(line).isEqualTo("pivot_root(\".\", \".\")"),
                line -> assertThat(line).isEqualTo("chdir(\"/\")"),
                line -> assertThat(line).matches("fchdir\\(s\\d+\\)"),
                line -> assertThat(line).isEqualTo("umount2(\".\", 2)"),
                line -> assertThat(line).isEqualTo("chdir(\"/\")"),
                line -> assertThat(line).matches("close\\(s\\d+\\)"));
    }

    @Test
    void aRealDirectoryIsOpenedWithoutFollowingLinks() {
        Compiled compiled = Compiled.process(new RequireRealDirectory(Path.of("/proc")));

        assertThat(compiled.step(3)).element(0).asString().matches("openat2\\(-100, \"/proc/.\", data.*, 0x18\\) -> s\\d+");
        // struct open_how: O_PATH|O_CLOEXEC, no mode, RESOLVE_NO_SYMLINKS.
        assertThat(longs(compiled.bytes(3, 0, 2, 24))).containsExactly(0x280000, 0, 4);
    }

    @Test
    void directoriesMayBeThereAlreadyAndFilesAreWrittenWhole() {
        assertThat(Compiled.process(new MakeDirectory(TARGET, 0755), new WriteFile(TARGET, new FileContent.Text("abc")),
                new WriteFile(TARGET, new FileContent.Text("")), new MakeLink(TARGET, "../x")).stepsFrom(3)).satisfiesExactly(
                line -> assertThat(line).isEqualTo("mkdirat(-100, \"/target\", 0x1ed) | EEXIST (17)"),
                line -> assertThat(line).matches("openat\\(-100, \"/target\", 0x80041, 0x124\\) -> s\\d+"),
                line -> assertThat(line).matches("write\\(s\\d+, .*, 3\\) -> s\\d+"),
                line -> assertThat(line).matches("EXPECT\\(s\\d+, -1, 3, 0x1c, 8\\)"),
                line -> assertThat(line).startsWith("close("),
                line -> assertThat(line).startsWith("openat("),
                line -> assertThat(line).startsWith("close("),
                line -> assertThat(line).isEqualTo("symlinkat(\"../x\", -100, \"/target\")"));
    }

    @Test
    void deviceNumbersAreEncodedAsTheKernelDoes() {
        assertThat(Compiled.process(
                new MakeDevice(TARGET, DeviceRule.Type.CHARACTER, 1, 3, 0666, 0, 0),
                new MakeDevice(TARGET, DeviceRule.Type.BLOCK, 0x123, 0x45678, 0600, 7, 8)).stepsFrom(3)).containsExactly(
                "mknodat(-100, \"/target\", 0x21b6, 0x103)",
                // new_encode_dev: minor 0-7, major, minor 8-19.
                "mknodat(-100, \"/target\", 0x6180, 0x45612378)",
                "fchownat(-100, \"/target\", 7, 8)");
    }
}

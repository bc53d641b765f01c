package io.vnfkit.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.launch.step.HostStep.CgroupStep;
import io.vnfkit.launch.step.HostStep.CreateCgroup;
import io.vnfkit.launch.step.HostStep.EnableControllers;
import io.vnfkit.launch.step.HostStep.InheritCgroupFile;
import io.vnfkit.launch.step.HostStep.MakePartition;
import io.vnfkit.launch.step.HostStep.ReleaseExclusiveCpus;
import io.vnfkit.launch.step.HostStep.ReserveExclusiveCpus;
import io.vnfkit.launch.step.HostStep.WriteAndVerifyCgroupFile;
import io.vnfkit.launch.step.HostStep.WriteCgroupFile;
import io.vnfkit.linux.Errno;
import io.vnfkit.linux.KernelFileException;
import io.vnfkit.unit.CpuSet;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CgroupStepsTest {

    private static final String GROUP = "/sys/fs/cgroup/vnfkit";
    private static final Path DIRECTORY = Path.of(GROUP);

    @TempDir
    Path root;

    private FakeGroups host;

    @BeforeEach
    void build() {
        host = FakeGroups.below(root).directory(GROUP);
    }

    private void apply(CgroupStep step) {
        CgroupSteps.on(host.host()).apply(step);
    }

    private void undo(CgroupStep step) {
        CgroupSteps.on(host.host()).undo(step);
    }

    @Test
    void groupIsMadeAndRemoved() {
        CreateCgroup create = new CreateCgroup("unified", DIRECTORY.resolve("a"));

        apply(create);
        assertThat(host.exists(GROUP + "/a")).isTrue();
        undo(create);
        assertThat(host.exists(GROUP + "/a")).isFalse();
        undo(create);
    }

    @Test
    void failureToMakeAGroupNamesTheCure() {
        host.kernel().failOn("mkdir", Errno.EROFS);

        assertThatThrownBy(() -> apply(new CreateCgroup("unified", DIRECTORY.resolve("a"))))
                .isInstanceOfSatisfying(KernelFileException.class, failure -> {
                    assertThat(failure.errno()).isEqualTo(Errno.EROFS);
                    assertThat(failure.path()).isEqualTo(DIRECTORY.resolve("a"));
                    assertThat(failure.hint()).isEqualTo("the hierarchy is mounted read-only here");
                });
    }

    @Test
    void emptyFileInheritsFromTheParentGroup() {
        host.file("/sys/fs/cgroup/cpuset.mems", "0-1").file(GROUP + "/cpuset.mems", "");

        apply(new InheritCgroupFile(DIRECTORY.resolve("cpuset.mems")));

        assertThat(host.read(GROUP + "/cpuset.mems")).isEqualTo("0-1");
    }

    @Test
    void fileThatHasAValueKeepsIt() {
        host.file("/sys/fs/cgroup/cpuset.mems", "0-1").file(GROUP + "/cpuset.mems", "1");

        apply(new InheritCgroupFile(DIRECTORY.resolve("cpuset.mems")));

        assertThat(host.read(GROUP + "/cpuset.mems")).isEqualTo("1");
    }

    @Test
    void onlyMissingControllersAreEnabled() {
        host.file(GROUP + "/cgroup.subtree_control", "cpu cpuset");

        apply(new EnableControllers(DIRECTORY, List.of("cpuset", "hugetlb")));
        assertThat(host.read(GROUP + "/cgroup.subtree_control")).isEqualTo("+hugetlb");

        host.file(GROUP + "/cgroup.subtree_control", "cpu cpuset hugetlb");
        apply(new EnableControllers(DIRECTORY, List.of("cpuset", "hugetlb")));
        assertThat(host.read(GROUP + "/cgroup.subtree_control")).isEqualTo("cpu cpuset hugetlb");
    }

    @Test
    void refusedControllerSaysThatTheGroupHasProcesses() {
        host.file(GROUP + "/cgroup.subtree_control", "").kernel().failOn("write", Errno.EBUSY);

        assertThatThrownBy(() -> apply(new EnableControllers(DIRECTORY, List.of("hugetlb"))))
                .isInstanceOf(KernelFileException.class)
                .hasMessageContaining("write \"+hugetlb\" to").hasMessageContaining("EBUSY")
                .hasMessageContaining("the group has processes of its own");
    }

    @Test
    void emptyValueIsWrittenAsANewline() {
        host.file(GROUP + "/cpuset.cpus", "1-2");

        apply(new WriteCgroupFile(DIRECTORY.resolve("cpuset.cpus"), ""));

        assertThat(host.read(GROUP + "/cpuset.cpus")).isEmpty();
        assertThat(host.kernel().calls("write")).singleElement().asString().contains("\\n");
    }

    @Test
    void cpusetThatMayNotBecomeEmptyGetsWhatTheParentHas() {
        host.file(GROUP + "/cpuset.cpus", "1-2").file("/sys/fs/cgroup/cpuset.cpus.effective", "0-7");
        host.kernel().failOnceOn("write", Errno.ENOSPC);

        apply(new WriteCgroupFile(DIRECTORY.resolve("cpuset.cpus"), ""));

        assertThat(host.read(GROUP + "/cpuset.cpus")).isEqualTo("0-7");
    }

    @Test
    void fileThatDoesNotExistIsNotMade() {
        assertThatThrownBy(() -> apply(new WriteCgroupFile(DIRECTORY.resolve("hugetlb.2MB.max"), "0")))
                .isInstanceOf(KernelFileException.class)
                .hasMessageContaining("the controller is not enabled for this group");
        assertThat(host.exists(GROUP + "/hugetlb.2MB.max")).isFalse();
    }

    @Test
    void valueThatIsReadBackDifferentlyIsAnError() {
        host.file(GROUP + "/cpuset.cpus", "").file(GROUP + "/cpuset.cpus.effective", "2");

        assertThatThrownBy(() -> apply(new WriteAndVerifyCgroupFile(DIRECTORY.resolve("cpuset.cpus"), "2-3",
                DIRECTORY.resolve("cpuset.cpus.effective"))))
                .isInstanceOfSatisfying(CgroupReadBackException.class, failure -> {
                    assertThat(failure.written()).isEqualTo("2-3");
                    assertThat(failure.observed()).isEqualTo("2");
                    assertThat(failure.file()).isEqualTo(DIRECTORY.resolve("cpuset.cpus"));
                })
                .hasMessageContaining("cpuset.cpus.effective reads \"2\"");
    }

    @Test
    void valueThatIsReadBackIsFine() {
        Path file = DIRECTORY.resolve("cpuset.cpus");
        host.file(file.toString(), "");

        apply(new WriteAndVerifyCgroupFile(file, "2-3", file));

        assertThat(host.read(file.toString())).isEqualTo("2-3");
    }

    @Test
    void partitionIsMadeAndLeft() {
        host.file(GROUP + "/cpuset.cpus.partition", "member");
        MakePartition partition = new MakePartition(DIRECTORY, "isolated");

        apply(partition);
        assertThat(host.read(GROUP + "/cpuset.cpus.partition")).isEqualTo("isolated");
        undo(partition);
        assertThat(host.read(GROUP + "/cpuset.cpus.partition")).isEqualTo("member");
        undo(new MakePartition(DIRECTORY.resolve("gone"), "isolated"));
    }

    @Test
    void onlyValidPartitionsHandTheirCpusOn() {
        host.file(GROUP + "/cpuset.cpus.partition", "isolated invalid (Parent is not a partition root)");

        assertThat(new CpusetPartition(host.host().files(), DIRECTORY).isValid()).isFalse();
        assertThat(new CpusetPartition(host.host().files(), DIRECTORY).isMember()).isFalse();
        assertThat(new CpusetPartition(host.host().files(), Path.of("/sys/fs/cgroup")).isMember()).isTrue();
    }

    @Test
    void cpusAreReservedBesideThoseOfOthersAndReleased() {
        host.file(GROUP + "/cpuset.cpus.exclusive", "6").file(GROUP + "/cpuset.cpus.partition", "member");
        ReserveExclusiveCpus reserve = new ReserveExclusiveCpus(DIRECTORY, CpuSet.of(2, 3));

        apply(reserve);
        assertThat(host.read(GROUP + "/cpuset.cpus.exclusive")).isEqualTo("2-3,6");
        undo(reserve);
        assertThat(host.read(GROUP + "/cpuset.cpus.exclusive")).isEqualTo("6");
        apply(new ReleaseExclusiveCpus(DIRECTORY, CpuSet.of(6)));
        assertThat(host.read(GROUP + "/cpuset.cpus.exclusive")).isEmpty();
        assertThat(host.kernel().openDescriptors()).isEmpty();
    }

    @Test
    void removedGroupGivesItsReservedCpusBack() {
        host.file("/sys/fs/cgroup/nfv/cpuset.cpus.exclusive", "2-3,6")
                .file("/sys/fs/cgroup/nfv/cell/cpuset.cpus.exclusive", "2-3");

        new ExclusiveCpus(host.host()).releaseAbove(Path.of("/sys/fs/cgroup/nfv/cell/a"), CpuSet.of(2, 3));

        assertThat(host.read("/sys/fs/cgroup/nfv/cpuset.cpus.exclusive")).isEqualTo("6");
        assertThat(host.read("/sys/fs/cgroup/nfv/cell/cpuset.cpus.exclusive")).isEmpty();
    }

    @Test
    void partitionAndOlderKernelsNeedNoReservation() {
        host.file(GROUP + "/cpuset.cpus.exclusive", "").file(GROUP + "/cpuset.cpus.partition", "root");
        apply(new ReserveExclusiveCpus(DIRECTORY, CpuSet.of(2)));
        assertThat(host.read(GROUP + "/cpuset.cpus.exclusive")).isEmpty();

        apply(new ReserveExclusiveCpus(Path.of("/sys/fs/cgroup"), CpuSet.of(2)));
        assertThat(host.exists("/sys/fs/cgroup/cpuset.cpus.exclusive")).isFalse();
    }

    @Test
    void busyGroupIsTriedAgain() {
        host.directory(GROUP + "/a").kernel().failOnceOn("rmdir", Errno.EBUSY).failOnceOn("rmdir", Errno.EBUSY);

        undo(new CreateCgroup("unified", DIRECTORY.resolve("a")));

        assertThat(host.exists(GROUP + "/a")).isFalse();
        assertThat(host.kernel().calls("rmdir")).hasSize(3);
    }

    @Test
    void groupsBelowAreRemovedFirst() {
        host.directory(GROUP + "/a/b/c").directory(GROUP + "/a/d");

        undo(new CreateCgroup("unified", DIRECTORY.resolve("a")));

        assertThat(host.exists(GROUP + "/a")).isFalse();
        assertThat(host.exists(GROUP)).isTrue();
    }

    @Test
    void mountPointIsLeftAlone() {
        host.version2(GROUP + "/a").kernel().failOn("rmdir", Errno.EBUSY);

        assertThatThrownBy(() -> undo(new CreateCgroup("unified", DIRECTORY.resolve("a"))))
                .isInstanceOf(KernelFileException.class)
                .hasMessageContaining("it is a mount point");
        assertThat(host.kernel().calls("rmdir")).hasSize(1);
    }

    @Test
    void refusalToRemoveIsNotTriedAgain() {
        host.directory(GROUP + "/a").kernel().failOn("rmdir", Errno.EPERM);

        assertThatThrownBy(() -> undo(new CreateCgroup("unified", DIRECTORY.resolve("a"))))
                .isInstanceOfSatisfying(KernelFileException.class,
                        failure -> assertThat(failure.errno()).isEqualTo(Errno.EPERM));
        assertThat(host.kernel().calls("rmdir")).hasSize(1);
    }
}

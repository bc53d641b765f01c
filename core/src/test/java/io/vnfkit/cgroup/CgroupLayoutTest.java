package io.vnfkit.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.cgroup.Placement.Hierarchy;
import io.vnfkit.cgroup.Placement.None;
import io.vnfkit.cgroup.Placement.V1;
import io.vnfkit.cgroup.Placement.V2;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CgroupLayoutTest {

    private static Placement placement(CapturedHosts host, String controller) {
        return host.layout().placement(controller);
    }

    private static V1 version1(String mountPoint, String root, String... controllers) {
        return new V1(Path.of(mountPoint), root, List.of(controllers), false);
    }

    @Test
    void unifiedHostHasEverythingInVersion2() {
        V2 unified = new V2(Path.of("/sys/fs/cgroup"), "/",
                List.of("cpu", "cpuset", "hugetlb", "io", "memory", "misc", "pids", "rdma"));

        assertThat(CapturedHosts.SYSTEMD_UNIFIED.layout().unified()).contains(unified);
        for (String controller : List.of("cpuset", "hugetlb", "devices", "freezer", "misc")) {
            assertThat(placement(CapturedHosts.SYSTEMD_UNIFIED, controller)).isEqualTo(unified);
        }
    }

    @Test
    void hybridHostHasItsControllersInVersion1() {
        assertThat(placement(CapturedHosts.SYSTEMD_HYBRID, "cpuset"))
                .isEqualTo(version1("/sys/fs/cgroup/cpuset", "/", "cpuset"));
        assertThat(placement(CapturedHosts.SYSTEMD_HYBRID, "hugetlb"))
                .isEqualTo(version1("/sys/fs/cgroup/hugetlb", "/", "hugetlb"));
        assertThat(CapturedHosts.SYSTEMD_HYBRID.layout().unified()).map(V2::mountPoint)
                .contains(Path.of("/sys/fs/cgroup/unified"));
    }

    @Test
    void joinedControllersShareAHierarchy() {
        V1 joined = version1("/sys/fs/cgroup/cpu,cpuacct", "/", "cpu", "cpuacct");

        assertThat(placement(CapturedHosts.SYSTEMD_HYBRID, "cpu")).isEqualTo(joined);
        assertThat(placement(CapturedHosts.SYSTEMD_HYBRID, "cpuacct")).isEqualTo(joined);
        assertThat(joined.label()).isEqualTo("cpu,cpuacct");
    }

    @Test
    void controllerIsWhereItIsOfferedWhateverTheOthersDo() {
        assertThat(placement(CapturedHosts.HUGETLB_ONLY_IN_VERSION_2, "hugetlb"))
                .isEqualTo(new V2(Path.of("/sys/fs/cgroup/unified"), "/", List.of("hugetlb")));
        assertThat(placement(CapturedHosts.HUGETLB_ONLY_IN_VERSION_2, "cpuset"))
                .isEqualTo(version1("/sys/fs/cgroup/cpuset", "/", "cpuset"));
        assertThat(placement(CapturedHosts.HUGETLB_ONLY_IN_VERSION_2, "devices"))
                .isEqualTo(version1("/sys/fs/cgroup/devices", "/", "devices"));
    }

    @Test
    void containerSeesItsOwnGroupAtTheMountPoint() {
        CgroupLayout layout = CapturedHosts.DOCKER_VERSION_1.layout();

        assertThat(layout.placement("cpuset")).isEqualTo(version1("/sys/fs/cgroup/cpuset", "/docker/8f3a", "cpuset"));
        assertThat(layout.ownDirectory(layout.hierarchy("cpuset").orElseThrow()))
                .contains(Path.of("/sys/fs/cgroup/cpuset"));
        assertThat(layout.unified()).isEmpty();
    }

    @Test
    void ownDirectoryIsBelowTheMountPoint() {
        CgroupLayout layout = CapturedHosts.SYSTEMD_HYBRID.layout();

        assertThat(layout.ownDirectory(layout.hierarchy("cpu").orElseThrow()))
                .contains(Path.of("/sys/fs/cgroup/cpu,cpuacct/user.slice"));
        assertThat(layout.ownDirectory(layout.unified().orElseThrow()))
                .contains(Path.of("/sys/fs/cgroup/unified/user.slice/user-1000.slice/session-3.scope"));
        assertThat(layout.ownDirectory(version1("/mnt", "/elsewhere", "cpu"))).isEmpty();
    }

    @Test
    void oddMountPointsAreUnderstood() {
        assertThat(placement(CapturedHosts.ODD_PLACES, "cpuset"))
                .isEqualTo(new V1(Path.of("/dev/cpu sets"), "/", List.of("cpuset"), true));
    }

    @Test
    void wholeHierarchyIsPreferredToAPartOfIt() {
        assertThat(placement(CapturedHosts.ODD_PLACES, "hugetlb")).isEqualTo(version1("/mnt/whole", "/", "hugetlb"));
    }

    @Test
    void coveredHierarchyCannotBeUsed() {
        assertThat(placement(CapturedHosts.ODD_PLACES, "devices")).isEqualTo(new None(
                "the controller devices belongs to a version 1 hierarchy that is not mounted here",
                "mount it: mount -t cgroup -o devices cgroup /sys/fs/cgroup/devices"));
    }

    @Test
    void reasonsForMissingControllersDiffer() {
        assertThat(reason(CapturedHosts.SYSTEMD_HYBRID, "memory")).isEqualTo("the controller memory is switched off");
        assertThat(reason(CapturedHosts.SYSTEMD_HYBRID, "rdma"))
                .contains("version 1 hierarchy that is not mounted here");
        assertThat(reason(CapturedHosts.HUGETLB_ONLY_IN_VERSION_2, "net_cls"))
                .isEqualTo("the controller net_cls is not offered at /sys/fs/cgroup/unified");
        assertThat(reason(CapturedHosts.ODD_PLACES, "pids")).isEqualTo("the controller pids is not mounted");
        assertThat(reason(CapturedHosts.NONE, "hugetlb")).isEqualTo("the kernel has no controller \"hugetlb\"");
    }

    private static String reason(CapturedHosts host, String controller) {
        return ((None) placement(host, controller)).reason();
    }

    @Test
    void hostWithoutControlGroupsHasNoHierarchy() {
        CgroupLayout layout = CapturedHosts.NONE.layout();

        assertThat(layout.unified()).isEmpty();
        assertThat(layout.hierarchy("cpuset")).isEmpty();
        assertThat(layout.hierarchy("devices")).isEmpty();
    }

    @Test
    void devicesCanBeEnforcedByAProgramInstead() {
        CgroupLayout layout = CapturedHosts.HUGETLB_ONLY_IN_VERSION_2.layout().withDeviceProgram();

        assertThat(layout.placement("devices")).isInstanceOf(V2.class);
        assertThat(layout.placement("cpuset")).isInstanceOf(V1.class);
        assertThatThrownBy(() -> CapturedHosts.DOCKER_VERSION_1.layout().withDeviceProgram())
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void hierarchyOfADirectoryIsTheDeepestOne() {
        CgroupLayout layout = CapturedHosts.SYSTEMD_HYBRID.layout();

        assertThat(layout.hierarchyOf(Path.of("/sys/fs/cgroup/cpuset/vnfkit/a"))).map(Hierarchy::label)
                .contains("cpuset");
        assertThat(layout.hierarchyOf(Path.of("/sys/fs/cgroup/unified/vnfkit/a"))).map(Hierarchy::label)
                .contains("unified");
        assertThat(layout.hierarchyOf(Path.of("/sys/fs/cgroup/elsewhere"))).isEmpty();
    }

    @Test
    void layoutPrintsAsATable() {
        assertThat(CapturedHosts.HUGETLB_ONLY_IN_VERSION_2.layout().toString().lines())
                .contains("cpuset: version 1 at /sys/fs/cgroup/cpuset",
                        "hugetlb: version 2 at /sys/fs/cgroup/unified",
                        "net_cls: not usable, the controller net_cls is not offered at /sys/fs/cgroup/unified");
    }

    @Test
    void layoutIsReadFromTheFilesOfAHost(@TempDir Path root) {
        CgroupLayout layout = FakeGroups.below(root).version1("cpuset").version2("/sys/fs/cgroup/unified", "hugetlb")
                .layout();

        assertThat(layout.placement("cpuset")).isInstanceOf(V1.class);
        assertThat(layout.placement("hugetlb")).isInstanceOf(V2.class);
        assertThat(layout.own()).containsEntry("unified", "/");
    }

    @Test
    void changedFilesGiveAnotherLayout(@TempDir Path root) {
        FakeGroups host = FakeGroups.below(root).version1("cpuset").version2("/sys/fs/cgroup/unified", "hugetlb");
        CgroupLayout first = host.layout();

        assertThat(host.layout()).isSameAs(first);
        host.file("/sys/fs/cgroup/unified/cgroup.controllers", "hugetlb memory");
        assertThat(host.layout().placement("memory")).isInstanceOf(V2.class);
        host.file("/proc/self/cgroup", "0::/pod");
        assertThat(host.layout().own()).containsEntry("unified", "/pod");
        host.version1("pids");
        assertThat(host.layout().placement("pids")).isInstanceOf(V1.class);
        host.file("/proc/cgroups", "#subsys_name\thierarchy\tnum_cgroups\tenabled\nrdma\t0\t1\t0");
        assertThat(host.layout().placement("rdma")).isInstanceOfSatisfying(None.class,
                none -> assertThat(none.reason()).isEqualTo("the controller rdma is switched off"));
    }

    @Test
    void layoutsOfTwoHostsAreNotMixedUp(@TempDir Path one, @TempDir Path other) {
        FakeGroups version2 = FakeGroups.below(one).version2("/sys/fs/cgroup", "hugetlb");
        FakeGroups version1 = FakeGroups.below(other).version1("hugetlb");

        for (int turn = 0; turn < 2; turn++) {
            assertThat(version2.layout().placement("hugetlb")).isInstanceOf(V2.class);
            assertThat(version1.layout().placement("hugetlb")).isInstanceOf(V1.class);
        }
    }
}

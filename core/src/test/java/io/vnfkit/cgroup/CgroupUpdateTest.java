package io.vnfkit.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.InvalidVnfException;
import io.vnfkit.linux.Errno;
import io.vnfkit.linux.KernelFileException;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.DeviceRule;
import io.vnfkit.unit.NodeSet;
import io.vnfkit.unit.PageSize;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CgroupUpdateTest {

    private static final String CPUSET = "/sys/fs/cgroup/cpuset/vnfkit/a/";
    private static final String DEVICES = "/sys/fs/cgroup/devices/vnfkit/a/";
    private static final String HUGETLB = "/sys/fs/cgroup/hugetlb/vnfkit/a/";
    private static final String UNLIMITED = "9223372036854771712";

    @TempDir
    Path root;

    private FakeGroups host;
    private Cgroup group;

    @BeforeEach
    void build() {
        host = FakeGroups.below(root).eightCpusOnTwoNodes().version1("cpuset", "devices", "hugetlb")
                .version2("/sys/fs/cgroup/unified");
        host.file("/sys/fs/cgroup/cpuset/vnfkit/cpuset.cpus", "0-7")
                .file("/sys/fs/cgroup/cpuset/vnfkit/cpuset.mems", "0-1");
        host.file(CPUSET + "cpuset.cpus", "2-3").file(CPUSET + "cpuset.mems", "0")
                .file(CPUSET + "cpuset.cpu_exclusive", "0")
                .file(CPUSET + "cpuset.memory_migrate", "0");
        host.file(DEVICES + "devices.list", "c 1:3 rwm\nc 1:5 rwm").file(DEVICES + "devices.allow", "")
                .file(DEVICES + "devices.deny", "");
        for (String file : List.of("limit_in_bytes", "rsvd.limit_in_bytes")) {
            host.file(HUGETLB + "hugetlb.2MB." + file, "4194304").file(HUGETLB + "hugetlb.1GB." + file, UNLIMITED);
        }
        host.directory("/sys/fs/cgroup/unified/vnfkit/a");
        group = Cgroup.open(host.host(), host.layout(), List.of(Path.of("/sys/fs/cgroup/unified/vnfkit/a"),
                Path.of(CPUSET), Path.of(DEVICES), Path.of(HUGETLB)));
    }

    /** What is in force at the start. */
    private static CgroupDescription.Builder present() {
        return CgroupDescription.builder().cpus(CpuSet.range(2, 3)).memoryNodes(NodeSet.of(0))
                .denyDevice(DeviceRule.everything()).allowDevice(DeviceRule.character(1, 3))
                .allowDevice(DeviceRule.character(1, 5)).hugetlb(PageSize.MIB_2, Bytes.mebibytes(4));
    }

    private List<String> writes() {
        return host.kernel().calls("write").stream()
                .map(call -> call.substring(call.indexOf('"') + 1, call.lastIndexOf('"')))
                .toList();
    }

    @Test
    void nothingIsWrittenWhereNothingChanges() {
        group.update(present().build());

        assertThat(writes()).isEmpty();
    }

    @Test
    void migrationIsOnBeforeTheNodesChange() {
        group.update(present().memoryMigrate(true).memoryNodes(NodeSet.of(1)).cpus(CpuSet.range(4, 5)).build());

        assertThat(writes()).containsExactly("1", "1", "4-5");
        assertThat(host.kernel().calls("open").get(0)).contains("cpuset.memory_migrate");
        assertThat(host.read(CPUSET + "cpuset.mems")).isEqualTo("1");
    }

    @Test
    void whatTheDescriptionLeavesOutIsThatOfTheParentAgain() {
        group.update(CgroupDescription.builder().devices(present().build().devices()).build());

        assertThat(host.read(CPUSET + "cpuset.cpus")).isEqualTo("0-7");
        assertThat(host.read(CPUSET + "cpuset.mems")).isEqualTo("0-1");
        assertThat(host.read(HUGETLB + "hugetlb.2MB.limit_in_bytes")).isEqualTo("-1");
        assertThat(host.read(HUGETLB + "hugetlb.2MB.rsvd.limit_in_bytes")).isEqualTo("-1");
        assertThat(host.read(HUGETLB + "hugetlb.1GB.limit_in_bytes")).isEqualTo(UNLIMITED);
    }

    @Test
    void flagsAreTakenBack() {
        host.file(CPUSET + "cpuset.memory_migrate", "1").file(CPUSET + "cpuset.cpu_exclusive", "1");

        group.update(present().build());

        assertThat(host.read(CPUSET + "cpuset.memory_migrate")).isEqualTo("0");
        assertThat(host.read(CPUSET + "cpuset.cpu_exclusive")).isEqualTo("0");
    }

    @Test
    void oneOfBothHugetlbLimitsCanGo() {
        group.update(present().hugetlb(PageSize.MIB_2, HugetlbLimit.onFault(Bytes.mebibytes(8))).build());

        assertThat(host.read(HUGETLB + "hugetlb.2MB.limit_in_bytes")).isEqualTo("8388608");
        assertThat(host.read(HUGETLB + "hugetlb.2MB.rsvd.limit_in_bytes")).isEqualTo("-1");
    }

    @Test
    void deviceListIsWidenedBeforeItIsNarrowed() {
        group.update(present().allowDevice(DeviceRule.character(242, 2)).denyDevice(DeviceRule.character(1, 5))
                .build());

        assertThat(writes()).containsExactly("c 242:2 rwm", "c 1:5 rwm");
        assertThat(host.read(DEVICES + "devices.allow")).isEqualTo("c 242:2 rwm");
        assertThat(host.read(DEVICES + "devices.deny")).isEqualTo("c 1:5 rwm");
    }

    @Test
    void failureGivesTheFilesTheirOldValuesBack() {
        host.kernel().failWhere("c 242:2", Errno.EPERM);

        assertThatThrownBy(() -> group.update(present().cpus(CpuSet.of(5)).hugetlb(PageSize.MIB_2, Bytes.mebibytes(2))
                .allowDevice(DeviceRule.character(242, 2)).build()))
                .isInstanceOf(KernelFileException.class)
                .hasMessageContaining("write \"c 242:2 rwm\" to")
                .hasMessageContaining("the parent group does not allow it");
        assertThat(host.read(CPUSET + "cpuset.cpus")).isEqualTo("2-3");
        assertThat(host.read(HUGETLB + "hugetlb.2MB.limit_in_bytes")).isEqualTo("4194304");
    }

    @Test
    void problemsAreFoundBeforeAnythingIsWritten() {
        assertThatThrownBy(() -> group.update(present().cpus(CpuSet.of(9)).build()))
                .isInstanceOfSatisfying(InvalidVnfException.class,
                        failure -> assertThat(failure.problems()).singleElement().asString()
                                .contains("CPUs 9 do not exist"));
        assertThat(writes()).isEmpty();
    }

    @Test
    void groupThatWasNotMadeAtTheLaunchIsAProblem() {
        Cgroup without = Cgroup.open(host.host(), host.layout(),
                List.of(Path.of("/sys/fs/cgroup/unified/vnfkit/a"), Path.of(DEVICES)));

        assertThatThrownBy(() -> without.update(present().build()))
                .isInstanceOf(InvalidVnfException.class)
                .hasMessageContaining("started without the control group /sys/fs/cgroup/cpuset/vnfkit/a");
        assertThatThrownBy(() -> group.update(present().parent(Path.of("other")).build()))
                .isInstanceOf(InvalidVnfException.class)
                .hasMessageContaining("keep the parent");
        assertThat(writes()).isEmpty();
    }
}

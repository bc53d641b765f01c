package io.vnfkit.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.cgroup.CgroupStatistics.CpuTime;
import io.vnfkit.cgroup.HugetlbStatistics.Counter;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.PageSize;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CgroupStatisticsTest {

    @TempDir
    Path root;

    private FakeGroups host;

    @BeforeEach
    void build() {
        host = FakeGroups.below(root).eightCpusOnTwoNodes();
    }

    private Cgroup open(String... directories) {
        return Cgroup.open(host.host(), host.layout(), List.of(directories).stream().map(Path::of).toList());
    }

    @Test
    void version2CountersAreRead() {
        String group = "/sys/fs/cgroup/vnfkit/a/";
        host.version2("/sys/fs/cgroup", "hugetlb", "memory").file(group + "cgroup.procs", "12\n7\n0")
                .file(group + "cgroup.events", "populated 1\nfrozen 0")
                .file(group + "cpu.stat", "usage_usec 1500000\nuser_usec 1000000\nsystem_usec 500000\nnr_periods 0")
                .file(group + "memory.current", "8192")
                .file(group + "hugetlb.2MB.current", "4194304").file(group + "hugetlb.2MB.max", "8388608")
                .file(group + "hugetlb.2MB.rsvd.current", "6291456").file(group + "hugetlb.2MB.rsvd.max", "max")
                .file(group + "hugetlb.2MB.events", "max 3");

        CgroupStatistics statistics = open(group).statistics();

        assertThat(statistics.processes()).isEqualTo(2);
        assertThat(statistics.populated()).isTrue();
        assertThat(statistics.frozen()).isFalse();
        assertThat(statistics.memory()).contains(Bytes.of(8192));
        assertThat(statistics.cpu()).contains(
                new CpuTime(Duration.ofMillis(1500), Duration.ofSeconds(1), Duration.ofMillis(500)));
        assertThat(statistics.hugetlb()).containsOnlyKeys(PageSize.MIB_2);
        assertThat(statistics.hugetlb().get(PageSize.MIB_2)).isEqualTo(new HugetlbStatistics(
                new Counter(Bytes.mebibytes(4), Optional.of(Bytes.mebibytes(8)), Optional.empty()),
                new Counter(Bytes.mebibytes(6), Optional.empty(), Optional.empty()), 3));
    }

    @Test
    void version1CountersAreRead() {
        String group = "/sys/fs/cgroup/hugetlb/vnfkit/a/";
        String freezer = "/sys/fs/cgroup/freezer/vnfkit/a/";
        host.version1("hugetlb", "freezer").file(freezer + "freezer.state", "FROZEN")
                .file(freezer + "cgroup.procs", "5")
                .file(group + "hugetlb.2MB.usage_in_bytes", "2097152")
                .file(group + "hugetlb.2MB.limit_in_bytes", "4194304")
                .file(group + "hugetlb.2MB.max_usage_in_bytes", "4194304").file(group + "hugetlb.2MB.failcnt", "2")
                .file(group + "hugetlb.2MB.rsvd.usage_in_bytes", "2097152")
                .file(group + "hugetlb.2MB.rsvd.limit_in_bytes", "9223372036854771712")
                .file(group + "hugetlb.2MB.rsvd.max_usage_in_bytes", "2097152")
                .file(group + "hugetlb.2MB.rsvd.failcnt", "5");

        CgroupStatistics statistics = open(freezer, group).statistics();

        assertThat(statistics.frozen()).isTrue();
        assertThat(statistics.populated()).isTrue();
        assertThat(statistics.cpu()).isEmpty();
        assertThat(statistics.hugetlb().get(PageSize.MIB_2)).isEqualTo(new HugetlbStatistics(
                new Counter(Bytes.mebibytes(2), Optional.of(Bytes.mebibytes(4)), Optional.of(Bytes.mebibytes(4))),
                new Counter(Bytes.mebibytes(2), Optional.empty(), Optional.of(Bytes.mebibytes(2))), 7));
    }

    @ParameterizedTest
    @ValueSource(strings = {"max", "9223372036854771712", "9223372036852678656", "9223372035781033984"})
    void allTheKernelsWaysToSayUnlimitedAreNoLimit(String text) {
        host.file("/sys/fs/cgroup/limit", text);

        assertThat(HugetlbStatistics.limit(host.host().files(), Path.of("/sys/fs/cgroup/limit"))).isEmpty();
    }

    @Test
    void groupThatIsGoneCountsNothing() {
        host.version2("/sys/fs/cgroup", "hugetlb");

        CgroupStatistics statistics = open("/sys/fs/cgroup/vnfkit/gone").statistics();

        assertThat(statistics).isEqualTo(new CgroupStatistics(0, false, false, new TreeMap<>(),
                Optional.empty(), Optional.empty()));
    }

    @Test
    void processesOfGroupsBelowAreListedToo() {
        host.version2("/sys/fs/cgroup").file("/sys/fs/cgroup/vnfkit/a/cgroup.procs", "30")
                .file("/sys/fs/cgroup/vnfkit/a/sub/cgroup.procs", "20\n10");

        assertThat(open("/sys/fs/cgroup/vnfkit/a").processes()).containsExactly(10, 20, 30);
    }
}

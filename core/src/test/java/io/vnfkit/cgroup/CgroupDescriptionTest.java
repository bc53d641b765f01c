package io.vnfkit.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.Problem;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.DevicePolicy;
import io.vnfkit.unit.DeviceRule;
import io.vnfkit.unit.NodeSet;
import io.vnfkit.unit.PageSize;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CgroupDescriptionTest {

    private static List<String> places(CgroupDescription.Builder builder) {
        return builder.build().problems().stream().map(Problem::where).toList();
    }

    private static CgroupDescription.Builder builder() {
        return CgroupDescription.builder();
    }

    @Test
    void emptyDescriptionLimitsOnlyDevices() {
        CgroupDescription description = builder().build();

        assertThat(description.parent()).isEqualTo(Path.of("vnfkit"));
        assertThat(description.cpus().isEmpty()).isTrue();
        assertThat(description.hugetlb()).isEmpty();
        assertThat(description.devices()).isEqualTo(DevicePolicy.standard());
        assertThat(description.partition()).isEqualTo(Partition.MEMBER);
        assertThat(description.problems()).isEmpty();
    }

    @Test
    void equalCallsGiveEqualDescriptions() {
        CgroupDescription one = full().build();

        assertThat(one).isEqualTo(full().build()).hasSameHashCodeAs(full().build());
        assertThat(one).isNotEqualTo(full().cpus(CpuSet.of(1)).build());
        assertThat(one.toString()).startsWith("CgroupDescription[").contains("2-5");
    }

    private static CgroupDescription.Builder full() {
        return builder().parent(Path.of("system.slice")).cpus(CpuSet.range(2, 5)).memoryNodes(NodeSet.of(0))
                .memoryMigrate(true).exclusive(true).partition(Partition.ROOT)
                .hugetlb(PageSize.MIB_2, Bytes.mebibytes(4), Bytes.mebibytes(8))
                .allowDevice(DeviceRule.character(10, 196)).rawFile("cpu", "cpu.max", "max 100000");
    }

    @Test
    void builderOfADescriptionStartsFromIt() {
        assertThat(full().build().toBuilder().build()).isEqualTo(full().build());
        assertThat(builder().build().toBuilder().build()).isEqualTo(builder().build());
    }

    @Test
    void builderOfADescriptionKeepsItsProblems() {
        CgroupDescription wrong = builder().cpus(CpuSet.empty()).denyDevice(DeviceRule.parse("c 136:1 rw")).build();

        assertThat(places(wrong.toBuilder().memoryNodes(NodeSet.of(0))))
                .containsExactly("cgroup.cpus", "cgroup.devices");
    }

    @Test
    void laterCallReplacesAnEarlierOne() {
        CgroupDescription description = builder().cpus(CpuSet.of(1)).cpus(CpuSet.of(2))
                .hugetlb(PageSize.MIB_2, Bytes.mebibytes(2)).hugetlb(PageSize.MIB_2, Bytes.mebibytes(4))
                .rawFile("cpu", "cpu.max", "1").rawFile("cpu", "cpu.max", "2").build();

        assertThat(description.cpus()).isEqualTo(CpuSet.of(2));
        assertThat(description.hugetlb().get(PageSize.MIB_2)).isEqualTo(HugetlbLimit.of(Bytes.mebibytes(4)));
        assertThat(description.rawFiles()).containsExactly(new RawCgroupFile("cpu", "cpu.max", "2"));
    }

    @Test
    void lowestOfBothHugetlbLimitsCounts() {
        assertThat(full().build().hugetlb().get(PageSize.MIB_2).lowest()).contains(Bytes.mebibytes(4));
        assertThat(HugetlbLimit.onReservation(Bytes.mebibytes(2)).lowest()).contains(Bytes.mebibytes(2));
        assertThat(new HugetlbLimit(Optional.empty(), Optional.empty()).lowest()).isEmpty();
    }

    @Test
    void emptySetsThatWereAskedForAreProblems() {
        assertThat(places(builder().cpus(CpuSet.empty()).memoryNodes(NodeSet.empty())))
                .containsExactly("cgroup.cpus", "cgroup.memoryNodes");
        assertThat(places(builder().cpus(CpuSet.empty()).cpus(CpuSet.of(1)))).isEmpty();
    }

    @Test
    void limitThatIsNoMultipleOfThePageSizeIsAProblemWithBothNeighbours() {
        List<Problem> problems = builder().hugetlb(PageSize.MIB_2, Bytes.of(5_000_000), Bytes.mebibytes(8)).build()
                .problems();

        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.where()).isEqualTo("cgroup.hugetlb[2MiB]");
            assertThat(problem.what()).contains("the fault limit of 5000000").contains("4MiB");
            assertThat(problem.cure()).isEqualTo("take 4MiB or 6MiB");
        });
    }

    @Test
    void partitionNeedsCpus() {
        assertThat(places(builder().partition(Partition.ISOLATED))).containsExactly("cgroup.partition");
        assertThat(places(builder().partition(Partition.ISOLATED).cpus(CpuSet.of(1)))).isEmpty();
    }

    @Test
    void partOfARuleThatIsDeniedIsAProblemThatNamesBoth() {
        List<Problem> problems = builder().denyDevice(DeviceRule.parse("c 136:1 rw")).build().problems();

        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.where()).isEqualTo("cgroup.devices");
            assertThat(problem.what()).isEqualTo("cannot deny \"c 136:1 rw\", which is a part of \"c 136:* rwm\"");
        });
        assertThat(places(builder().allowAllDevices().denyDevice(DeviceRule.parse("c 136:* rw"))
                .allowDevice(DeviceRule.parse("c 136:1 r")))).containsExactly("cgroup.devices");
    }

    @Test
    void newPolicyForgetsProblemsOfTheOldOne() {
        assertThat(places(builder().denyDevice(DeviceRule.parse("c 136:1 rw")).allowAllDevices())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/absolute", "..", "../up", "a/../b", "./a"})
    void parentIsARelativePathThatStaysBelow(String parent) {
        assertThat(places(builder().parent(Path.of(parent)))).containsExactly("cgroup.parent");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", "../cpu.max", "tasks", "cgroup.procs"})
    void rawFileMustBeAControlFileOfTheGroup(String file) {
        assertThat(places(builder().rawFile("cpu", file, "1"))).isNotEmpty();
    }

    @Test
    void rawFileMustNotStandForATypedPart() {
        assertThat(places(builder().rawFile("cpuset", "cpuset.cpus", "1")))
                .containsExactly("cgroup.rawFile[cpuset.cpus]");
        assertThat(places(builder().rawFile("hugetlb", "hugetlb.2MB.max", "1")))
                .containsExactly("cgroup.rawFile[hugetlb.2MB.max]");
        assertThat(places(builder().rawFile("cpuset", "cpuset.sched_load_balance", "0"))).isEmpty();
    }
}

package io.vnfkit.sysfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.CollectedContributions;
import io.vnfkit.Grant;
import io.vnfkit.mount.FileContent;
import io.vnfkit.mount.Mask;
import io.vnfkit.sysfs.fake.FakeHost;
import io.vnfkit.sysfs.fake.FakeHostBuilder;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.NodeSet;
import io.vnfkit.unit.PageSize;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Masks of CPUs, nodes, huge pages and procfs on a host with two sockets of four cores with two threads. */
class SysfsMaskTest {

    private static final String CPU = "/sys/devices/system/cpu";
    private static final String NODE = "/sys/devices/system/node";

    @TempDir
    static Path shared;

    @TempDir
    Path directory;

    private static FakeHost fake;

    @BeforeAll
    static void buildHost() {
        fake = twoSockets(shared.resolve("host")).build();
    }

    private static FakeHostBuilder twoSockets(Path directory) {
        return FakeHost.in(directory).sockets(2).coresPerSocket(4).threadsPerCore(2)
                .memoryPerNode(Bytes.gibibytes(16)).isolated("2-3,10-11")
                .hugepages(0, PageSize.MIB_2, 100).hugepages(1, PageSize.MIB_2, 100).hugepages(1, PageSize.GIB_1, 4);
    }

    private static MaskedView view(FakeHost host, SysfsMask mask, Grant grant) {
        CollectedContributions recorded = CollectedContributions.of(mask, host.host(), grant);
        assertThat(recorded.problems()).isEmpty();
        return new MaskedView(host.host(), recorded.masks());
    }

    private static Grant cpus(String list) {
        return Grant.NONE.withCpus(CpuSet.parse(list));
    }

    @Test
    void listsOnlyGrantedCpus() {
        MaskedView seen = view(fake, SysfsMask.onlyGranted(), cpus("3,11-12"));

        assertThat(seen.read(CPU + "/online")).isEqualTo("3,11-12\n");
        assertThat(seen.read(CPU + "/present")).isEqualTo("3,11-12\n");
        assertThat(seen.read(CPU + "/enabled")).isEqualTo("3,11-12\n");
        assertThat(seen.read(CPU + "/offline")).isEqualTo("\n");
        assertThat(seen.read(CPU + "/isolated")).isEqualTo("3,11\n");
        assertThat(seen.read(CPU + "/nohz_full")).isEqualTo("\n");
    }

    @Test
    void leavesNoHolesInThePossibleCpusWhoseCountBoundsTheirNumbers() {
        assertThat(view(fake, SysfsMask.onlyGranted(), cpus("3,11-12")).read(CPU + "/possible"))
                .isEqualTo("0-12\n");
    }

    @Test
    void emptiesTheDirectoriesOfOtherCpus() {
        MaskedView seen = view(fake, SysfsMask.onlyGranted(), cpus("3,11"));

        assertThat(seen.list(CPU + "/cpu3")).containsExactly("cache", "node0", "topology");
        assertThat(seen.list(CPU + "/cpu4")).isEmpty();
        assertThat(seen.exists(CPU + "/cpu4/topology/core_id")).isFalse();
    }

    @Test
    void namesNoHiddenCpuInTheTopologyOfAGrantedOne() {
        MaskedView seen = view(fake, SysfsMask.onlyGranted(), cpus("2-3,11"));

        assertThat(seen.read(CPU + "/cpu3/topology/core_id")).isEqualTo("3\n");
        assertThat(seen.read(CPU + "/cpu3/topology/physical_package_id")).isEqualTo("0\n");
        assertThat(seen.read(CPU + "/cpu3/topology/thread_siblings_list")).isEqualTo("3,11\n");
        assertThat(seen.read(CPU + "/cpu2/topology/thread_siblings_list")).isEqualTo("2\n");
        assertThat(seen.read(CPU + "/cpu2/topology/thread_siblings")).isEqualTo("0004\n");
        assertThat(seen.read(CPU + "/cpu2/topology/package_cpus_list")).isEqualTo("2-3,11\n");
        assertThat(seen.read(CPU + "/cpu11/topology/core_siblings")).isEqualTo("080c\n");
        assertThat(seen.read(CPU + "/cpu3/cache/index3/size")).isEqualTo("33792K\n");
    }

    @Test
    void keepsWhatProgramsReadBesideCpus() {
        MaskedView seen = view(fake, SysfsMask.onlyGranted(), cpus("3"));

        assertThat(seen.read(CPU + "/kernel_max")).isEqualTo("8191\n");
        assertThat(seen.read(CPU + "/smt/active")).isEqualTo("1\n");
        assertThat(seen.read(CPU + "/vulnerabilities/meltdown")).isEqualTo("Not affected\n");
        assertThat(seen.exists(CPU + "/hotplug")).isFalse();
    }

    @Test
    void bindsTheKernelsDirectoriesWhereClockRatesAreWanted() {
        CollectedContributions recorded =
                CollectedContributions.of(SysfsMask.none().liveCpus(), fake.host(), cpus("3"));
        MaskedView seen = new MaskedView(fake.host(), recorded.masks());

        assertThat(seen.read(CPU + "/cpu3/topology/core_siblings_list")).isEqualTo("0-3,8-11\n");
        assertThat(seen.read(CPU + "/cpuidle/current_driver")).isEqualTo("intel_idle\n");
        assertThat(seen.list(CPU + "/cpu4")).isEmpty();
    }

    @Test
    void showsNodesOfGrantedMemoryOnly() {
        MaskedView seen = view(fake, SysfsMask.onlyGranted(),
                cpus("5").withMemoryNodes(NodeSet.of(1)));

        assertThat(seen.read(NODE + "/online")).isEqualTo("1\n");
        assertThat(seen.read(NODE + "/possible")).isEqualTo("0-1\n");
        assertThat(seen.read(NODE + "/has_cpu")).isEqualTo("1\n");
        assertThat(seen.read(NODE + "/has_memory")).isEqualTo("1\n");
        assertThat(seen.exists(NODE + "/node0")).isFalse();
        assertThat(seen.read(NODE + "/node1/cpulist")).isEqualTo("5\n");
        assertThat(seen.read(NODE + "/node1/cpumap")).isEqualTo("0020\n");
        assertThat(seen.read(NODE + "/node1/distance")).isEqualTo("10\n");
        assertThat(seen.exists(NODE + "/node1/cpu5/topology/core_id")).isTrue();
        assertThat(seen.exists(NODE + "/node1/cpu4")).isFalse();
        assertThat(seen.read(NODE + "/node1/numastat")).contains("numa_hit");
    }

    @Test
    void showsTheNodeOfAGrantedCpuWithoutMemoryWhereItsMemoryIsNotGranted() {
        CollectedContributions recorded = CollectedContributions.of(SysfsMask.onlyGranted(), fake.host(),
                cpus("2,5").withMemoryNodes(NodeSet.of(1)).withHugepages(PageSize.MIB_2, Bytes.mebibytes(20)));
        MaskedView seen = new MaskedView(fake.host(), recorded.masks());

        assertThat(seen.read(NODE + "/online")).isEqualTo("0-1\n");
        assertThat(seen.read(NODE + "/has_cpu")).isEqualTo("0-1\n");
        assertThat(seen.read(NODE + "/has_memory")).isEqualTo("1\n");
        assertThat(seen.exists(CPU + "/cpu2/node0/cpu2")).isTrue();
        assertThat(seen.read(NODE + "/node0/hugepages/hugepages-2048kB/free_hugepages")).isEqualTo("0\n");
        assertThat(seen.read(NODE + "/node1/hugepages/hugepages-2048kB/free_hugepages")).isEqualTo("10\n");
        assertThat(file(recorded, NODE, "node0", "meminfo")).isEqualTo(new FileContent.Meminfo(NODE + "/node0/meminfo",
                Map.of("MemTotal", "0 kB", "MemFree", "0 kB", "MemUsed", "0 kB",
                        "HugePages_Total", "0", "HugePages_Free", "0", "HugePages_Surp", "0")));
    }

    private static FileContent file(CollectedContributions recorded, String target, String... names) {
        Mask.Entry entry = recorded.maskOver(target).orElseThrow();
        for (String name : names) {
            entry = ((Mask.Directory) entry).children().stream()
                    .filter(child -> child.name().equals(name)).findFirst().orElseThrow().entry();
        }
        return ((Mask.File) entry).content();
    }

    @Test
    void leavesAllNodesWhereNoneIsGranted() {
        MaskedView seen = view(fake, SysfsMask.onlyGranted(), cpus("5"));

        assertThat(seen.read(NODE + "/online")).isEqualTo("0-1\n");
        assertThat(seen.read(NODE + "/has_memory")).isEqualTo("0-1\n");
        assertThat(seen.read(NODE + "/node0/cpulist")).isEqualTo("\n");
        assertThat(seen.read(NODE + "/node0/distance")).isEqualTo("10 21\n");
        assertThat(seen.read(NODE + "/node1/hugepages/hugepages-2048kB/nr_hugepages")).isEqualTo("100\n");
    }

    @Test
    void showsTheGrantedPagesGloballyAndPerNode() {
        Grant grant = cpus("5").withMemoryNodes(NodeSet.of(1)).withHugepages(PageSize.MIB_2, Bytes.mebibytes(65));
        MaskedView seen = view(fake, SysfsMask.onlyGranted(), grant);
        String global = "/sys/kernel/mm/hugepages/hugepages-2048kB/";

        assertThat(seen.list("/sys/kernel/mm/hugepages")).containsExactly("hugepages-2048kB");
        assertThat(seen.list(NODE + "/node1/hugepages")).containsExactly("hugepages-2048kB");
        for (String name : List.of("nr_hugepages", "nr_hugepages_mempolicy", "free_hugepages")) {
            assertThat(seen.read(global + name)).isEqualTo("32\n");
        }
        for (String name : List.of("resv_hugepages", "surplus_hugepages", "nr_overcommit_hugepages")) {
            assertThat(seen.read(global + name)).isEqualTo("0\n");
        }
        assertThat(seen.read(NODE + "/node1/hugepages/hugepages-2048kB/nr_hugepages")).isEqualTo("32\n");
        assertThat(seen.read(NODE + "/node1/hugepages/hugepages-2048kB/free_hugepages")).isEqualTo("32\n");
        assertThat(seen.read(NODE + "/node1/hugepages/hugepages-2048kB/surplus_hugepages")).isEqualTo("0\n");
    }

    @Test
    void masksTheLinesOfHugePagesInMeminfo() {
        Grant grant = Grant.NONE.withHugepages(PageSize.MIB_2, Bytes.mebibytes(64))
                .withHugepages(PageSize.GIB_1, Bytes.gibibytes(1));
        CollectedContributions recorded =
                CollectedContributions.of(SysfsMask.none().meminfo(), fake.host(), grant);

        assertThat(recorded.masks()).containsExactly(Mask.over("/proc/meminfo", new Mask.File(
                new FileContent.Meminfo("/proc/meminfo", Map.of("HugePages_Total", "32", "HugePages_Free", "32",
                        "HugePages_Rsvd", "0", "HugePages_Surp", "0", "Hugetlb", "1114112 kB")))));
    }

    @Test
    void masksOnlyCountersWhereAllCpusAndNodesAreGranted() {
        CollectedContributions recorded = CollectedContributions.of(SysfsMask.none().nodes().hugepages(),
                fake.host(), Grant.NONE.withHugepages(PageSize.MIB_2, Bytes.mebibytes(40)));

        assertThat(recorded.masks()).extracting(mask -> mask.target().toString()).containsExactly(
                NODE + "/node0/hugepages", NODE + "/node0/meminfo",
                NODE + "/node1/hugepages", NODE + "/node1/meminfo",
                "/sys/kernel/mm/hugepages");
    }

    @Test
    void masksProcessorsInCpuinfo() {
        CollectedContributions recorded =
                CollectedContributions.of(SysfsMask.none().cpuinfo(), fake.host(), cpus("5"));

        assertThat(recorded.masks()).containsExactly(
                Mask.over("/proc/cpuinfo", new Mask.File(new FileContent.Cpuinfo(CpuSet.of(5)))));
    }

    @Test
    void masksNothingWhereTheGrantSaysNothing() {
        CollectedContributions recorded =
                CollectedContributions.of(SysfsMask.onlyGranted(), fake.host(), Grant.NONE);

        assertThat(recorded.masks()).isEmpty();
        assertThat(recorded.problems()).isEmpty();
    }

    @Test
    void masksNothingWhereEverythingIsGranted() {
        Grant all = cpus("0-15").withMemoryNodes(NodeSet.range(0, 1));

        assertThat(CollectedContributions.of(SysfsMask.onlyGranted(), fake.host(), all).masks())
                .isEmpty();
    }

    @Test
    void masksOnlyThePartsThatAreSwitchedOn() {
        Grant grant = cpus("5").withMemoryNodes(NodeSet.of(1)).withHugepages(PageSize.MIB_2, Bytes.mebibytes(40));

        assertThat(targets(SysfsMask.none(), grant)).isEmpty();
        assertThat(targets(SysfsMask.none().cpus(), grant)).containsExactly(CPU);
        assertThat(targets(SysfsMask.none().nodes(), grant)).containsExactly(NODE);
        assertThat(targets(SysfsMask.none().meminfo(), grant)).containsExactly("/proc/meminfo");
        assertThat(targets(SysfsMask.none().nodes().hugepages(), grant))
                .containsExactly(NODE, "/sys/kernel/mm/hugepages");
    }

    private static List<String> targets(SysfsMask mask, Grant grant) {
        return CollectedContributions.of(mask, fake.host(), grant).masks().stream()
                .map(found -> found.target().toString()).toList();
    }

    @Test
    void keepsTheKernelsCountersOfANodeWhereHugePagesAreNotMasked() {
        CollectedContributions recorded = CollectedContributions.of(SysfsMask.none().nodes(), fake.host(),
                cpus("5").withMemoryNodes(NodeSet.of(1)));
        MaskedView seen = new MaskedView(fake.host(), recorded.masks());

        assertThat(seen.read(NODE + "/node1/hugepages/hugepages-1048576kB/free_hugepages")).isEqualTo("4\n");
        assertThat(file(recorded, NODE, "node1", "meminfo")).isEqualTo(new FileContent.CopyOf(NODE + "/node1/meminfo"));
    }

    @Test
    void worksOnAHostWithoutNumaAndHugePages() {
        FakeHost small = FakeHost.in(directory.resolve("small")).withoutNuma().withoutHugepages().build();
        MaskedView seen = view(small, SysfsMask.onlyGranted(),
                cpus("1").withMemoryNodes(NodeSet.of(0)).withHugepages(PageSize.MIB_2, Bytes.mebibytes(4)));

        assertThat(seen.read(CPU + "/online")).isEqualTo("1\n");
        assertThat(seen.list(CPU + "/cpu1")).containsExactly("cache", "topology");
    }

    @Test
    void saysWhichGrantedCpusDoNotExistOrAreOffline() {
        CollectedContributions recorded = CollectedContributions.of(SysfsMask.onlyGranted(),
                twoSockets(directory.resolve("host")).offline("6").build().host(), cpus("5-6,20"));

        assertThat(recorded.problems()).extracting(Object::toString).containsExactly(
                "cgroup.cpus: CPUs 20 do not exist, the host has 0-15 (grant CPUs out of 0-5,7-15)",
                "cgroup.cpus: CPUs 6 are offline, 0-5,7-15 are online"
                        + " (write 1 to /sys/devices/system/cpu/cpu6/online, or grant other CPUs)");
    }

    @Test
    void saysWhichGrantedNodesDoNotExistOrHaveNoMemory() {
        CollectedContributions recorded = CollectedContributions.of(SysfsMask.onlyGranted(),
                FakeHost.in(directory.resolve("host")).sockets(2).memory(1, Bytes.ZERO).build().host(),
                Grant.NONE.withMemoryNodes(NodeSet.of(0, 1, 4)));

        assertThat(recorded.problems()).extracting(Object::toString).containsExactly(
                "cgroup.memoryNodes: NUMA nodes 4 do not exist, the host has 0-1 (grant nodes out of 0)",
                "cgroup.memoryNodes: NUMA nodes 1 have no memory (grant nodes out of 0)");
    }

    @Test
    void isAValue() {
        assertThat(SysfsMask.none().nodes().cpus()).isEqualTo(SysfsMask.none().cpus().nodes())
                .hasSameHashCodeAs(SysfsMask.none().cpus().nodes())
                .isNotEqualTo(SysfsMask.onlyGranted())
                .hasToString("sysfs mask of [CPUS, NODES]");
    }

    @Test
    void plansTheSameForEqualDescriptions() {
        Grant grant = cpus("3,11").withMemoryNodes(NodeSet.of(0)).withHugepages(PageSize.MIB_2, Bytes.mebibytes(40));

        assertThat(CollectedContributions.of(SysfsMask.onlyGranted(), fake.host(), grant).masks())
                .isEqualTo(CollectedContributions.of(SysfsMask.onlyGranted(), fake.host(), grant).masks());
    }
}

package io.vnfkit.sysfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.linux.Host;
import io.vnfkit.sysfs.fake.FakeArchitecture;
import io.vnfkit.sysfs.fake.FakeHost;
import io.vnfkit.sysfs.fake.FakeHostBuilder;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.NodeSet;
import io.vnfkit.unit.PageSize;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostTopologyTest {

    @TempDir
    Path directory;

    private FakeHostBuilder twoSockets() {
        return FakeHost.in(directory.resolve("host")).sockets(2).coresPerSocket(4).threadsPerCore(2)
                .memoryPerNode(Bytes.gibibytes(4));
    }

    private static HostTopology read(FakeHostBuilder builder) {
        return HostTopology.read(builder.build().host());
    }

    @Test
    void readsWhichCpusThereAre() {
        CpuTopology cpus = read(twoSockets().offline("7,15").isolated("2-3").nohzFull("3")).cpus();

        assertThat(cpus.possible()).isEqualTo(CpuSet.range(0, 15));
        assertThat(cpus.present()).isEqualTo(CpuSet.range(0, 15));
        assertThat(cpus.online()).isEqualTo(CpuSet.parse("0-6,8-14"));
        assertThat(cpus.isolated()).isEqualTo(CpuSet.parse("2-3"));
        assertThat(cpus.nohzFull()).isEqualTo(CpuSet.of(3));
        assertThat(cpus.smt()).isEqualTo(SmtState.ON);
    }

    @Test
    void takesAMissingSetOfTicklessCpusForEmpty() {
        FakeHost fake = twoSockets().build();

        assertThat(fake.host().files().read("/sys/devices/system/cpu/nohz_full")).isEqualTo("(null)");
        assertThat(HostTopology.read(fake.host()).cpus().nohzFull()).isEqualTo(CpuSet.empty());
    }

    @Test
    void readsWhereACpuIs() {
        Cpu cpu = read(twoSockets()).cpus().cpu(13);

        assertThat(cpu.coreId()).isEqualTo(1);
        assertThat(cpu.packageId()).isEqualTo(1);
        assertThat(cpu.dieId()).hasValue(0);
        assertThat(cpu.node()).hasValue(1);
        assertThat(cpu.threadSiblings()).isEqualTo(CpuSet.of(5, 13));
        assertThat(cpu.packageSiblings()).isEqualTo(CpuSet.parse("4-7,12-15"));
    }

    @Test
    void readsTheCachesOfACpu() {
        assertThat(read(twoSockets()).cpus().cpu(0).caches()).containsExactly(
                new CpuCache(1, CpuCache.Type.DATA, Bytes.kibibytes(32), CpuSet.of(0, 8)),
                new CpuCache(1, CpuCache.Type.INSTRUCTION, Bytes.kibibytes(32), CpuSet.of(0, 8)),
                new CpuCache(2, CpuCache.Type.UNIFIED, Bytes.mebibytes(1), CpuSet.of(0, 8)),
                new CpuCache(3, CpuCache.Type.UNIFIED, Bytes.mebibytes(33), CpuSet.parse("0-3,8-11")));
    }

    @Test
    void listsOnlyCpusThatAreOnline() {
        assertThat(read(twoSockets().offline("1-14")).cpus().cpus()).extracting(Cpu::number).containsExactly(0, 15);
    }

    @Test
    void saysThatACpuDoesNotExistOrIsOffline() {
        CpuTopology cpus = read(twoSockets().offline("3")).cpus();

        assertThatThrownBy(() -> cpus.cpu(16)).isInstanceOf(TopologyException.class)
                .hasMessage("CPU 16 does not exist; the host has 0-15");
        assertThatThrownBy(() -> cpus.cpu(3)).isInstanceOf(TopologyException.class)
                .hasMessage("CPU 3 is offline; 0-2,4-15 are online");
    }

    @Test
    void namesTheFileThatHoldsNoListOfCpus() {
        FakeHost fake = twoSockets().file("/sys/devices/system/cpu/online", "0-\n").build();

        assertThatThrownBy(() -> HostTopology.read(fake.host()).cpus()).isInstanceOf(TopologyException.class)
                .hasMessageContaining("/sys/devices/system/cpu/online");
    }

    @Test
    void readsNodes() {
        NumaTopology numa = read(twoSockets().nodesPerSocket(2).memory(3, Bytes.ZERO)
                .hugepages(1, PageSize.MIB_2, 64)).numa();

        assertThat(numa.online()).isEqualTo(NodeSet.range(0, 3));
        assertThat(numa.withMemory()).isEqualTo(NodeSet.range(0, 2));
        assertThat(numa.nodesOf(CpuSet.of(1, 4))).isEqualTo(NodeSet.of(0, 2));
        NumaNode node = numa.node(1);
        assertThat(node.cpus()).isEqualTo(CpuSet.parse("2-3,10-11"));
        assertThat(node.distances()).containsExactly(12, 10, 21, 21);
        assertThat(node.memoryTotal()).isEqualTo(Bytes.gibibytes(4));
        assertThat(node.hugepages()).containsEntry(PageSize.MIB_2, new NodeHugepageCounters(64, 64, 0))
                .containsEntry(PageSize.GIB_1, new NodeHugepageCounters(0, 0, 0));
        assertThat(numa.node(3).memoryTotal()).isEqualTo(Bytes.ZERO);
        assertThatThrownBy(() -> numa.node(4)).hasMessage("NUMA node 4 does not exist; the host has 0-3");
    }

    @Test
    void readsCountersOfHugePages() {
        String directory = "/sys/kernel/mm/hugepages/hugepages-2048kB/";
        Hugepages hugepages = read(twoSockets().hugepages(0, PageSize.MIB_2, 8).hugepages(1, PageSize.MIB_2, 4)
                .file(directory + "free_hugepages", "10\n").file(directory + "resv_hugepages", "3\n")
                .file(directory + "surplus_hugepages", "1\n").file(directory + "nr_overcommit_hugepages", "2\n"))
                .hugepages();

        assertThat(hugepages.sizes()).containsExactly(PageSize.MIB_2, PageSize.GIB_1);
        assertThat(hugepages.defaultSize()).contains(PageSize.MIB_2);
        assertThat(hugepages.counters(PageSize.MIB_2)).isEqualTo(new HugepageCounters(12, 10, 3, 1, 2));
        assertThat(hugepages.counters(PageSize.MIB_2).available()).isEqualTo(7);
        assertThat(hugepages.countersOnNode(1, PageSize.MIB_2)).isEqualTo(new NodeHugepageCounters(4, 4, 0));
        assertThatThrownBy(() -> hugepages.counters(PageSize.MIB_32)).isInstanceOf(TopologyException.class)
                .hasMessageContaining("no huge pages of 32MiB").hasMessageContaining("[2MiB, 1GiB]");
    }

    @Test
    void readsPageSizesOfArm() {
        FakeHostBuilder arm = FakeHost.in(directory.resolve("arm")).architecture(FakeArchitecture.AARCH64);

        assertThat(read(arm).hugepages().sizes()).containsExactly(
                PageSize.KIB_64, PageSize.MIB_2, PageSize.MIB_32, PageSize.GIB_1);
    }

    @Test
    void readsAHostWithoutNumaHugePagesAndPci() {
        HostTopology host = read(FakeHost.in(directory.resolve("small")).withoutNuma().withoutHugepages());

        assertThat(host.numa().online()).isEqualTo(NodeSet.empty());
        assertThat(host.numa().nodesOf(CpuSet.of(0))).isEqualTo(NodeSet.empty());
        assertThat(host.cpus().cpu(0).node()).isEmpty();
        assertThat(host.hugepages().sizes()).isEmpty();
        assertThat(host.hugepages().defaultSize()).isEmpty();
        assertThat(host.pci().list()).isEmpty();
        assertThat(HostTopology.read(Host.below(directory.resolve("nothing"))).pci().list()).isEmpty();
    }

    @Test
    void readsEachNameOfSmtStates() {
        assertThat(SmtState.of(Optional.of("forceoff"))).isEqualTo(SmtState.FORCEOFF);
        assertThat(SmtState.of(Optional.of("4"))).isEqualTo(SmtState.PARTIAL);
        assertThat(SmtState.of(Optional.empty())).isEqualTo(SmtState.NOTIMPLEMENTED);
    }
}

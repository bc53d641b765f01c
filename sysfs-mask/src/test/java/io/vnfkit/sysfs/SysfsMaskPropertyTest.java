package io.vnfkit.sysfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.CollectedContributions;
import io.vnfkit.Grant;
import io.vnfkit.sysfs.fake.FakeHost;
import io.vnfkit.sysfs.fake.FakeHostBuilder;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.NodeSet;
import io.vnfkit.unit.PageSize;
import io.vnfkit.unit.PciAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the host and the grant: what a VNF sees does not contradict itself. */
class SysfsMaskPropertyTest {

    private static final String CPU = "/sys/devices/system/cpu";
    private static final String NODE = "/sys/devices/system/node";
    private static final String PCI = "/sys/bus/pci/devices";

    @TempDir
    Path directory;

    static LongStream seeds() {
        return LongStream.range(0, 40);
    }

    private record Case(FakeHost host, Grant grant) {}

    private Case random(SplittableRandom random) {
        int sockets = random.nextInt(1, 3);
        int cores = 2 * random.nextInt(1, 3);
        FakeHostBuilder builder = FakeHost.in(directory.resolve("host"))
                .sockets(sockets).coresPerSocket(cores).threadsPerCore(random.nextInt(1, 3))
                .nodesPerSocket(random.nextInt(1, 3)).memoryPerNode(Bytes.gibibytes(8));
        builder.hugepages(0, PageSize.MIB_2, random.nextInt(64)).hugepages(0, PageSize.GIB_1, random.nextInt(3));
        int cards = random.nextInt(6);
        for (int card = 0; card < cards; card++) {
            int group = card;
            builder.nic("0000:0" + card + ":00.0", nic -> nic.driver("vfio-pci").iommuGroup(group));
        }
        FakeHost host = builder.build();
        HostTopology topology = HostTopology.read(host.host());
        Grant grant = Grant.NONE
                .withCpus(CpuSet.of(some(random, topology.cpus().present().stream())))
                .withMemoryNodes(NodeSet.of(some(random, topology.numa().online().stream())));
        if (random.nextBoolean()) {
            grant = grant.withHugepages(PageSize.MIB_2, Bytes.mebibytes(2L * random.nextInt(1, 200)));
        }
        for (int card : some(random, IntStream.range(0, cards))) {
            grant = grant.withPciDevice(PciAddress.parse("0000:0" + card + ":00.0"));
        }
        return new Case(host, grant);
    }

    private static int[] some(SplittableRandom random, IntStream all) {
        return all.filter(member -> random.nextInt(3) == 0).toArray();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void showsAConsistentShare(long seed) {
        Case sample = random(new SplittableRandom(seed));
        CollectedContributions recorded = CollectedContributions.of(
                SysfsMask.onlyGranted().hidePciDirectories(), sample.host().host(), sample.grant());
        MaskedView seen = new MaskedView(sample.host().host(), recorded.masks());

        assertThat(recorded.problems()).isEmpty();
        CpuSet cpus = sample.grant().cpus().isEmpty()
                ? HostTopology.read(sample.host().host()).cpus().online()
                : sample.grant().cpus();
        checkCpus(seen, cpus);
        checkNodes(seen, cpus, sample.grant());
        checkHugepages(seen, sample.grant());
        checkPci(seen, sample.grant());
    }

    private static CpuSet cpuSet(MaskedView seen, String path) {
        return CpuSet.parse(seen.read(path).strip());
    }

    private static void checkCpus(MaskedView seen, CpuSet cpus) {
        assertThat(cpuSet(seen, CPU + "/online")).isEqualTo(cpus);
        assertThat(cpuSet(seen, CPU + "/present")).isEqualTo(cpus);
        assertThat(cpuSet(seen, CPU + "/possible").containsAll(cpus)).isTrue();
        assertThat(cpuSet(seen, CPU + "/possible").last()).isGreaterThanOrEqualTo(cpus.last());
        for (String name : seen.list(CPU)) {
            if (name.matches("cpu\\d+")) {
                int cpu = Integer.parseInt(name.substring(3));
                boolean detected = seen.exists(CPU + "/" + name + "/topology/core_id");
                assertThat(detected).as(name).isEqualTo(cpus.contains(cpu));
            }
        }
        cpus.stream().forEach(cpu -> {
            String topology = CPU + "/cpu" + cpu + "/topology/";
            assertThat(seen.read(topology + "core_id")).endsWith("\n");
            assertThat(cpuSet(seen, topology + "thread_siblings_list").contains(cpu)).isTrue();
            assertThat(cpus.containsAll(cpuSet(seen, topology + "thread_siblings_list"))).isTrue();
            assertThat(cpus.containsAll(cpuSet(seen, topology + "core_siblings_list"))).isTrue();
        });
    }

    private static void checkNodes(MaskedView seen, CpuSet cpus, Grant grant) {
        NodeSet online = NodeSet.parse(seen.read(NODE + "/online").strip());
        List<String> directories = seen.list(NODE).stream().filter(name -> name.matches("node\\d+")).toList();
        assertThat(directories).hasSize(online.size());
        if (!grant.memoryNodes().isEmpty()) {
            assertThat(seen.read(NODE + "/has_memory").strip()).isEqualTo(grant.memoryNodes().toString());
        }
        CpuSet onNodes = CpuSet.empty();
        for (String node : directories) {
            CpuSet own = cpuSet(seen, NODE + "/" + node + "/cpulist");
            assertThat(onNodes.intersection(own).isEmpty()).isTrue();
            onNodes = onNodes.union(own);
            own.stream().forEach(cpu -> {
                assertThat(seen.exists(NODE + "/" + node + "/cpu" + cpu + "/topology/core_id")).isTrue();
                assertThat(seen.exists(CPU + "/cpu" + cpu + "/" + node + "/cpulist")).isTrue();
            });
            assertThat(seen.read(NODE + "/" + node + "/distance").strip().split(" ")).hasSize(online.size());
        }
        assertThat(onNodes).isEqualTo(cpus);
    }

    private static void checkHugepages(MaskedView seen, Grant grant) {
        if (grant.hugepages().isEmpty()) {
            return;
        }
        String size = "/hugepages-2048kB/";
        long granted = grant.hugepages().get(PageSize.MIB_2).inPages(PageSize.MIB_2);
        assertThat(seen.list("/sys/kernel/mm/hugepages")).containsExactly("hugepages-2048kB");
        for (String counter : List.of("nr_hugepages", "free_hugepages")) {
            long sum = seen.list(NODE).stream()
                    .filter(name -> name.matches("node\\d+"))
                    .map(node -> seen.read(NODE + "/" + node + "/hugepages" + size + counter).strip())
                    .mapToLong(Long::parseLong)
                    .sum();
            assertThat(sum).isEqualTo(granted);
            assertThat(seen.read("/sys/kernel/mm/hugepages" + size + counter)).isEqualTo(granted + "\n");
        }
    }

    private static void checkPci(MaskedView seen, Grant grant) {
        assertThat(seen.list(PCI)).containsExactlyElementsOf(
                grant.pciDevices().stream().map(PciAddress::toString).toList());
        for (String device : seen.list(PCI)) {
            assertThat(seen.exists(PCI + "/" + device + "/vendor")).as("link of " + device).isTrue();
        }
    }
}

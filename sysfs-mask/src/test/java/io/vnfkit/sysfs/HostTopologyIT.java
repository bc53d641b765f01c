package io.vnfkit.sysfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.linux.Host;
import io.vnfkit.testing.Needs;
import io.vnfkit.testing.RequiresCommand;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.PageSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The reader against other programs that read the same machine. */
class HostTopologyIT {

    private final HostTopology host = HostTopology.read(Host.thisHost());

    @Test
    @RequiresCommand(value = "lscpu", debianPackage = "util-linux")
    void agreesWithLscpuOnCpusCoresSocketsAndNodes() throws IOException, InterruptedException {
        List<String[]> rows = Programs.output("lscpu", "-p=CPU,CORE,SOCKET,NODE").stream()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split(",", -1))
                .toList();

        assertThat(host.cpus().cpus()).extracting(cpu -> Integer.toString(cpu.number()))
                .containsExactlyElementsOf(rows.stream().map(row -> row[0]).toList());
        // lscpu numbers cores and sockets itself: compare which CPUs belong together.
        assertThat(groups(rows, 1)).containsExactlyInAnyOrderElementsOf(
                host.cpus().cpus().stream().map(Cpu::threadSiblings).distinct().toList());
        assertThat(groups(rows, 2)).containsExactlyInAnyOrderElementsOf(
                host.cpus().cpus().stream().map(Cpu::packageSiblings).distinct().toList());
        for (String[] row : rows) {
            int number = Integer.parseInt(row[0]);
            assertThat(host.cpus().cpu(number).node().isPresent()).isEqualTo(!row[3].isEmpty());
            host.cpus().cpu(number).node().ifPresent(node -> assertThat(row[3]).isEqualTo(Integer.toString(node)));
        }
    }

    private static List<CpuSet> groups(List<String[]> rows, int column) {
        Map<String, CpuSet> groups = new HashMap<>();
        rows.forEach(row -> groups.merge(row[column], CpuSet.of(Integer.parseInt(row[0])), CpuSet::union));
        return List.copyOf(groups.values());
    }

    @Test
    @RequiresCommand(value = "lscpu", debianPackage = "util-linux")
    void agreesWithLscpuOnCaches() throws IOException, InterruptedException {
        Map<String, String> sizes = Programs.output("lscpu", "-B", "-C=NAME,ONE-SIZE").stream()
                .skip(1)
                .map(line -> line.strip().split("\\s+"))
                .collect(Collectors.toMap(words -> words[0], words -> words[1]));
        Needs.thing(!sizes.isEmpty(), "CPU caches in sysfs", "a machine that tells its caches");

        Map<String, String> read = host.cpus().cpu(host.cpus().online().first()).caches().stream()
                .collect(Collectors.toMap(HostTopologyIT::nameOf, cache -> Long.toString(cache.size().value())));
        assertThat(read).isEqualTo(sizes);
    }

    private static String nameOf(CpuCache cache) {
        String suffix = switch (cache.type()) {
            case DATA -> "d";
            case INSTRUCTION -> "i";
            case UNIFIED -> "";
        };
        return "L" + cache.level() + suffix;
    }

    @Test
    @RequiresCommand(value = "lspci", debianPackage = "pciutils")
    void agreesWithLspciOnDevices() throws IOException, InterruptedException {
        Needs.thing(Files.isDirectory(Path.of("/sys/bus/pci")), "PCI bus", "a machine with PCI");
        List<String> expected = Programs.output("lspci", "-Dn").stream()
                .map(line -> line.replaceAll(" \\((rev|prog-if).*", ""))
                .toList();

        assertThat(host.pci().list()).extracting(address -> {
            PciIds ids = host.pci().device(address).ids();
            return String.format("%s %04x: %04x:%04x", address, ids.classCode() >> 8, ids.vendor(), ids.device());
        }).containsExactlyElementsOf(expected);
    }

    @Test
    void agreesWithMeminfoOnHugePages() throws IOException {
        Map<String, String> meminfo = Files.readAllLines(Path.of("/proc/meminfo")).stream()
                .map(line -> line.split(":\\s*"))
                .collect(Collectors.toMap(words -> words[0], words -> words[1]));
        Needs.thing(meminfo.containsKey("Hugepagesize"), "hugetlbfs", "a kernel with CONFIG_HUGETLBFS");
        PageSize size = host.hugepages().defaultSize().orElseThrow();

        assertThat(meminfo.get("Hugepagesize")).isEqualTo((size.bytes() >> 10) + " kB");
        HugepageCounters counters = host.hugepages().counters(size);
        assertThat(counters.free()).isBetween(0L, counters.total());
        assertThat(host.hugepages().sizes()).contains(size);
    }

    @Test
    void findsEachNodeWithItsCpusAndMemory() {
        Needs.thing(!host.numa().online().isEmpty(), "NUMA in the kernel", "a kernel with CONFIG_NUMA");

        assertThat(host.numa().nodesOf(host.cpus().online()).stream()
                .mapToObj(node -> host.numa().node(node).cpus())
                .reduce(CpuSet.empty(), CpuSet::union)).isEqualTo(host.cpus().online());
        host.numa().withMemory().stream()
                .forEach(node -> assertThat(host.numa().node(node).memoryTotal().value()).isPositive());
    }
}

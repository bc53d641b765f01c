package io.vnfkit.sysfs;

import io.vnfkit.linux.KernelFiles;
import io.vnfkit.mount.FileContent;
import io.vnfkit.mount.Mask;
import io.vnfkit.mount.Mask.Directory;
import io.vnfkit.mount.Mask.Entry;
import io.vnfkit.mount.Mask.File;
import io.vnfkit.mount.Mask.Link;
import io.vnfkit.mount.Mask.Original;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.NodeSet;
import io.vnfkit.unit.PageSize;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.TreeMap;

/** What stands in for /sys/devices/system/node, or for the huge page counters in it. */
final class NodeMasks {

    private static final List<String> COPIED = List.of("numastat", "vmstat");

    private final KernelFiles files;
    private final HostTopology host;
    private final VisibleHost visible;
    private final boolean maskCounters;
    private final Optional<PageSize> defaultSize;

    NodeMasks(KernelFiles files, HostTopology host, VisibleHost visible, boolean hugepages) {
        this.files = files;
        this.host = host;
        this.visible = visible;
        this.maskCounters = hugepages && !visible.totals().isEmpty();
        this.defaultSize = maskCounters ? host.hugepages().defaultSize() : Optional.empty();
    }

    /** Masks of the counters alone, where the nodes themselves all show. */
    List<Mask> counters() {
        List<Mask> masks = new ArrayList<>();
        if (!maskCounters) {
            return masks;
        }
        host.numa().online().stream().forEach(node -> {
            if (files.isDirectory(Hugepages.nodeDirectory(node))) {
                masks.add(Mask.over(
                        Hugepages.nodeDirectory(node), fabricatedCounters(node, visible.totals().keySet())));
            }
            masks.add(Mask.over(NumaTopology.directory(node) + "/meminfo", meminfo(node)));
        });
        return masks;
    }

    Mask wholeDirectory() {
        NodeSet nodes = visible.nodes();
        MaskFiles directory = new MaskFiles();
        directory.value("online", nodes);
        // As with CPUs: the bound of node numbers, without holes.
        directory.value("possible", nodes.isEmpty() ? nodes : NodeSet.range(0, nodes.last()));
        files.list(NumaTopology.ROOT).stream()
                .filter(name -> name.startsWith("has_"))
                .forEach(name -> directory.value(name, nodesWith(name)));
        nodes.stream().forEach(node -> directory.add("node" + node, node(node)));
        return Mask.over(NumaTopology.ROOT, directory.directory());
    }

    private NodeSet nodesWith(String property) {
        NodeSet all = new SysfsReader(files).nodeSetIfExists(NumaTopology.ROOT + "/" + property);
        if (property.equals("has_cpu")) {
            return host.numa().nodesOf(visible.cpus()).intersection(visible.nodes());
        }
        return all.intersection(property.endsWith("memory") ? visible.memoryNodes() : visible.nodes());
    }

    private Directory node(int number) {
        String directory = NumaTopology.directory(number);
        CpuSet cpus = host.numa().cpusOf(number).intersection(visible.cpus());
        MaskFiles node = new MaskFiles();
        node.value("cpulist", cpus);
        node.value("cpumap", cpus.toMask(host.cpus().possible().last() + 1));
        node.value("distance", distances(number));
        node.add("meminfo", meminfo(number));
        COPIED.stream()
                .filter(name -> files.exists(directory + "/" + name))
                .forEach(name -> node.copy(name, directory));
        if (files.isDirectory(Hugepages.nodeDirectory(number))) {
            node.add("hugepages", hugepages(number));
        }
        cpus.stream().forEach(cpu -> node.add("cpu" + cpu, new Link("../../cpu/cpu" + cpu)));
        return node.directory();
    }

    /** The kernel prints a column for each node that is online. */
    private String distances(int number) {
        List<Integer> all = host.numa().distancesOf(number);
        int[] online = host.numa().online().stream().toArray();
        StringJoiner shown = new StringJoiner(" ");
        for (int column = 0; column < Math.min(online.length, all.size()); column++) {
            if (visible.nodes().contains(online[column])) {
                shown.add(all.get(column).toString());
            }
        }
        return shown.toString();
    }

    private boolean hasMemory(int node) {
        return visible.memoryNodes().contains(node);
    }

    private Entry meminfo(int node) {
        String path = NumaTopology.directory(node) + "/meminfo";
        Map<String, String> values = new TreeMap<>();
        if (!hasMemory(node)) {
            values.putAll(Map.of("MemTotal", "0 kB", "MemFree", "0 kB", "MemUsed", "0 kB"));
        }
        if (maskCounters || !hasMemory(node)) {
            String pages = Long.toString(defaultSize.map(size -> visible.pagesOn(node, size)).orElse(0L));
            values.putAll(Map.of("HugePages_Total", pages, "HugePages_Free", pages, "HugePages_Surp", "0"));
        }
        return new File(values.isEmpty() ? new FileContent.CopyOf(path) : new FileContent.Meminfo(path, values));
    }

    private Entry hugepages(int node) {
        if (maskCounters) {
            return fabricatedCounters(node, visible.totals().keySet());
        }
        return hasMemory(node)
                ? new Original(Path.of(Hugepages.nodeDirectory(node)))
                : fabricatedCounters(node, host.hugepages().sizesOnNode(node));
    }

    private Directory fabricatedCounters(int node, Collection<PageSize> sizes) {
        MaskFiles hugepages = new MaskFiles();
        for (PageSize size : sizes) {
            long pages = visible.pagesOn(node, size);
            hugepages.add(size.sysfsName(), new MaskFiles()
                    .value("nr_hugepages", pages)
                    .value("free_hugepages", pages)
                    .value("surplus_hugepages", 0)
                    .directory());
        }
        return hugepages.directory();
    }
}

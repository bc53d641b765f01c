package io.vnfkit.sysfs.fake;

import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.NodeSet;
import java.util.stream.Collectors;

/** Writes /sys/devices/system/node without the counters of huge pages. */
final class NodeFiles {

    private static final String ROOT = "/sys/devices/system/node";

    private final FakeTree tree;
    private final FakeMachine machine;

    NodeFiles(FakeTree tree, FakeMachine machine) {
        this.tree = tree;
        this.machine = machine;
    }

    void write() {
        if (!machine.numa()) {
            return;
        }
        NodeSet nodes = machine.nodes();
        int[] withCpus = nodes.stream().filter(node -> !machine.cpusOfNode(node).isEmpty()).toArray();
        tree.value(ROOT + "/online", nodes);
        tree.value(ROOT + "/possible", nodes);
        tree.value(ROOT + "/has_cpu", NodeSet.of(withCpus));
        tree.value(ROOT + "/has_memory", machine.nodesWithMemory());
        tree.value(ROOT + "/has_normal_memory", machine.nodesWithMemory());
        tree.value(ROOT + "/has_generic_initiator", "");
        nodes.stream().forEach(this::writeNode);
    }

    private void writeNode(int node) {
        String directory = ROOT + "/node" + node;
        CpuSet cpus = machine.cpusOfNode(node);
        tree.value(directory + "/cpulist", cpus);
        tree.value(directory + "/cpumap", cpus.toMask(machine.cpuCount()));
        tree.value(directory + "/distance",
                machine.distances(node).stream().map(String::valueOf).collect(Collectors.joining(" ")));
        tree.file(directory + "/numastat", "numa_hit 0\nnuma_miss 0\nnuma_foreign 0\n");
        tree.file(directory + "/vmstat", "nr_free_pages " + (machine.memory().get(node).value() >> 12) + "\n");
        cpus.stream().forEach(cpu -> tree.link(directory + "/cpu" + cpu, "../../cpu/cpu" + cpu));
    }
}

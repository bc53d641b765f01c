package io.vnfkit.sysfs.fake;

import io.vnfkit.unit.PageSize;
import java.nio.file.Files;
import java.util.Map;
import java.util.TreeMap;

/**
 * Huge page pools of a fake host: keeps the counters in all their places in step, and gives no more pages than a node
 * has memory for. Thread-safe.
 */
final class FakePools {

    static final String GLOBAL = "/sys/kernel/mm/hugepages";
    static final String VM_PAGES = "/proc/sys/vm/nr_hugepages";

    private final FakeTree tree;
    private final FakeMachine machine;
    private final Map<PageSize, Map<Integer, Long>> pages = new TreeMap<>();

    FakePools(FakeTree tree, FakeMachine machine) {
        this.tree = tree;
        this.machine = machine;
        for (PageSize size : machine.pageSizes()) {
            Map<Integer, Long> none = new TreeMap<>();
            machine.nodes().stream().forEach(node -> none.put(node, 0L));
            pages.put(size, none);
        }
    }

    /**
     * Sets the size of a node's pool, or as much of it as the node has memory for, as the kernel does without a word.
     */
    synchronized long set(int node, PageSize size, long wanted) {
        long given = Math.min(wanted, pages.get(size).get(node) + room(node, size));
        pages.get(size).put(node, given);
        return given;
    }

    /** Sets the size of the whole pool: the kernel takes pages from the nodes, or gives them, in turn. */
    synchronized void setTotal(PageSize size, long wanted) {
        int[] nodes = machine.nodesWithMemory().stream().toArray();
        long before;
        do {
            before = total(size);
            long missing = wanted - before;
            long each = Math.max(1, Math.abs(missing) / nodes.length);
            for (int node : nodes) {
                long step = Math.min(each, Math.abs(wanted - total(size))) * Long.signum(missing);
                set(node, size, Math.max(0, pages.get(size).get(node) + step));
            }
        } while (total(size) != wanted && total(size) != before);
    }

    synchronized long room(int node, PageSize size) {
        long used = pages.entrySet().stream()
                .mapToLong(pool -> pool.getKey().bytes() * pool.getValue().get(node))
                .sum();
        return (machine.memory().get(node).value() - used) / size.bytes();
    }

    private long total(PageSize size) {
        return pages.get(size).values().stream().mapToLong(Long::longValue).sum();
    }

    PageSize vmSize() {
        return machine.defaultPageSize();
    }

    synchronized void write() {
        machine.pageSizes().forEach(size -> {
            writeGlobal(GLOBAL + "/" + size.sysfsName(), total(size));
            if (machine.numa()) {
                machine.nodes().stream().forEach(node -> writeNode(node, size));
            }
        });
        if (!machine.pageSizes().isEmpty()) {
            tree.value(VM_PAGES, total(machine.defaultPageSize()));
        }
        tree.file("/proc/meminfo", new MeminfoText(machine, pages).ofHost());
        if (machine.numa()) {
            machine.nodes().stream().forEach(node -> tree.file(
                    "/sys/devices/system/node/node" + node + "/meminfo", new MeminfoText(machine, pages).ofNode(node)));
        }
    }

    private void writeGlobal(String directory, long count) {
        tree.value(directory + "/nr_hugepages", count);
        tree.value(directory + "/nr_hugepages_mempolicy", count);
        tree.value(directory + "/free_hugepages", count);
        tree.value(directory + "/resv_hugepages", 0);
        tree.value(directory + "/surplus_hugepages", 0);
        if (!Files.exists(tree.resolve(directory + "/nr_overcommit_hugepages"))) {
            tree.value(directory + "/nr_overcommit_hugepages", 0);
        }
    }

    private void writeNode(int node, PageSize size) {
        String directory = nodeDirectory(node) + "/" + size.sysfsName();
        long count = pages.get(size).get(node);
        tree.value(directory + "/nr_hugepages", count);
        tree.value(directory + "/free_hugepages", count);
        tree.value(directory + "/surplus_hugepages", 0);
    }

    static String nodeDirectory(int node) {
        return "/sys/devices/system/node/node" + node + "/hugepages";
    }
}

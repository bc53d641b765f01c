package io.vnfkit.sysfs.fake;

import io.vnfkit.unit.PageSize;
import java.util.LinkedHashMap;
import java.util.Map;

/** Text of /proc/meminfo and of a node's meminfo; the main lines of the kernel's, in its order. Immutable. */
final class MeminfoText {

    private final FakeMachine machine;
    private final Map<PageSize, Map<Integer, Long>> pages;

    MeminfoText(FakeMachine machine, Map<PageSize, Map<Integer, Long>> pages) {
        this.machine = machine;
        this.pages = pages;
    }

    String ofHost() {
        long total = machine.nodes().stream().mapToLong(this::memory).sum();
        long huge = machine.nodes().stream().mapToLong(this::hugeMemory).sum();
        Map<String, Long> kibibytes = new LinkedHashMap<>();
        kibibytes.put("MemTotal", total);
        kibibytes.put("MemFree", total - huge);
        kibibytes.put("MemAvailable", total - huge);
        kibibytes.put("Buffers", 0L);
        kibibytes.put("Cached", 0L);
        kibibytes.put("SwapTotal", 0L);
        kibibytes.put("SwapFree", 0L);
        kibibytes.put("Shmem", 0L);
        StringBuilder text = new StringBuilder();
        kibibytes.forEach((key, value) -> text.append(line(key, value, " kB")));
        if (!machine.pageSizes().isEmpty()) {
            long count = defaultPool().values().stream().mapToLong(Long::longValue).sum();
            text.append(line("HugePages_Total", count, "")).append(line("HugePages_Free", count, ""));
            text.append(line("HugePages_Rsvd", 0, "")).append(line("HugePages_Surp", 0, ""));
            text.append(line("Hugepagesize", machine.defaultPageSize().bytes() >> 10, " kB"));
            text.append(line("Hugetlb", huge, " kB"));
        }
        return text.toString();
    }

    private static String line(String key, long value, String unit) {
        return String.format("%-15s %8d%s\n", key + ":", value, unit);
    }

    String ofNode(int node) {
        StringBuilder text = new StringBuilder();
        text.append(nodeLine(node, "MemTotal", memory(node) + " kB"));
        text.append(nodeLine(node, "MemFree", memory(node) - hugeMemory(node) + " kB"));
        text.append(nodeLine(node, "MemUsed", hugeMemory(node) + " kB"));
        if (!machine.pageSizes().isEmpty()) {
            String count = defaultPool().get(node).toString();
            text.append(nodeLine(node, "HugePages_Total", count));
            text.append(nodeLine(node, "HugePages_Free", count));
            text.append(nodeLine(node, "HugePages_Surp", "0"));
        }
        return text.toString();
    }

    private static String nodeLine(int node, String key, String value) {
        return "Node " + node + " " + String.format("%-16s %s", key + ":", value) + "\n";
    }

    private Map<Integer, Long> defaultPool() {
        return pages.get(machine.defaultPageSize());
    }

    private long memory(int node) {
        return machine.memory().get(node).value() >> 10;
    }

    private long hugeMemory(int node) {
        long bytes = pages.entrySet().stream()
                .mapToLong(pool -> pool.getKey().bytes() * pool.getValue().get(node))
                .sum();
        return bytes >> 10;
    }
}

package io.vnfkit.launch;

import io.vnfkit.cgroup.CgroupDescription;
import io.vnfkit.cgroup.HugetlbLimit;
import io.vnfkit.cgroup.Partition;
import io.vnfkit.cgroup.RawCgroupFile;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.DevicePolicy;
import io.vnfkit.unit.DeviceRule;
import io.vnfkit.unit.NodeSet;
import io.vnfkit.unit.PageSize;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The limits of a VNF as lines of its record, so that another JVM can change them. One line per limit: a word, a blank, the value. */
final class LimitsText {

    private static final String NONE = "-";

    private LimitsText() {}

    static String format(CgroupDescription limits) {
        StringBuilder lines = new StringBuilder();
        line(lines, "parent", escape(limits.parent().toString()));
        if (!limits.cpus().isEmpty()) {
            line(lines, "cpus", limits.cpus());
        }
        if (!limits.memoryNodes().isEmpty()) {
            line(lines, "nodes", limits.memoryNodes());
        }
        limits.memoryMigrate().ifPresent(migrate -> line(lines, "migrate", migrate));
        line(lines, "exclusive", limits.exclusive());
        line(lines, "partition", limits.partition().name());
        for (Map.Entry<PageSize, HugetlbLimit> limit : limits.hugetlb().entrySet()) {
            line(lines, "hugetlb", limit.getKey() + " " + text(limit.getValue().fault()) + " "
                    + text(limit.getValue().reservation()));
        }
        line(lines, limits.devices().allowsByDefault() ? "devices-allowed" : "devices-denied", "by default");
        limits.devices().exceptions().forEach(rule -> line(lines, "device", rule));
        for (RawCgroupFile raw : limits.rawFiles()) {
            line(lines, "raw", raw.controller() + " " + raw.file() + " " + escape(raw.value()));
        }
        return lines.toString();
    }

    private static void line(StringBuilder lines, String word, Object value) {
        lines.append(word).append(' ').append(value).append('\n');
    }

    private static String text(Optional<Bytes> amount) {
        return amount.map(Bytes::toString).orElse(NONE);
    }

    static CgroupDescription parse(String text) {
        CgroupDescription.Builder builder = CgroupDescription.builder();
        Devices devices = new Devices();
        text.lines().forEach(line -> {
            int blank = line.indexOf(' ');
            parse(builder, devices, line.substring(0, blank), line.substring(blank + 1));
        });
        return builder.devices(devices.policy).build();
    }

    private static void parse(CgroupDescription.Builder builder, Devices devices, String word, String value) {
        switch (word) {
            case "parent" -> builder.parent(Path.of(unescape(value)));
            case "cpus" -> builder.cpus(CpuSet.parse(value));
            case "nodes" -> builder.memoryNodes(NodeSet.parse(value));
            case "migrate" -> builder.memoryMigrate(Boolean.parseBoolean(value));
            case "exclusive" -> builder.exclusive(Boolean.parseBoolean(value));
            case "partition" -> builder.partition(Partition.valueOf(value));
            case "hugetlb" -> hugetlb(builder, value.split(" "));
            case "devices-allowed" -> devices.policy = DevicePolicy.allowAll();
            case "devices-denied" -> devices.policy = DevicePolicy.denyAll();
            case "device" -> devices.except(DeviceRule.parse(value));
            case "raw" -> raw(builder, value.split(" ", 3));
            default -> throw new IllegalArgumentException("not a limit of a VNF: \"" + word + " " + value + "\"");
        }
    }

    private static void hugetlb(CgroupDescription.Builder builder, String[] fields) {
        builder.hugetlb(PageSize.parse(fields[0]), new HugetlbLimit(amount(fields[1]), amount(fields[2])));
    }

    private static Optional<Bytes> amount(String text) {
        return text.equals(NONE) ? Optional.empty() : Optional.of(Bytes.parse(text));
    }

    private static void raw(CgroupDescription.Builder builder, String[] fields) {
        builder.rawFile(fields[0], fields[1], unescape(fields[2]));
    }

    /** A value can have several lines, and a limit has one. */
    private static String escape(String text) {
        return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
    }

    private static String unescape(String text) {
        // Translates \n and \r and two backslashes; nothing else was escaped.
        return text.translateEscapes();
    }

    /** The policy so far. */
    private static final class Devices {

        private DevicePolicy policy = DevicePolicy.standard();

        void except(DeviceRule rule) {
            policy = policy.allowsByDefault() ? policy.deny(rule) : policy.allow(rule);
        }
    }
}

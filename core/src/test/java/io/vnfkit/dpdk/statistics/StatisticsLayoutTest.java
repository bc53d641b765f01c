package io.vnfkit.dpdk.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.dpdk.binding.CLayout;
import io.vnfkit.dpdk.statistics.StatisticsLayout.Entry;
import io.vnfkit.dpdk.statistics.StatisticsLayout.Kind;
import io.vnfkit.testing.RequiresCommand;
import io.vnfkit.testing.Seed;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What lcores write and Java reads, compared with forwarder.h and the formula of the sink. */
@Timeout(60)
class StatisticsLayoutTest {

    /** The formula of function_sink.c. */
    private static final String BUCKET = "static unsigned bucket(uint64_t cycles) {\n"
            + "unsigned exponent;\nif (cycles < 32) return (unsigned)cycles;\n"
            + "exponent = 63u - (unsigned)__builtin_clzll(cycles);\n"
            + "unsigned found = (exponent - 4) * 32 + (unsigned)(cycles >> (exponent - 5) & 31);\n"
            + "return found < VNFKIT_HISTOGRAM_BUCKETS - 1u ? found : VNFKIT_HISTOGRAM_BUCKETS - 1u;\n}\n";

    @TempDir
    private Path directory;

    @Test
    void entriesFollowEachOtherAtCacheLines() {
        StatisticsLayout layout = StatisticsLayout.of(List.of("a", "b"), List.of(3), List.of("b"));
        int end = 0;
        for (Entry entry : layout.entries()) {
            assertThat(entry.offset() % 64).isZero();
            assertThat(entry.offset()).isGreaterThanOrEqualTo(Math.max(end, 64 + 4 * 96));
            end = entry.offset() + entry.kind().size;
        }
        assertThat(layout.size()).isEqualTo(end);
    }

    @RequiresCommand(value = "cc", debianPackage = "gcc libc6-dev")
    @Test
    void theOffsetsAreThoseOfTheHeader() throws Exception {
        Map<String, Long> expected = Map.ofEntries(
                Map.entry(CLayout.size("task_statistics"), (long) Kind.TASK.size),
                Map.entry(CLayout.size("lcore_statistics"), (long) Kind.LCORE.size),
                Map.entry(CLayout.size("latency"), (long) Kind.LATENCY.size),
                Map.entry(CLayout.offset("task_statistics", "received"), 0L),
                Map.entry(CLayout.offset("task_statistics", "received_bytes"), 8L),
                Map.entry(CLayout.offset("task_statistics", "sent"), 16L),
                Map.entry(CLayout.offset("task_statistics", "polls"), 32L),
                Map.entry(CLayout.offset("task_statistics", "idle_polls"), 40L),
                Map.entry(CLayout.offset("task_statistics", "reordered"), 48L),
                Map.entry(CLayout.offset("task_statistics", "lost"), 56L),
                Map.entry(CLayout.offset("task_statistics", "drops"), 64L),
                Map.entry(CLayout.offset("lcore_statistics", "iterations"), 0L),
                Map.entry(CLayout.offset("lcore_statistics", "longest_gap"), 8L),
                Map.entry(CLayout.offset("lcore_statistics", "running"), 16L),
                Map.entry(CLayout.offset("lcore_statistics", "tasks"), 24L),
                Map.entry(CLayout.offset("lcore_statistics", "gap_reset"), 32L),
                Map.entry(CLayout.offset("latency", "count"), 0L),
                Map.entry(CLayout.offset("latency", "minimum"), 8L),
                Map.entry(CLayout.offset("latency", "maximum"), 16L),
                Map.entry(CLayout.offset("latency", "sum"), 24L),
                Map.entry(CLayout.offset("latency", "reset"), 32L),
                Map.entry(CLayout.offset("latency", "follows"), 40L),
                Map.entry(CLayout.offset("latency", "buckets"), 64L),
                Map.entry("VNFKIT_HISTOGRAM_BUCKETS", (long) LatencyBuckets.COUNT),
                Map.entry("VNFKIT_DROP_REASONS", (long) DropReason.values().length));
        CLayout header = new CLayout(directory);
        expected.keySet().forEach(header::ask);
        assertThat(header.values()).isEqualTo(expected);
    }

    @RequiresCommand(value = "cc", debianPackage = "gcc libc6-dev")
    @Test
    void reasonsHaveTheOrderOfTheHeader() throws Exception {
        CLayout header = new CLayout(directory);
        for (DropReason reason : DropReason.values()) {
            header.ask("VNFKIT_DROP_" + reason);
        }
        Map<String, Long> values = header.values();
        for (DropReason reason : DropReason.values()) {
            assertThat(values.get("VNFKIT_DROP_" + reason)).as(reason.name()).isEqualTo(reason.ordinal());
        }
    }

    @RequiresCommand(value = "cc", debianPackage = "gcc libc6-dev")
    @Test
    void javaFindsTheBucketThatTheSinkFinds() throws Exception {
        List<Long> cycles = new ArrayList<>(List.of(0L, 31L, 32L, 33L, 63L, 64L, 65L, Long.MAX_VALUE));
        SplittableRandom random = Seed.random("buckets");
        random.longs(2000).forEach(value -> cycles.add(value >>> 1 + random.nextInt(63)));
        String calls = cycles.stream().map(value -> "printf(\"%u\\n\", bucket(" + value + "ull));\n")
                .collect(Collectors.joining());
        List<String> lines = new CLayout(directory).run("#include \"forwarder.h\"\n#include <stdio.h>\n" + BUCKET
                + "int main(void) {\n" + calls + "return 0;\n}\n", "").lines().toList();

        for (int i = 0; i < cycles.size(); i++) {
            assertThat(LatencyBuckets.of(cycles.get(i))).as(cycles.get(i) + ", " + Seed.hint())
                    .isEqualTo(Integer.parseInt(lines.get(i)));
        }
    }

    @Test
    void bucketsTouchEachOtherAndTheirMiddleIsInside() {
        for (int bucket = 0; bucket < LatencyBuckets.COUNT - 1; bucket++) {
            long lowest = LatencyBuckets.lowest(bucket);
            long next = LatencyBuckets.lowest(bucket + 1);
            assertThat(LatencyBuckets.of(lowest)).isEqualTo(bucket);
            assertThat(LatencyBuckets.of(next - 1)).isEqualTo(bucket);
            assertThat(LatencyBuckets.middle(bucket)).isBetween(lowest, next - 1);
            assertThat(next - lowest).as("at most 1/32 wide").isLessThanOrEqualTo(Math.max(1, lowest / 32));
        }
    }
}

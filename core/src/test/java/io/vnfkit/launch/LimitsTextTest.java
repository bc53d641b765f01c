package io.vnfkit.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.cgroup.CgroupDescription;
import io.vnfkit.cgroup.HugetlbLimit;
import io.vnfkit.cgroup.Partition;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.DevicePolicy;
import io.vnfkit.unit.DeviceRule;
import io.vnfkit.unit.NodeSet;
import io.vnfkit.unit.PageSize;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The limits of a record are those of the description, whatever it holds. */
class LimitsTextTest {

    /** Characters that a format of lines and blanks could trip over. */
    private static final String[] PIECES = {"a", "vnfs", " ", "  ", "\n", "\r\n", "\\", "\\n", "\t", "=", "-", "#", "ü", "0"};

    private static final List<PageSize> PAGE_SIZES =
            List.of(PageSize.KIB_64, PageSize.MIB_2, PageSize.MIB_32, PageSize.MIB_512, PageSize.GIB_1);

    static LongStream seeds() {
        return LongStream.range(0, 300);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyDescriptionComesBackAsItWas(long seed) {
        CgroupDescription limits = description(new SplittableRandom(seed));
        assertThat(LimitsText.parse(LimitsText.format(limits))).isEqualTo(limits);
    }

    @Test
    void theDefaultComesBack() {
        CgroupDescription limits = CgroupDescription.builder().build();
        assertThat(LimitsText.parse(LimitsText.format(limits))).isEqualTo(limits);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "cpus", "cpus x", "unknown 1", "hugetlb 2M", "hugetlb 2M - x", "device c", "raw cpu", "partition x"})
    void anythingElseIsRefused(String text) {
        String whole = text.isEmpty() ? "\n" : text;
        assertThatThrownBy(() -> LimitsText.parse(whole)).isInstanceOf(RuntimeException.class);
    }

    private static CgroupDescription description(SplittableRandom random) {
        CgroupDescription.Builder builder = CgroupDescription.builder();
        if (random.nextBoolean()) {
            builder.parent(Path.of("p" + text(random)).normalize());
        }
        if (random.nextBoolean()) {
            builder.cpus(CpuSet.of(random.ints(1 + random.nextInt(9), 0, CpuSet.MAXIMUM + 1).toArray()));
        }
        if (random.nextBoolean()) {
            builder.memoryNodes(NodeSet.of(random.ints(1 + random.nextInt(9), 0, NodeSet.MAXIMUM + 1).toArray()));
        }
        if (random.nextBoolean()) {
            builder.memoryMigrate(random.nextBoolean());
        }
        builder.exclusive(random.nextBoolean());
        builder.partition(Partition.values()[random.nextInt(Partition.values().length)]);
        for (PageSize size : PAGE_SIZES) {
            if (random.nextBoolean()) {
                builder.hugetlb(size, new HugetlbLimit(amount(size, random), amount(size, random)));
            }
        }
        builder.devices(policy(random));
        for (int i = random.nextInt(4); i > 0; i--) {
            builder.rawFile(i % 2 == 0 ? "cpu" : "memory", "file." + i, text(random));
        }
        return builder.build();
    }

    private static Optional<Bytes> amount(PageSize size, SplittableRandom random) {
        return random.nextBoolean() ? Optional.empty() : Optional.of(size.times(random.nextInt(5000)));
    }

    private static DevicePolicy policy(SplittableRandom random) {
        DevicePolicy policy = switch (random.nextInt(3)) {
            case 0 -> DevicePolicy.allowAll();
            case 1 -> DevicePolicy.denyAll();
            default -> DevicePolicy.standard();
        };
        for (int i = random.nextInt(8); i > 0; i--) {
            DeviceRule rule = rule(random);
            policy = policy.allowsByDefault() ? policy.deny(rule) : policy.allow(rule);
        }
        return policy;
    }

    private static DeviceRule rule(SplittableRandom random) {
        String type = random.nextBoolean() ? "b" : "c";
        String major = random.nextInt(4) == 0 ? "*" : Integer.toString(random.nextInt(300));
        String minor = random.nextInt(4) == 0 ? "*" : Integer.toString(random.nextInt(300));
        String[] access = {"r", "w", "m", "rw", "rm", "wm", "rwm"};
        return DeviceRule.parse(type + " " + major + ":" + minor + " " + access[random.nextInt(access.length)]);
    }

    private static String text(SplittableRandom random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return text.toString();
    }
}

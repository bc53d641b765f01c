package io.vnfkit.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.cgroup.DeviceLists.Change;
import io.vnfkit.unit.DevicePolicy;
import io.vnfkit.unit.DeviceRule;
import io.vnfkit.unit.DeviceRule.Access;
import io.vnfkit.unit.DeviceRule.Type;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DeviceListsTest {

    private static final DevicePolicy NULL_AND_ZERO =
            DevicePolicy.denyAll().allow(DeviceRule.parse("c 1:3 rwm")).allow(DeviceRule.parse("c 1:5 rwm"));

    private static Change allow(String rule) {
        return new Change(true, DeviceRule.parse(rule));
    }

    private static Change deny(String rule) {
        return new Change(false, DeviceRule.parse(rule));
    }

    @Test
    void listOfTheKernelIsRead() {
        assertThat(DeviceLists.parse("c 1:3 rwm\nc 1:5 rwm")).isEqualTo(NULL_AND_ZERO);
        assertThat(DeviceLists.parse("a *:* rwm")).isEqualTo(DevicePolicy.allowAll());
        assertThat(DeviceLists.parse("")).isEqualTo(DevicePolicy.denyAll());
    }

    @Test
    void whatIsNewComesBeforeWhatGoes() {
        DevicePolicy wanted = DevicePolicy.denyAll().allow(DeviceRule.parse("c 1:3 rw"))
                .allow(DeviceRule.parse("c 242:2 rwm"));

        assertThat(DeviceLists.transition(NULL_AND_ZERO, wanted))
                .containsExactly(allow("c 242:2 rwm"), deny("c 1:3 m"), deny("c 1:5 rwm"));
        assertThat(DeviceLists.transition(NULL_AND_ZERO, NULL_AND_ZERO)).isEmpty();
    }

    @Test
    void otherDefaultStartsAnew() {
        DevicePolicy allButOne = DevicePolicy.allowAll().deny(DeviceRule.parse("c 1:11 r"));

        assertThat(DeviceLists.startsAnew(NULL_AND_ZERO, allButOne)).isTrue();
        assertThat(DeviceLists.transition(NULL_AND_ZERO, allButOne))
                .containsExactly(allow("a *:* rwm"), deny("c 1:11 r"));
        assertThat(DeviceLists.transition(DevicePolicy.allowAll(), NULL_AND_ZERO))
                .containsExactly(deny("a *:* rwm"), allow("c 1:3 rwm"), allow("c 1:5 rwm"));
    }

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    private static DevicePolicy random(SplittableRandom random) {
        DevicePolicy policy = DevicePolicy.denyAll();
        for (int i = random.nextInt(5); i > 0; i--) {
            String major = random.nextInt(4) == 0 ? "*" : Integer.toString(random.nextInt(3));
            String access = List.of("r", "w", "m", "rw", "rm", "rwm").get(random.nextInt(6));
            policy = policy.allow(DeviceRule.parse("c " + major + ":" + random.nextInt(2) + " " + access));
        }
        return policy;
    }

    /** The kernel's lists: allow merges into the rule for the same numbers, deny takes out of exactly that rule. */
    private static List<DeviceRule> apply(List<DeviceRule> list, Change change) {
        List<DeviceRule> result = new ArrayList<>();
        Set<Access> access = EnumSet.copyOf(change.rule().access());
        boolean found = false;
        for (DeviceRule rule : list) {
            if (!rule.major().equals(change.rule().major()) || !rule.minor().equals(change.rule().minor())) {
                result.add(rule);
                continue;
            }
            found = true;
            Set<Access> merged = EnumSet.copyOf(rule.access());
            if (change.allow()) {
                merged.addAll(access);
            } else {
                merged.removeAll(access);
            }
            if (!merged.isEmpty()) {
                result.add(new DeviceRule(rule.type(), rule.major(), rule.minor(), merged));
            }
        }
        if (!found && change.allow()) {
            result.add(change.rule());
        }
        return result;
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void transitionEndsAtTheWantedPolicyAndKeepsWhatBothAllow(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        DevicePolicy from = random(random);
        DevicePolicy to = random(random);
        List<DeviceRule> list = from.exceptions();
        for (Change change : DeviceLists.transition(from, to)) {
            list = apply(list, change);
            assertBothRemain(from, to, new DevicePolicy(false, list));
        }
        assertThat(Set.copyOf(list)).isEqualTo(Set.copyOf(to.exceptions()));
    }

    private static void assertBothRemain(DevicePolicy from, DevicePolicy to, DevicePolicy now) {
        for (int major = 0; major < 3; major++) {
            for (int minor = 0; minor < 2; minor++) {
                for (Access access : Access.values()) {
                    Set<Access> wanted = EnumSet.of(access);
                    boolean both = from.permits(Type.CHARACTER, major, minor, wanted)
                            && to.permits(Type.CHARACTER, major, minor, wanted);
                    if (both) {
                        assertThat(now.permits(Type.CHARACTER, major, minor, wanted))
                                .as("%s to %s at %s: %d:%d %s", from, to, now, major, minor, access).isTrue();
                    }
                }
            }
        }
    }
}

package io.vnfkit.unit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.vnfkit.testing.Seed;
import io.vnfkit.unit.DeviceRule.Access;
import io.vnfkit.unit.DeviceRule.Type;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DevicePolicyTest {

    private static final int NUMBERS = 3;

    /** One access to one device. */
    private record Request(Type type, int major, int minor, Access access) {}

    @Test
    void theDefaultDecidesWhatNoExceptionNames() {
        assertThat(DevicePolicy.denyAll().permits(Type.CHARACTER, 1, 3, Set.of(Access.READ))).isFalse();
        assertThat(DevicePolicy.allowAll().permits(Type.BLOCK, 8, 0, EnumSet.allOf(Access.class))).isTrue();
        assertThat(DevicePolicy.allowAll().isUnrestricted()).isTrue();
        assertThat(DevicePolicy.allowAll().deny(DeviceRule.block(8, 0)).isUnrestricted()).isFalse();
    }

    @Test
    void aRequestNeedsOneExceptionThatCoversAllOfIt() {
        DevicePolicy policy = DevicePolicy.denyAll()
                .allow(DeviceRule.parse("c 1:* r"))
                .allow(DeviceRule.parse("c 1:3 w"));

        assertThat(policy.permits(Type.CHARACTER, 1, 3, Set.of(Access.READ))).isTrue();
        assertThat(policy.permits(Type.CHARACTER, 1, 3, Set.of(Access.WRITE))).isTrue();
        assertThat(policy.permits(Type.CHARACTER, 1, 3, Set.of(Access.READ, Access.WRITE))).isFalse();
    }

    @Test
    void rulesForTheSameDevicesAreOneException() {
        DevicePolicy policy = DevicePolicy.denyAll()
                .allow(DeviceRule.parse("c 1:3 r"))
                .allow(DeviceRule.parse("c 5:0 r"))
                .allow(DeviceRule.parse("c 1:3 w"));

        assertThat(policy).hasToString("deny a *:* rwm, allow c 1:3 rw, allow c 5:0 r");
        assertThat(policy.permits(DeviceRule.parse("c 1:3 rw"))).isTrue();
        assertThat(policy.permits(DeviceRule.parse("c 1:* r"))).isFalse();
    }

    @Test
    void aRuleForEverythingForgetsTheExceptions() {
        assertThat(DevicePolicy.standard().allow(DeviceRule.everything())).isEqualTo(DevicePolicy.allowAll());
        assertThat(DevicePolicy.standard().deny(DeviceRule.everything())).isEqualTo(DevicePolicy.denyAll());
    }

    @Test
    void whatAnExceptionCannotSayIsRefusedWithThatException() {
        DevicePolicy policy = DevicePolicy.denyAll().allow(DeviceRule.parse("c 136:* rwm"));
        DeviceRule one = DeviceRule.parse("c 136:0 w");

        assertThat(policy.obstacleToDeny(one)).contains(DeviceRule.parse("c 136:* rwm"));
        assertThatIllegalArgumentException().isThrownBy(() -> policy.deny(one)).withMessageContaining("c 136:* rwm");
        assertThat(policy.deny(DeviceRule.parse("c *:* w"))).hasToString("deny a *:* rwm, allow c 136:* rm");
    }

    @Test
    void theStandardDevicesAreThoseThatEveryProgramExpects() {
        DevicePolicy policy = DevicePolicy.standard();

        for (String device : List.of("1:3", "1:5", "1:7", "1:8", "1:9", "5:0", "5:2", "136:7")) {
            assertThat(policy.permits(DeviceRule.parse("c " + device + " rwm"))).as(device).isTrue();
        }
        for (String rule : List.of("c 1:1 r", "c 1:2 r", "c 1:4 r", "b 1:3 r", "b 8:0 r", "c 10:229 r", "c *:* m",
                "a")) {
            assertThat(policy.permits(DeviceRule.parse(rule))).as(rule).isFalse();
        }
    }

    @Test
    void anExceptionForEverythingIsNoException() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DevicePolicy(false, List.of(DeviceRule.everything())))
                .withMessageContaining("default");
    }

    static IntStream rounds() {
        return IntStream.range(0, 300);
    }

    @ParameterizedTest
    @MethodSource("rounds")
    void anyChainOfRulesDecidesLikeASetOfSingleRequests(int round) {
        SplittableRandom random = Seed.random("DevicePolicy " + round);
        DevicePolicy policy = random.nextBoolean() ? DevicePolicy.allowAll() : DevicePolicy.denyAll();
        Set<Request> allowed = policy.allowsByDefault() ? all() : new HashSet<>();

        for (int i = 0; i < 12; i++) {
            DeviceRule rule = rule(random);
            boolean allow = random.nextBoolean();
            if ((allow ? policy.obstacleToAllow(rule) : policy.obstacleToDeny(rule)).isEmpty()) {
                policy = allow ? policy.allow(rule) : policy.deny(rule);
                List<Request> named = all().stream().filter(request -> names(rule, request)).toList();
                boolean changed = allow ? allowed.addAll(named) : allowed.removeAll(named);
                assertThat(changed || !named.isEmpty()).isTrue();
            }
            requireAgreement(policy, allowed);
        }
    }

    private static void requireAgreement(DevicePolicy policy, Set<Request> allowed) {
        for (Request request : all()) {
            Set<Access> access = Set.of(request.access());
            assertThat(policy.permits(request.type(), request.major(), request.minor(), access))
                    .as("%s of %s, %s", request, policy, Seed.hint())
                    .isEqualTo(allowed.contains(request));
            DeviceRule wide = new DeviceRule(request.type(), OptionalInt.of(request.major()), OptionalInt.empty(),
                    access);
            if (policy.permits(wide)) {
                assertThat(allowed).as("%s permits %s, %s", policy, wide, Seed.hint())
                        .containsAll(all().stream().filter(single -> names(wide, single)).toList());
            }
        }
    }

    private static Set<Request> all() {
        List<Request> all = new ArrayList<>();
        for (Type type : List.of(Type.BLOCK, Type.CHARACTER)) {
            for (int number = 0; number < NUMBERS * NUMBERS; number++) {
                for (Access access : Access.values()) {
                    all.add(new Request(type, number / NUMBERS, number % NUMBERS, access));
                }
            }
        }
        return new HashSet<>(all);
    }

    private static boolean names(DeviceRule rule, Request request) {
        return rule.type() == request.type()
                && rule.major().orElse(request.major()) == request.major()
                && rule.minor().orElse(request.minor()) == request.minor()
                && rule.access().contains(request.access());
    }

    private static DeviceRule rule(SplittableRandom random) {
        Set<Access> access = EnumSet.of(Access.values()[random.nextInt(3)], Access.values()[random.nextInt(3)]);
        return new DeviceRule(random.nextBoolean() ? Type.BLOCK : Type.CHARACTER, number(random), number(random),
                access);
    }

    private static OptionalInt number(SplittableRandom random) {
        return random.nextInt(3) == 0 ? OptionalInt.empty() : OptionalInt.of(random.nextInt(NUMBERS));
    }
}

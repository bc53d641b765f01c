package io.vnfkit.unit;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.unit.DeviceRule.Access;
import io.vnfkit.unit.DeviceRule.Type;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DevicePolicyChangeTest {

    private static final Set<Access> READ_WRITE = EnumSet.of(Access.READ, Access.WRITE);

    private static DeviceRule rule(String text) {
        return DeviceRule.parse(text);
    }

    @Test
    void denyingAllForgetsTheStandardDevices() {
        DevicePolicy policy = DevicePolicy.standard().deny(rule("a *:* rwm")).allow(rule("c 242:2 rwm"));

        assertThat(policy).isEqualTo(new DevicePolicy(false, List.of(rule("c 242:2 rwm"))));
        assertThat(policy).hasToString("deny a *:* rwm, allow c 242:2 rwm");
    }

    @Test
    void partOfTheAccessCanBeTakenBack() {
        assertThat(DevicePolicy.denyAll().allow(rule("c 1:3 rwm")).deny(rule("c 1:3 m")).exceptions())
                .containsExactly(rule("c 1:3 rw"));
        assertThat(DevicePolicy.denyAll().allow(rule("c 1:3 r")).deny(rule("c 1:3 rw")))
                .isEqualTo(DevicePolicy.denyAll());
    }

    @Test
    void widerRuleTakesNarrowerOnesBack() {
        assertThat(DevicePolicy.standard().deny(rule("c 1:* rwm")).exceptions())
                .containsExactly(rule("c 5:0 rwm"), rule("c 5:2 rwm"), rule("c 136:* rwm"));
    }

    @Test
    void denyingRuleNeedOnlyTouchTheRequest() {
        DevicePolicy policy = DevicePolicy.allowAll().deny(rule("c 1:3 r"));

        assertThat(policy.permits(Type.CHARACTER, 1, 3, READ_WRITE)).isFalse();
        assertThat(policy.permits(Type.CHARACTER, 1, 3, EnumSet.of(Access.WRITE))).isTrue();
        assertThat(policy.permits(Type.CHARACTER, 1, 4, READ_WRITE)).isTrue();
    }

    @Test
    void rangeIsPermittedAsAWhole() {
        assertThat(DevicePolicy.standard().permits(rule("c 136:5 rw"))).isTrue();
        assertThat(DevicePolicy.standard().permits(rule("c *:5 rw"))).isFalse();
        assertThat(DevicePolicy.standard().permits(DeviceRule.everything())).isFalse();
        assertThat(DevicePolicy.allowAll().permits(DeviceRule.everything())).isTrue();
        assertThat(DevicePolicy.allowAll().deny(rule("c 1:* w")).permits(rule("c *:3 w"))).isFalse();
        assertThat(DevicePolicy.allowAll().deny(rule("c 1:* w")).permits(rule("c *:3 r"))).isTrue();
    }
}

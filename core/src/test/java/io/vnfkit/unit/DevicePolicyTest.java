package io.vnfkit.unit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.unit.DeviceRule.Access;
import io.vnfkit.unit.DeviceRule.Type;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DevicePolicyTest {

    private static final Set<Access> READ = EnumSet.of(Access.READ);
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
    void allowingAllForgetsEverything() {
        assertThat(DevicePolicy.standard().allow(DeviceRule.everything())).isEqualTo(DevicePolicy.allowAll());
        assertThat(DevicePolicy.allowAll().isUnrestricted()).isTrue();
        assertThat(DevicePolicy.allowAll().deny(rule("c 1:1 r")).isUnrestricted()).isFalse();
    }

    @Test
    void rulesForTheSameDeviceAreMerged() {
        assertThat(DevicePolicy.denyAll().allow(rule("c 1:3 r")).allow(rule("b 8:0 r")).allow(rule("c 1:3 w")).exceptions())
                .containsExactly(rule("c 1:3 rw"), rule("b 8:0 r"));
    }

    @Test
    void partOfTheAccessCanBeTakenBack() {
        assertThat(DevicePolicy.denyAll().allow(rule("c 1:3 rwm")).deny(rule("c 1:3 m")).exceptions())
                .containsExactly(rule("c 1:3 rw"));
        assertThat(DevicePolicy.denyAll().allow(rule("c 1:3 r")).deny(rule("c 1:3 rw"))).isEqualTo(DevicePolicy.denyAll());
    }

    @Test
    void widerRuleTakesNarrowerOnesBack() {
        assertThat(DevicePolicy.standard().deny(rule("c 1:* rwm")).exceptions())
                .containsExactly(rule("c 5:0 rwm"), rule("c 5:2 rwm"), rule("c 136:* rwm"));
    }

    @Test
    void partOfAWildcardCannotBeTakenBack() {
        assertThat(DevicePolicy.standard().obstacleToDeny(rule("c 136:1 rwm"))).contains(rule("c 136:* rwm"));
        assertThat(DevicePolicy.standard().obstacleToDeny(rule("c 137:1 rwm"))).isEmpty();
        assertThat(DevicePolicy.standard().obstacleToAllow(rule("c 136:1 rwm"))).isEmpty();
        assertThat(DevicePolicy.allowAll().deny(rule("c 136:* rwm")).obstacleToAllow(rule("c 136:1 r")))
                .contains(rule("c 136:* rwm"));
        assertThatThrownBy(() -> DevicePolicy.standard().deny(rule("c 136:1 rwm")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cannot cut \"c 136:1 rwm\" out of \"c 136:* rwm\"");
    }

    @Test
    void allowingRuleMustCoverTheWholeRequest() {
        DevicePolicy policy = DevicePolicy.denyAll().allow(rule("c 1:3 r")).allow(rule("c *:3 w"));

        assertThat(policy.permits(Type.CHARACTER, 1, 3, READ)).isTrue();
        assertThat(policy.permits(Type.CHARACTER, 1, 3, READ_WRITE)).isFalse();
        assertThat(policy.permits(Type.BLOCK, 1, 3, READ)).isFalse();
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

    @Test
    void standardDevicesAreTheHarmlessOnes() {
        DevicePolicy policy = DevicePolicy.standard();

        assertThat(policy.permits(Type.CHARACTER, 1, 3, READ_WRITE)).isTrue();
        assertThat(policy.permits(Type.CHARACTER, 136, 7, READ_WRITE)).isTrue();
        assertThat(policy.permits(Type.CHARACTER, 1, 1, READ)).isFalse();
        assertThat(policy.permits(Type.CHARACTER, 10, 196, EnumSet.of(Access.MKNOD))).isFalse();
    }

    @Test
    void defaultIsNoException() {
        assertThatThrownBy(() -> new DevicePolicy(false, List.of(DeviceRule.everything())))
                .isInstanceOf(IllegalArgumentException.class);
    }
}

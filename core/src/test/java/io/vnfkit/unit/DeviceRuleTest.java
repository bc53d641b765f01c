package io.vnfkit.unit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.unit.DeviceRule.Access;
import io.vnfkit.unit.DeviceRule.Type;
import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeviceRuleTest {

    @ParameterizedTest
    @CsvSource({
        "a, a *:* rwm", "a *:* rwm, a *:* rwm", "a *:* mwr, a *:* rwm", "c 1:3 mr, c 1:3 rm", "b 8:* r, b 8:* r",
        "c *:5 w, c *:5 w", "c 0:0 m, c 0:0 m", "c 4095:1048575 rwm, c 4095:1048575 rwm"
    })
    void aRuleIsReadAndPrintedInTheKernelsGrammar(String text, String printed) {
        assertThat(DeviceRule.parse(text)).hasToString(printed);
    }

    @ParameterizedTest
    @CsvSource({
        "'', 0", "d 1:3 rwm, 0", "c, 1", "'c ', 2", "c1:3 rwm, 1", "'c  1:3 rwm', 2", "c 1, 3", "c 1:, 4", "c 1:3, 5",
        "'c 1:3 ', 6", "c 1:3 x, 6", "c 1:3 rr, 7", "c 1:3 rwmr, 9", "'c 1:3 rwm ', 9", "c 4096:0 r, 2",
        "c 0:1048576 r, 4",
        "c -1:0 r, 2", "c 01:0 r, 2", "a 1:* rwm, 0", "a *:* rw, 0", "'a ', 2", "aa, 1", "C 1:3 rwm, 0"
    })
    void everythingElseIsRefusedWithThePosition(String text, int position) {
        assertThatThrownBy(() -> DeviceRule.parse(text))
                .isInstanceOfSatisfying(InvalidValueException.class,
                        failure -> assertThat(failure.position()).isEqualTo(position))
                .hasMessageContaining("device rule");
    }

    @Test
    void rulesAreMadeForOneDeviceAndNarrowed() {
        assertThat(DeviceRule.character(10, 196)).hasToString("c 10:196 rwm");
        assertThat(DeviceRule.block(8, 0).with(Access.READ)).hasToString("b 8:0 r");
        assertThat(DeviceRule.character(1, 3).with(Access.MKNOD, Access.READ)).hasToString("c 1:3 rm");
        assertThat(DeviceRule.everything()).isEqualTo(DeviceRule.parse("a"));
    }

    @Test
    void aRuleForAllDevicesCannotBeNarrowed() {
        assertThatIllegalArgumentException().isThrownBy(() -> DeviceRule.everything().with(Access.READ))
                .withMessageContaining("a *:* rwm");
    }

    @Test
    void partsOutOfRangeAreRefused() {
        OptionalInt any = OptionalInt.empty();

        assertThatIllegalArgumentException().isThrownBy(() -> DeviceRule.character(4096, 0))
                .withMessageContaining("4095");
        assertThatIllegalArgumentException().isThrownBy(() -> DeviceRule.character(0, -1))
                .withMessageContaining("minor");
        assertThatIllegalArgumentException().isThrownBy(() -> new DeviceRule(Type.BLOCK, any, any, Set.of()))
                .withMessageContaining("r, w, m");
    }

    @Test
    void theAccessOfARuleCannotBeChangedFromOutside() {
        Set<Access> access = new HashSet<>(Set.of(Access.READ));
        DeviceRule rule = new DeviceRule(Type.BLOCK, OptionalInt.of(8), OptionalInt.empty(), access);

        access.add(Access.WRITE);

        assertThat(rule).hasToString("b 8:* r");
    }
}

package io.vnfkit.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class StrictnessTest {

    private static final Missing ROOT = new Missing("root", "sudo");

    @Test
    void withoutStrictModeEverythingMayBeMissing() {
        assertThatCode(() -> Strictness.parse("false", "").requireAllowed(ROOT)).doesNotThrowAnyException();
    }

    @Test
    void inStrictModeOnlyTheListedMayBeMissing() {
        assertThatCode(() -> Strictness.parse("true", " IOMMU , root ").requireAllowed(ROOT))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> Strictness.parse("true", "roo,IOMMU").requireAllowed(ROOT))
                .isInstanceOf(Strictness.ForbiddenSkipException.class)
                .hasMessageContaining("missing: root (sudo)");
    }

    @Test
    void aMisspeltSwitchIsAnErrorRatherThanLenient() {
        assertThatIllegalArgumentException().isThrownBy(() -> Strictness.parse("yes", ""));
    }

    @Test
    void aReasonIsReadBack() {
        Missing missing = new Missing("free hugepages of 2MiB", "4 needed (and 0 free): echo N > /sys/x");

        assertThat(Missing.parse(missing.reason())).contains(missing);
        assertThat(Missing.parse("disabled on Sundays")).isEmpty();
    }

    @Test
    void aNameThatCouldNotStandOnTheListIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Missing("a, b", ""));
    }
}

package io.vnfkit.dpdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EalOptionTest {

    @Test
    void longOptionsAndTheirValueAreOneWord() {
        assertThat(new EalOption("--socket-mem", "0,512").words()).containsExactly("--socket-mem=0,512");
    }

    @Test
    void shortOptionsAndTheirValueAreTwoWords() {
        assertThat(new EalOption("-a", "0000:05:00.0").words()).containsExactly("-a", "0000:05:00.0");
    }

    @Test
    void optionsWithoutValueAreOneWord() {
        assertThat(EalOption.flag("--no-telemetry").words()).containsExactly("--no-telemetry");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", "--", "a", "vdev", "-vdev", "--x=1", "--Big", "-1", "-- x", "--a b"})
    void refusesWhatIsNoOption(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> EalOption.flag(text))
                .withMessageContaining("\"" + text + "\"");
    }

    @Test
    void refusesValuesThatNoProgramCouldReceive() {
        assertThatIllegalArgumentException().isThrownBy(() -> new EalOption("--vdev", "a\0b"))
                .withMessageContaining("--vdev");
    }
}

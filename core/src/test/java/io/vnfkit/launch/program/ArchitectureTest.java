package io.vnfkit.launch.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.linux.UnsupportedPlatformException;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    @Test
    void javasNamesAreKnown() {
        assertThat(Architecture.of("Linux", "amd64")).isEqualTo(Architecture.X86_64);
        assertThat(Architecture.of("Linux", "aarch64")).isEqualTo(Architecture.AARCH64);
    }

    @Test
    void otherPlatformsAreRefusedByName() {
        assertThatThrownBy(() -> Architecture.of("Linux", "riscv64"))
                .isInstanceOf(UnsupportedPlatformException.class).hasMessageContaining("riscv64");
        assertThatThrownBy(() -> Architecture.of("Mac OS X", "aarch64"))
                .isInstanceOf(UnsupportedPlatformException.class).hasMessageContaining("Mac OS X");
    }

    @Test
    void theInitIsCarriedOnTheClassPath() {
        assertThat(ClassLoader.getSystemResource(Architecture.current().initResource())).isNotNull();
    }
}

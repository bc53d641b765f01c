package io.vnfkit.ivshmem.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class UnixAddressTest {

    @Test
    void aPathIsAnAddressAsLongAsTheKernelHasRoomForItsBytes() {
        Path longest = Path.of("/" + "x".repeat(106));

        assertThat(UnixAddress.requireAddress(longest)).isEqualTo(longest);
        assertThatThrownBy(() -> UnixAddress.requireAddress(Path.of("/" + "x".repeat(107))))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("107 bytes");
        assertThatThrownBy(() -> UnixAddress.requireAddress(Path.of("/x" + "ü".repeat(53))))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("107 bytes");
    }
}

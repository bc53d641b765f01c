package io.vnfkit.examples.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class ProgressTest {

    @Test
    void isTheSameAfterItLayInATable() {
        Progress progress = new Progress(1, 2, 3, 4, 5);

        assertThat(progress.bytes()).hasSize(Progress.BYTES);
        assertThat(Progress.of(progress.bytes())).isEqualTo(progress);
    }

    @Test
    void packetsThatAreSkippedAreLost() {
        Progress progress = Progress.NONE.withPacket(0).withPacket(5).withPacket(6);

        assertThat(progress.packets()).isEqualTo(3);
        assertThat(progress.nextPacket()).isEqualTo(7);
        assertThatThrownBy(() -> progress.withPacket(6)).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("packet 6 came after 6");
    }

    @Test
    void messagesThatComeAgainAreCountedOnce() {
        Progress progress = Progress.NONE.withMessage(0).withMessage(1).withMessage(0).withMessage(1).withMessage(2);

        assertThat(progress.messages()).isEqualTo(3);
        assertThat(progress.repeated()).isEqualTo(2);
        assertThat(progress.lostMessages()).isZero();
        assertThat(progress.withMessage(4).lostMessages()).isEqualTo(1);
    }

    @Test
    void aPacketThatIsNotWholeIsNoticed() {
        byte[] packet = Numbered.packet(77);

        assertThat(Numbered.numberOf(ByteBuffer.wrap(packet))).isEqualTo(77);
        packet[63]++;
        assertThatThrownBy(() -> Numbered.numberOf(ByteBuffer.wrap(packet))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Numbered.numberOf(ByteBuffer.wrap(packet, 0, 56).slice()))
                .isInstanceOf(IllegalStateException.class).hasMessageContaining("56 bytes");
    }
}

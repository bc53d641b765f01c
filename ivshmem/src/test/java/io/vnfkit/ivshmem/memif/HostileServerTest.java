package io.vnfkit.ivshmem.memif;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.ivshmem.memory.Access;
import io.vnfkit.ivshmem.memory.MappedMemory;
import io.vnfkit.linux.SharedMemoryCalls;
import io.vnfkit.linux.Syscalls;
import io.vnfkit.testing.Seed;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client whose memory somebody else writes into: the test holds the file too. */
@Timeout(60)
class HostileServerTest {

    private static final RingSettings RINGS = RingSettings.defaults().log2Size(3);
    private static final long LENGTH = 1 << 20;
    private static final MemoryLayout LAYOUT = new MemoryLayout(RINGS, 0);
    private static final int TO_SERVER_AT = (int) LAYOUT.ringAt(Direction.CLIENT_TO_SERVER, 0);
    private static final int TO_CLIENT_AT = (int) LAYOUT.ringAt(Direction.SERVER_TO_CLIENT, 0);
    private static final int TAIL_AT = CacheLine.BYTES_64.tailAt();
    private static final int DESCRIPTORS_AT = CacheLine.BYTES_64.descriptorsAt();

    private int file;
    private MappedMemory mapping;
    private ByteBuffer memory;
    private LinkPair pair;

    @BeforeEach
    void connect() {
        file = SharedMemoryCalls.host().memfd("shared");
        Syscalls.host().ftruncate(file, LENGTH);
        mapping = MappedMemory.map(SharedMemoryCalls.host(), file, LENGTH, Access.READ_WRITE);
        memory = mapping.window(0, (int) LENGTH);
        pair = LinkPair.of(
                MemifClientSettings.to(LinkPair.socket(), 7).rings(RINGS).memory(new MemifMemory.Part(file, 0, LENGTH)),
                MemifInterface.of(7).acceptUnsealed());
    }

    @AfterEach
    void close() {
        pair.close();
        mapping.close();
        Syscalls.host().close(file);
    }

    @Test
    void aTailThatCannotBeTrueEndsTheLink() {
        memory.putShort(TO_CLIENT_AT + TAIL_AT, (short) 9);

        assertThatThrownBy(() -> pair.clientIn().receive(new PacketBurst(8))).isInstanceOf(DamagedLinkException.class)
                .hasMessageContaining("SERVER_TO_CLIENT ring 0: the sender's index went from 0 to 9");
        assertThat(pair.client.link()).isEmpty();
    }

    @Test
    void buffersGivenBackThatWereNeverSentEndTheLink() {
        memory.putShort(TO_SERVER_AT + TAIL_AT, (short) 1);
        TransmitQueue out = pair.clientOut();

        assertThat(out.claim(new PacketBurst(8), 4)).as("known to be free").isEqualTo(4);
        assertThatThrownBy(out::free).isInstanceOf(DamagedLinkException.class)
                .hasMessageContaining("the receiver's index went on by 1, though it has no more than 0 of the 8");
        assertThat(out.free()).isZero();
    }

    @Test
    void aPacketLongerThanItsBufferEndsTheLink() {
        memory.putInt(TO_CLIENT_AT + DESCRIPTORS_AT + 4, 2049);
        memory.putShort(TO_CLIENT_AT + TAIL_AT, (short) 1);

        assertThatThrownBy(() -> pair.clientIn().receive(new PacketBurst(8))).isInstanceOf(DamagedLinkException.class)
                .hasMessageContaining("descriptor 0: a packet of 2049 bytes in a buffer of 2048");
    }

    @Test
    void whereABufferLiesTheClientKnowsItself() {
        ReceiveQueue in = pair.clientIn();
        long buffers = LAYOUT.buffersAt(Direction.SERVER_TO_CLIENT, 0);
        memory.putLong(TO_CLIENT_AT + DESCRIPTORS_AT, RingFields.word(0, 9, 60));
        memory.putInt(TO_CLIENT_AT + DESCRIPTORS_AT + 8, -1);
        memory.putShort(TO_CLIENT_AT + TAIL_AT, (short) 1);
        PacketBurst burst = new PacketBurst(8);

        assertThat(in.receive(burst)).isOne();
        assertThat(burst.offset(0)).isEqualTo((int) buffers);
        in.release(1);
        assertThat(memory.getLong(TO_CLIENT_AT + DESCRIPTORS_AT)).isEqualTo(RingFields.word(0, 0, 2048));
        assertThat(memory.getLong(TO_CLIENT_AT + DESCRIPTORS_AT + 8)).isEqualTo(buffers);
    }

    @Test
    void randomBytesInTheRingsNeverLeadOutOfTheBuffers() {
        SplittableRandom random = Seed.random("memif client rings");
        int packets = 0;
        for (int round = 0; round < 200; round++) {
            ReceiveQueue in = pair.clientIn();
            TransmitQueue out = pair.clientOut();
            PacketBurst burst = new PacketBurst(8);
            while (pair.client.link().isPresent()) {
                scribble(random);
                try {
                    int count = in.receive(burst);
                    packets += count;
                    for (int i = 0; i < count; i++) {
                        assertThat(burst.length(i)).isBetween(1, 2048);
                        assertThat((long) burst.offset(i)).isBetween(LAYOUT.buffersAt(Direction.SERVER_TO_CLIENT, 0),
                                LAYOUT.end() - 2048);
                    }
                    in.release(count);
                    out.free();
                } catch (DamagedLinkException refused) {
                    assertThat(refused.getMessage()).contains("ring 0");
                }
            }
            // Bytes that the server meets are none of this test.
            pair.close();
            pair = LinkPair.of(MemifClientSettings.to(LinkPair.socket(), 7).rings(RINGS)
                    .memory(new MemifMemory.Part(file, 0, LENGTH)), MemifInterface.of(7).acceptUnsealed());
        }
        assertThat(packets).as(Seed.hint()).isPositive();
    }

    private void scribble(SplittableRandom random) {
        for (int slot = 0; slot < 8; slot++) {
            boolean plausible = random.nextInt(50) > 0;
            memory.putLong(TO_CLIENT_AT + DESCRIPTORS_AT + 16 * slot, plausible
                    ? RingFields.word(random.nextInt(2), 0, 1 + random.nextInt(2048)) : random.nextLong());
            memory.putLong(TO_CLIENT_AT + DESCRIPTORS_AT + 16 * slot + 8, random.nextLong());
        }
        short tail = memory.getShort(TO_CLIENT_AT + TAIL_AT);
        memory.putShort(TO_CLIENT_AT + TAIL_AT,
                (short) (random.nextInt(20) == 0 ? random.nextInt() : tail + random.nextInt(3)));
        if (random.nextInt(50) == 0) {
            memory.putShort(TO_SERVER_AT + TAIL_AT, (short) random.nextInt());
        }
    }
}

package io.vnfkit.ivshmem.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.ivshmem.Region;
import io.vnfkit.ivshmem.RegionException;
import io.vnfkit.ivshmem.TestRegions;
import io.vnfkit.ivshmem.manifest.DamagedRegionException;
import io.vnfkit.unit.Bytes;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class PacketChannelTest {

    private static final int BUFFERS = 7;

    private final Region left = TestRegions.make(Bytes.mebibytes(2));
    private final Region right = TestRegions.attach(left);
    private PacketSender sender;
    private PacketReceiver receiver;

    @BeforeEach
    void open() {
        PacketChannel.create(left, "channel", 2048, BUFFERS, "test");
        sender = PacketChannel.open(left, "channel").sender();
        receiver = PacketChannel.open(right, "channel").receiver();
    }

    @AfterEach
    void detach() {
        right.close();
        left.close();
    }

    private static byte[] frame(int seed, int length) {
        byte[] frame = new byte[length];
        new Random(seed).nextBytes(frame);
        return frame;
    }

    private long filled(byte[] frame) {
        long[] offsets = new long[1];
        assertThat(sender.claim(offsets, 0, 1)).isEqualTo(1);
        return sender.fill(offsets[0], frame, 0, frame.length);
    }

    private int sendOne(byte[] frame) {
        return sender.send(new long[] {filled(frame)}, 0, 1);
    }

    @Test
    void packetsOfAllSizesArriveAsTheyWere() {
        long[] packets = new long[1];
        for (int length = 0; length <= sender.maxLength(); length += 60) {
            byte[] frame = frame(length, length);
            assertThat(sendOne(frame)).isEqualTo(1);

            assertThat(receiver.receive(packets, 0, 1)).isEqualTo(1);

            byte[] copy = new byte[2048];
            assertThat(receiver.copy(packets[0], copy, 3)).isEqualTo(length);
            assertThat(ByteBuffer.wrap(copy, 3, length)).isEqualTo(ByteBuffer.wrap(frame))
                    .isEqualTo(receiver.packet(packets[0]));
            receiver.release(packets, 0, 1);
        }
        assertThat(sender.maxLength()).isEqualTo(2048 - 128);
    }

    @Test
    void buffersComeBackAndAreUsedAgain() {
        long[] packets = new long[BUFFERS + 1];
        for (int round = 0; round < 1000; round++) {
            int claimed = sender.claim(packets, 0, BUFFERS + 1);
            assertThat(claimed).isEqualTo(BUFFERS);
            for (int i = 0; i < claimed; i++) {
                packets[i] = sender.fill(packets[i], frame(i, 64), 0, 64);
            }
            assertThat(sender.send(packets, 0, claimed)).isEqualTo(BUFFERS);
            assertThat(sender.claim(new long[1], 0, 1)).isZero();
            assertThat(receiver.receive(packets, 0, packets.length)).isEqualTo(BUFFERS);
            receiver.release(packets, 0, BUFFERS);
        }
        assertThat(receiver.lost()).isZero();
    }

    @Test
    void buffersThatWereNotSentAreGivenBack() {
        long[] packets = new long[BUFFERS];
        sender.claim(packets, 0, BUFFERS);
        packets[0] = sender.fill(packets[0], frame(1, 64), 0, 64);

        sender.unclaim(packets, 0, BUFFERS);

        assertThat(sender.claim(packets, 0, BUFFERS)).isEqualTo(BUFFERS);
        assertThat(sender.pending()).isZero();
    }

    @Test
    void aBufferCanBeWrittenInPlace() {
        long[] packets = new long[1];
        sender.claim(packets, 0, 1);
        sender.buffer(packets[0]).putShort(12, (short) 0x0800);
        packets[0] = Descriptor.of(packets[0], 14);
        sender.send(packets, 0, 1);

        receiver.receive(packets, 0, 1);

        assertThat(receiver.packet(packets[0]).getShort(12)).isEqualTo((short) 0x0800);
    }

    @Test
    void whatTheSenderDoesNotOwnIsRefused() {
        long descriptor = filled(frame(1, 64));
        sender.send(new long[] {descriptor}, 0, 1);

        assertThatThrownBy(() -> sender.send(new long[] {descriptor}, 0, 1)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("claimed");
        assertThatThrownBy(() -> sender.unclaim(new long[] {descriptor}, 0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> sender.fill(4096, new byte[64], 0, 64)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> sender.buffer(descriptor)).isInstanceOf(IllegalArgumentException.class);
        long[] other = new long[1];
        sender.claim(other, 0, 1);
        assertThatThrownBy(() -> sender.fill(other[0], new byte[2048], 0, 1921)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1920");
    }

    @Test
    void aChainOfChannelsPassesPacketsOnWithoutACopy() {
        PacketChannel.create(left, "onward", 2048, BUFFERS, "test");
        PacketSender onward = PacketChannel.open(right, "onward").sender();
        try (Region third = TestRegions.attach(left);
                PacketReceiver last = PacketChannel.open(third, "onward").receiver()) {
            long[] packets = new long[BUFFERS];
            for (int round = 0; round < 100; round++) {
                byte[] frame = frame(round, 100);
                sendOne(frame);
                assertThat(receiver.receive(packets, 0, BUFFERS)).isEqualTo(1);
                long passed = packets[0];
                assertThat(onward.send(packets, 0, 1)).isEqualTo(1);
                assertThatThrownBy(() -> onward.send(new long[] {passed}, 0, 1)).hasMessageContaining("on its way already");

                assertThat(last.receive(packets, 0, BUFFERS)).isEqualTo(1);
                assertThat(packets[0]).isEqualTo(passed);
                assertThat(last.packet(packets[0])).isEqualTo(ByteBuffer.wrap(frame));
                last.release(packets, 0, 1);

                assertThat(onward.returned(packets, 0, BUFFERS)).isEqualTo(1);
                assertThat(packets[0]).isEqualTo(passed);
                receiver.release(packets, 0, 1);
            }
            assertThat(sender.claim(packets, 0, BUFFERS)).isEqualTo(BUFFERS);
            assertThat(onward.pending()).isZero();
        }
    }

    @Test
    void descriptorsThatLeadOutOfTheRegionAreExceptions() {
        ByteBuffer ring = left.window(left.find("channel").orElseThrow());
        for (long hostile : new long[] {0, -1, Descriptor.of(left.header().size() - 10, 11),
                Descriptor.of(left.header().firstObject() - 1, 10), 1L << 56 | 65536, (1L << 40) - 1}) {
            ring.putLong(384 + 8 * (ring.getInt(132) & 7), hostile);
            ring.putInt(132, ring.getInt(132) + 1);

            assertThatThrownBy(() -> receiver.receive(new long[1], 0, 1)).isInstanceOf(DamagedRegionException.class)
                    .hasMessageContaining("received packet");
        }
    }

    @Test
    void returnsOfWhatWasNeverSentAreExceptions() {
        long descriptor = filled(frame(1, 64));
        long[] packets = new long[1];
        sendOne(frame(2, 64));
        receiver.receive(packets, 0, 1);
        receiver.release(new long[] {descriptor}, 0, 1);

        assertThatThrownBy(() -> sender.claim(new long[BUFFERS], 0, BUFFERS)).isInstanceOf(DamagedRegionException.class)
                .hasMessageContaining("which it has not got");
    }

    @Test
    void afterTheReceiversDeathTheSenderTakesEverythingBack() {
        long[] packets = new long[BUFFERS];
        sendOne(frame(1, 64));
        sendOne(frame(2, 64));
        sendOne(frame(3, 64));
        assertThat(sender.recover()).isZero();
        receiver.receive(packets, 0, 2);
        receiver.close();

        assertThatThrownBy(() -> PacketChannel.open(right, "channel").receiver()).isInstanceOf(RegionException.class)
                .hasMessageContaining("2 packets").hasMessageContaining("recover");
        assertThat(sender.isPeerPresent()).isFalse();
        assertThat(sender.recover()).isEqualTo(3);

        assertThat(sender.pending()).isZero();
        try (PacketReceiver next = PacketChannel.open(right, "channel").receiver()) {
            byte[] frame = frame(4, 64);
            sendOne(frame);
            assertThat(next.receive(packets, 0, BUFFERS)).isEqualTo(1);
            assertThat(next.packet(packets[0])).isEqualTo(ByteBuffer.wrap(frame));
            next.release(packets, 0, 1);
            assertThat(sender.claim(packets, 0, BUFFERS)).isEqualTo(BUFFERS);
        }
    }

    @Test
    void whatADeadReceiverLeftIsNotNeeded() {
        sendOne(frame(1, 64));
        sendOne(frame(2, 64));
        ByteBuffer channel = left.window(left.find("channel").orElseThrow());
        receiver.close();
        channel.putInt(PacketChannel.open(left, "channel").geometry().returnRingAt() + 132, 1 << 20);

        assertThat(sender.recover()).isEqualTo(2);

        assertThat(sender.claim(new long[BUFFERS], 0, BUFFERS)).isEqualTo(BUFFERS);
        assertThat(PacketChannel.open(right, "channel").receiver().size()).isZero();
    }

    @Test
    void afterTheSendersDeathANewOneWaitsForTheReceiver() {
        long[] packets = new long[BUFFERS];
        sendOne(frame(1, 64));
        sendOne(frame(2, 64));
        sender.claim(packets, 0, 3);
        sender.close();
        receiver.receive(packets, 0, 1);

        assertThatThrownBy(() -> PacketChannel.open(left, "channel").sender()).isInstanceOf(RegionException.class)
                .hasMessageContaining("2 packets of an earlier sender");
        receiver.release(packets, 0, receiver.receive(packets, 1, 1) + 1);

        try (PacketSender next = PacketChannel.open(left, "channel").sender()) {
            assertThat(next.claim(packets, 0, BUFFERS)).isEqualTo(BUFFERS);
        }
    }

    @Test
    void afterBothDiedTheChannelBeginsAnew() {
        long[] packets = new long[BUFFERS];
        sendOne(frame(1, 64));
        sendOne(frame(2, 64));
        receiver.receive(packets, 0, 1);
        sender.close();
        receiver.close();

        try (PacketSender next = PacketChannel.open(left, "channel").sender();
                PacketReceiver last = PacketChannel.open(right, "channel").receiver()) {
            assertThat(next.claim(packets, 0, BUFFERS)).isEqualTo(BUFFERS);
            assertThat(last.receive(packets, 0, BUFFERS)).isZero();
        }
    }

    @Test
    void geometriesThatCannotBeAreRefused() {
        assertThatThrownBy(() -> PacketChannel.create(left, "odd", 2000, 8, "")).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2048");
        assertThatThrownBy(() -> PacketChannel.create(left, "none", 2048, 0, "")).isInstanceOf(IllegalArgumentException.class);
        ChannelGeometry geometry = ChannelGeometry.of(4096, 1024, 64);
        assertThat(geometry.ring().capacity()).isGreaterThanOrEqualTo(1024);
        assertThat(geometry.buffersAt() % 4096).isZero();
    }
}

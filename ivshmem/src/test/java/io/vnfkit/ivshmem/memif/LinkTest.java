package io.vnfkit.ivshmem.memif;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Client and server of this library against each other. */
@Timeout(60)
class LinkTest {

    private static final RingSettings SMALL = RingSettings.defaults().log2Size(3);

    /** Sends packets in bursts of changing size and takes them out at the other end, every byte checked. */
    private static void pump(TransmitQueue out, ReceiveQueue in, long packets) {
        PacketBurst sending = new PacketBurst(32);
        PacketBurst receiving = new PacketBurst(17);
        long sent = 0;
        long received = 0;
        while (received < packets) {
            int wanted = (int) Math.min(packets - sent, 1 + sent % 32);
            int claimed = out.claim(sending, wanted);
            for (int i = 0; i < claimed; i++) {
                sending.put(i, TestPacket.of(sent + i));
            }
            out.commit(sending, claimed);
            sent += claimed;
            int count = in.receive(receiving);
            for (int i = 0; i < count; i++) {
                assertThat(receiving.slice(i)).isEqualTo(TestPacket.of(received + i));
            }
            in.release(count);
            received += count;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 10, 14})
    void packetsGoBothWaysPastTheEndOfRingsAndOfIndexes(int log2Size) {
        try (LinkPair pair = LinkPair.of(RingSettings.defaults().log2Size(log2Size))) {
            pump(pair.clientOut(), pair.serverIn(), 70_000);
            pump(pair.serverOut(), pair.clientIn(), 70_000);

            assertThat(pair.clientLink().peer()).isEqualTo("vnfkit");
            assertThat(pair.clientLink().peerInterface()).isEqualTo("vnfkit7");
        }
    }

    @ParameterizedTest
    @EnumSource(CacheLine.class)
    void severalQueuesDoNotMix(CacheLine line) {
        try (LinkPair pair = LinkPair.of(SMALL.rings(3, 2).cacheLine(line))) {
            assertThat(pair.clientLink().transmitQueues()).hasSize(3);
            assertThat(pair.clientLink().receiveQueues()).hasSize(2);
            assertThat(pair.serverLink().receiveQueues()).hasSize(3);
            assertThat(pair.serverLink().transmitQueues()).hasSize(2);
            for (int i = 0; i < 3; i++) {
                send(pair.clientLink().transmitQueues().get(i), 100 + i);
            }
            for (int i = 0; i < 2; i++) {
                send(pair.serverLink().transmitQueues().get(i), 200 + i);
            }
            for (int i = 0; i < 3; i++) {
                receive(pair.serverLink().receiveQueues().get(i), 100 + i);
            }
            for (int i = 0; i < 2; i++) {
                receive(pair.clientLink().receiveQueues().get(i), 200 + i);
            }
        }
    }

    private static void send(TransmitQueue queue, long number) {
        PacketBurst burst = new PacketBurst(1);
        assertThat(queue.claim(burst, 1)).isOne();
        burst.put(0, TestPacket.of(number));
        queue.commit(burst, 1);
    }

    private static void receive(ReceiveQueue queue, long number) {
        PacketBurst burst = new PacketBurst(4);
        assertThat(queue.receive(burst)).isOne();
        assertThat(burst.slice(0)).isEqualTo(TestPacket.of(number));
        queue.release(1);
    }

    @Test
    void aFullRingTakesNoMoreUntilBuffersAreReleased() {
        try (LinkPair pair = LinkPair.of(SMALL)) {
            requireFullAndFreeAgain(pair.clientOut(), pair.serverIn());
            requireFullAndFreeAgain(pair.serverOut(), pair.clientIn());
        }
    }

    private static void requireFullAndFreeAgain(TransmitQueue out, ReceiveQueue in) {
        for (int i = 0; i < 8; i++) {
            assertThat(out.free()).isEqualTo(8 - i);
            send(out, i);
        }
        PacketBurst burst = new PacketBurst(8);
        assertThat(out.claim(burst, 8)).isZero();
        assertThat(in.receive(burst)).isEqualTo(8);
        assertThat(in.held()).isEqualTo(8);
        assertThat(out.free()).isZero();
        in.release(3);
        assertThat(out.free()).isEqualTo(3);
        assertThatThrownBy(() -> in.release(6)).hasMessageContaining("0 to 5 buffers are held");
        in.release(5);
        assertThat(out.free()).isEqualTo(8);
    }

    @Test
    void packetsOfSeveralBuffersStayWhole() {
        try (LinkPair pair = LinkPair.of(SMALL.bufferSize(64))) {
            requireChains(pair.clientOut(), pair.serverIn());
            requireChains(pair.serverOut(), pair.clientIn());
        }
    }

    private static void requireChains(TransmitQueue out, ReceiveQueue in) {
        PacketBurst burst = new PacketBurst(8);
        ByteBuffer packet = TestPacket.of(5, 150);
        for (int round = 0; round < 20_000; round++) {
            assertThat(out.claim(burst, 5)).isEqualTo(5);
            fill(burst, 0, packet.slice(0, 64), true);
            fill(burst, 1, packet.slice(64, 64), true);
            fill(burst, 2, packet.slice(128, 22), false);
            fill(burst, 3, packet.slice(0, 60), false);
            fill(burst, 4, packet.slice(0, 61), false);
            out.commit(burst, 5);

            PacketBurst narrow = new PacketBurst(4);
            assertThat(in.receive(narrow)).isEqualTo(4);
            ByteBuffer whole = ByteBuffer.allocate(150);
            for (int i = 0; i < 3; i++) {
                assertThat(narrow.isContinued(i)).isEqualTo(i < 2);
                narrow.copyTo(i, whole);
            }
            assertThat(whole.flip()).isEqualTo(packet);
            assertThat(narrow.slice(3)).isEqualTo(packet.slice(0, 60));
            assertThat(in.receive(narrow)).isOne();
            in.release(5);
        }
    }

    private static void fill(PacketBurst burst, int i, ByteBuffer part, boolean isContinued) {
        burst.put(i, part);
        if (isContinued) {
            burst.lengthContinued(i, part.remaining());
        }
    }

    @Test
    void aBurstHasWholePacketsOnly() {
        try (LinkPair pair = LinkPair.of(SMALL.bufferSize(64))) {
            PacketBurst burst = new PacketBurst(8);
            assertThat(pair.clientOut().claim(burst, 4)).isEqualTo(4);
            fill(burst, 0, TestPacket.of(1, 60), false);
            fill(burst, 1, TestPacket.of(2, 60), true);
            fill(burst, 2, TestPacket.of(3, 60), true);
            fill(burst, 3, TestPacket.of(4, 60), false);
            assertThatThrownBy(() -> pair.clientOut().commit(burst, 3)).hasMessageContaining("has no end");
            pair.clientOut().commit(burst, 4);

            PacketBurst narrow = new PacketBurst(2);
            assertThat(pair.serverIn().receive(narrow)).isOne();
            assertThatThrownBy(() -> pair.serverIn().receive(narrow)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("more buffers than the 2");
            assertThat(pair.serverIn().receive(new PacketBurst(3))).isEqualTo(3);
        }
    }

    @Test
    void whatIsClaimedAndNotCommittedIsFreeAgain() {
        try (LinkPair pair = LinkPair.of(SMALL)) {
            PacketBurst burst = new PacketBurst(8);
            PacketBurst other = new PacketBurst(8);
            TransmitQueue out = pair.clientOut();
            assertThat(out.claim(burst, 8)).isEqualTo(8);
            assertThatThrownBy(() -> out.commit(burst, 1)).hasMessageContaining("has no length");
            assertThatThrownBy(() -> burst.length(0, 2049)).hasMessageContaining("1 to 2048");
            assertThat(out.claim(other, 8)).isEqualTo(8);
            other.put(0, TestPacket.of(1));
            out.commit(other, 1);
            assertThatThrownBy(() -> out.commit(other, 1)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> pair.serverOut().commit(other, 1)).isInstanceOf(IllegalStateException.class);
            assertThat(out.free()).isEqualTo(7);
        }
    }

    @Test
    void aReceiverThatWantsSignalsIsWoken() {
        try (LinkPair pair = LinkPair.of(SMALL)) {
            requireSignals(pair.clientOut(), pair.serverIn());
            requireSignals(pair.serverOut(), pair.clientIn());
        }
    }

    private static void requireSignals(TransmitQueue out, ReceiveQueue in) {
        assertThat(in.await(Duration.ofMillis(1))).isFalse();
        in.wantSignals(true);
        Thread sender = new Thread(() -> send(out, 9));
        sender.start();
        assertThat(in.await(LinkPair.PATIENCE)).isTrue();
        receive(in, 9);
        in.wantSignals(false);
        send(out, 10);
        assertThat(in.await(Duration.ZERO)).isTrue();
        receive(in, 10);
    }

    @Test
    void aWaitEndsWithTheLink() throws Exception {
        try (LinkPair pair = LinkPair.of(SMALL)) {
            ReceiveQueue in = pair.serverIn();
            in.wantSignals(true);
            Thread waiting = new Thread(() -> in.await(Duration.ofSeconds(-1)));
            waiting.start();
            pair.client.close();
            while (pair.server.link(7).isPresent()) {
                pair.server.poll(Duration.ofMillis(10));
            }
            waiting.join();
            assertThat(in.receive(new PacketBurst(1))).isZero();
        }
    }

    @Test
    void theDataPathAllocatesNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long self = Thread.currentThread().getId();
        try (LinkPair pair = LinkPair.of(RingSettings.defaults())) {
            TransmitQueue out = pair.clientOut();
            ReceiveQueue in = pair.serverIn();
            PacketBurst burst = new PacketBurst(32);
            ByteBuffer packet = TestPacket.of(1);
            echo(out, in, burst, packet);
            long before = threads.getThreadAllocatedBytes(self);
            for (int i = 0; i < 10_000; i++) {
                echo(out, in, burst, packet);
            }
            // One object for each burst would be 160 KB.
            assertThat(threads.getThreadAllocatedBytes(self) - before).isLessThan(10_000);
        }
    }

    private static void echo(TransmitQueue out, ReceiveQueue in, PacketBurst burst, ByteBuffer packet) {
        int claimed = out.claim(burst, 32);
        for (int i = 0; i < claimed; i++) {
            burst.put(i, packet);
        }
        out.commit(burst, claimed);
        in.release(in.receive(burst));
    }
}

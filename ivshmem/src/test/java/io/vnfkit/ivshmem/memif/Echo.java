package io.vnfkit.ivshmem.memif;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;

/** Sends packets to a peer that swaps their MAC addresses, and checks every byte of what comes back, in order. */
final class Echo {

    private final TransmitQueue out;
    private final ReceiveQueue in;
    private final int mostOnTheWay;
    private final int bufferSize;
    private long sent;
    private long received;
    private int signals;

    /** @param mostOnTheWay as many as every ring has room for, because testpmd drops what does not fit */
    Echo(TransmitQueue out, ReceiveQueue in, int mostOnTheWay, int bufferSize) {
        this.out = out;
        this.in = in;
        this.mostOnTheWay = mostOnTheWay;
        this.bufferSize = bufferSize;
    }

    static Echo of(MemifLink link, int queue, int mostOnTheWay) {
        return new Echo(link.transmitQueues().get(queue), link.receiveQueues().get(queue), mostOnTheWay, 2048);
    }

    void run(long packets, int burst) {
        run(packets, burst, () -> Thread.onSpinWait());
    }

    /** Waits in the kernel where nothing has come. */
    void runWaiting(long packets, int burst) {
        in.wantSignals(true);
        run(packets, burst, () -> {
            signals++;
            in.await(Duration.ofSeconds(1));
        });
    }

    int waits() {
        return signals;
    }

    private void run(long packets, int burst, Runnable idle) {
        PacketBurst sending = new PacketBurst(burst * buffersOf(TestPacket.LONGEST));
        PacketBurst receiving = new PacketBurst(128);
        ByteBuffer packet = ByteBuffer.allocate(TestPacket.LONGEST);
        long end = received + packets;
        long deadline = System.nanoTime() + LinkPair.PATIENCE.toNanos();
        while (received < end) {
            send(sending, (int) Math.min(burst, Math.min(end - sent, mostOnTheWay - (sent - received))));
            if (!take(receiving, packet)) {
                idle.run();
                if (System.nanoTime() - deadline > 0) {
                    throw new AssertionError(received + " of " + sent + " packets came back");
                }
            }
        }
    }

    private int buffersOf(int size) {
        return (size + bufferSize - 1) / bufferSize;
    }

    private void send(PacketBurst burst, int packets) {
        int claimed = out.claim(burst, packets * buffersOf(TestPacket.LONGEST));
        int used = 0;
        for (int i = 0; i < packets; i++) {
            ByteBuffer packet = TestPacket.of(sent);
            if (used + buffersOf(packet.limit()) > claimed) {
                break;
            }
            used = fill(burst, used, packet);
            sent++;
        }
        out.commit(burst, used);
    }

    private int fill(PacketBurst burst, int first, ByteBuffer packet) {
        int at = first;
        for (int done = 0; done < packet.limit(); done += bufferSize) {
            int part = Math.min(bufferSize, packet.limit() - done);
            burst.put(at, packet.slice(done, part));
            if (done + part < packet.limit()) {
                burst.lengthContinued(at, part);
            }
            at++;
        }
        return at;
    }

    private boolean take(PacketBurst burst, ByteBuffer packet) {
        int count = in.receive(burst);
        for (int i = 0; i < count; i++) {
            burst.copyTo(i, packet);
            if (!burst.isContinued(i)) {
                assertThat(packet.flip()).as("packet %s", received).isEqualTo(TestPacket.swapped(TestPacket.of(received)));
                packet.clear();
                received++;
            }
        }
        in.release(count);
        return count > 0;
    }
}

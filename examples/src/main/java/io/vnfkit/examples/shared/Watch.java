package io.vnfkit.examples.shared;

import io.vnfkit.ivshmem.Region;
import io.vnfkit.ivshmem.RegionDump;
import io.vnfkit.ivshmem.RegionStore;
import io.vnfkit.ivshmem.broadcast.Broadcast;
import io.vnfkit.ivshmem.broadcast.BroadcastReader;
import io.vnfkit.ivshmem.broadcast.BroadcastReader.Start;
import io.vnfkit.ivshmem.memory.Access;
import io.vnfkit.ivshmem.packet.PacketChannel;
import io.vnfkit.ivshmem.ring.RingGeometry;
import io.vnfkit.ivshmem.table.SharedTable;
import io.vnfkit.ivshmem.table.TableReader;
import io.vnfkit.ivshmem.waiting.WaitResult;
import io.vnfkit.ivshmem.waiting.WaitStrategy;
import io.vnfkit.ivshmem.waiting.Waiter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/**
 * The manager's look at the region, for which reading is enough: neither of the two programs is asked anything or notices.
 * Not thread-safe.
 */
final class Watch implements AutoCloseable {

    private final Region region;
    private final Waiter waiter;
    private final TableReader produced;
    private final TableReader consumed;
    private final BroadcastReader events;
    private final RingGeometry ring;
    private final ByteBuffer packets;

    Watch(RegionStore regions) {
        region = regions.attach(SharedObjects.REGION, Access.READ_ONLY);
        waiter = new Waiter(region, () -> true, WaitStrategy.backOff(Duration.ofNanos(100_000), Duration.ofMillis(2)));
        produced = SharedTable.open(region, SharedObjects.PRODUCED).reader();
        consumed = SharedTable.open(region, SharedObjects.CONSUMED).reader();
        events = Broadcast.open(region, SharedObjects.EVENTS).reader(Start.NEXT);
        PacketChannel channel = PacketChannel.open(region, SharedObjects.PACKETS);
        ring = channel.geometry().ring();
        packets = region.window(channel.object(), 0, ring.length());
    }

    Figures look() {
        RegionDump.Entry channel = region.dump().entries().stream()
                .filter(entry -> entry.object().name().equals(SharedObjects.PACKETS)).findFirst().orElseThrow();
        int waiting = ring.produced(packets) - ring.consumed(packets);
        Progress progress = consumed.get(SharedObjects.PROGRESS).map(Progress::of).orElse(Progress.NONE);
        return new Figures(number(produced, SharedObjects.BEATS), number(consumed, SharedObjects.BEATS), channel.producer(),
                channel.consumer(), number(produced, SharedObjects.SENT_PACKETS),
                number(produced, SharedObjects.SENT_MESSAGES), number(produced, SharedObjects.RECOVERED), waiting, progress);
    }

    private static long number(TableReader table, byte[] key) {
        return table.getLong(key).orElse(0);
    }

    /** Waits until the region shows something. */
    Figures await(String what, Predicate<Figures> shown, Duration patience) throws TimeoutException {
        if (waiter.await(() -> shown.test(look()), patience) != WaitResult.READY) {
            throw new TimeoutException("not seen within " + patience.toSeconds() + " s: " + what + "; " + look());
        }
        return look();
    }

    /** Lets time pass. */
    void pass(Duration time) {
        waiter.await(() -> false, time);
    }

    /** What the producer has said since the last call. */
    List<String> news() {
        List<String> news = new ArrayList<>();
        events.read((type, memory, offset, length) ->
                news.add(StandardCharsets.UTF_8.decode(memory.slice(offset, length)).toString()), 100);
        return news;
    }

    @Override
    public void close() {
        region.close();
    }
}

package io.vnfkit.dpdk.statistics;

import io.vnfkit.dpdk.statistics.StatisticsLayout.Entry;
import io.vnfkit.dpdk.statistics.StatisticsLayout.Kind;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * The memory that lcores count in. Reading is a few loads: it can be done at any time, as often as wanted, from any
 * number of threads and processes, and costs the data path nothing but the cache lines that are looked at.
 *
 * <p>A manager in another process reads the file that the description names:
 *
 * <pre>{@code
 * StatisticsArea area = StatisticsArea.open(Path.of("/run/bng-1/statistics"));
 * long forwarded = area.read().task("l3fwd").sent();
 * }</pre>
 *
 * <p>Thread-safe. The file stays mapped until the object is garbage.
 */
public final class StatisticsArea {

    private static final VarHandle LONG =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final int DROPS_AT = 64;
    private static final int GAP_RESET_AT = 32;
    private static final int LATENCY_RESET_AT = 32;
    private static final int LATENCY_FOLLOWS_AT = 40;
    private static final int BUCKETS_AT = 64;

    private final ByteBuffer memory;
    private final StatisticsLayout layout;

    private StatisticsArea(ByteBuffer memory, StatisticsLayout layout) {
        this.memory = memory;
        this.layout = layout;
    }

    /**
     * Makes an area in the memory of this process.
     *
     * @param tasks names of the tasks
     * @param lcores numbers of the lcores
     * @param sinks names of the tasks that measure latency
     * @param tscHertz frequency of the time stamp counter
     * @return an area of zeros
     */
    public static StatisticsArea inMemory(List<String> tasks, List<Integer> lcores, List<String> sinks, long tscHertz) {
        StatisticsLayout layout = StatisticsLayout.of(tasks, lcores, sinks);
        ByteBuffer memory = ByteBuffer.allocateDirect(layout.size() + StatisticsLayout.LINE)
                .alignedSlice(StatisticsLayout.LINE);
        return published(memory, layout, tscHertz);
    }

    /**
     * Makes an area in a file, best on a tmpfs, where other processes can read it.
     *
     * @param file is made, or truncated and used again
     * @param tasks names of the tasks
     * @param lcores numbers of the lcores
     * @param sinks names of the tasks that measure latency
     * @param tscHertz frequency of the time stamp counter
     * @return an area of zeros
     * @throws StatisticsAreaException if the file cannot be made
     */
    public static StatisticsArea inFile(
            Path file, List<String> tasks, List<Integer> lcores, List<String> sinks, long tscHertz) {
        StatisticsLayout layout = StatisticsLayout.of(tasks, lcores, sinks);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            // Not shortened first: an earlier reader may have it mapped and would fault.
            ByteBuffer memory = channel.map(MapMode.READ_WRITE, 0, layout.size());
            memory.order(ByteOrder.nativeOrder()).putLong(StatisticsLayout.MAGIC_AT, 0);
            memory.put(0, new byte[layout.size()]);
            return published(memory, layout, tscHertz);
        } catch (IOException failure) {
            throw new StatisticsAreaException("cannot make the statistics area " + file + ": " + failure, failure);
        }
    }

    private static StatisticsArea published(ByteBuffer memory, StatisticsLayout layout, long tscHertz) {
        memory.order(ByteOrder.nativeOrder());
        layout.writeTo(memory, tscHertz);
        LONG.setRelease(memory, StatisticsLayout.MAGIC_AT, StatisticsLayout.MAGIC);
        return new StatisticsArea(memory, layout);
    }

    /**
     * Opens an area that another process has made, for reading.
     *
     * @param file the file that the description there names
     * @return the area
     * @throws StatisticsAreaException if the file cannot be read, or is no statistics area, or not ready yet
     */
    public static StatisticsArea open(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer memory = channel.map(MapMode.READ_ONLY, 0, Math.min(channel.size(), Integer.MAX_VALUE));
            memory.order(ByteOrder.nativeOrder());
            return new StatisticsArea(memory, StatisticsLayout.readFrom(memory, file));
        } catch (IOException failure) {
            throw new StatisticsAreaException("cannot open the statistics area " + file + ": " + failure, failure);
        }
    }

    /**
     * Reads all counters.
     *
     * @return their values now
     */
    public ForwardingStatistics read() {
        Map<String, TaskStatistics> tasks = new LinkedHashMap<>();
        Map<Integer, LcoreStatistics> lcores = new TreeMap<>();
        Map<String, LatencyStatistics> latencies = new LinkedHashMap<>();
        for (Entry entry : layout.entries()) {
            switch (entry.kind()) {
                case TASK -> tasks.put(entry.name(), task(entry.offset()));
                case LCORE -> lcores.put(entry.id(), lcore(entry));
                case LATENCY -> latencies.put(entry.name(), latency(entry.offset()));
            }
        }
        return new ForwardingStatistics(Collections.unmodifiableMap(tasks), Collections.unmodifiableMap(lcores),
                Collections.unmodifiableMap(latencies));
    }

    /**
     * Reads the counters of one task.
     *
     * @param task its name
     * @return their values now
     * @throws IllegalArgumentException if there is no task of this name
     */
    public TaskStatistics read(String task) {
        return task(entry(Kind.TASK, task, -1).offset());
    }

    /**
     * Where an entry of the area lies, for the forwarding core to write to.
     *
     * @param task name of a task
     * @return a part of the memory
     */
    public ByteBuffer ofTask(String task) {
        return slice(Kind.TASK, task, -1);
    }

    /**
     * Where an lcore writes.
     *
     * @param lcore its number
     * @return a part of the memory
     */
    public ByteBuffer ofLcore(int lcore) {
        return slice(Kind.LCORE, "", lcore);
    }

    /**
     * Where a sink writes.
     *
     * @param sink name of the task
     * @return a part of the memory
     */
    public ByteBuffer ofSink(String sink) {
        return slice(Kind.LATENCY, sink, -1);
    }

    private ByteBuffer slice(Kind kind, String name, int id) {
        Entry found = entry(kind, name, id);
        return memory.slice(found.offset(), kind.size).order(ByteOrder.nativeOrder());
    }

    private Entry entry(Kind kind, String name, int id) {
        return layout.entries().stream()
                .filter(entry -> entry.kind() == kind && entry.name().equals(name) && (id < 0 || entry.id() == id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "the statistics area has no " + kind + " " + (id < 0 ? name : id)));
    }

    /**
     * Starts the longest gap of an lcore anew. It does so within its next iteration.
     *
     * @param lcore its number
     */
    public void resetLongestGap(int lcore) {
        int at = entry(Kind.LCORE, "", lcore).offset() + GAP_RESET_AT;
        LONG.setRelease(memory, at, load(at) + 1);
    }

    /**
     * Starts the latencies of a sink anew. It does so with its next poll.
     *
     * @param sink name of the task
     */
    public void resetLatency(String sink) {
        int at = entry(Kind.LATENCY, sink, -1).offset() + LATENCY_RESET_AT;
        LONG.setRelease(memory, at, load(at) + 1);
    }

    /**
     * Tells whether a sink has followed the last {@link #resetLatency}.
     *
     * @param sink name of the task
     * @return true if what it shows was measured after it
     */
    public boolean isLatencyReset(String sink) {
        int offset = entry(Kind.LATENCY, sink, -1).offset();
        return (long) LONG.getAcquire(memory, offset + LATENCY_FOLLOWS_AT) == load(offset + LATENCY_RESET_AT);
    }

    private long load(int at) {
        // Opaque: one load of the whole word, which the compiler neither splits nor keeps from an earlier time.
        return (long) LONG.getOpaque(memory, at);
    }

    private TaskStatistics task(int at) {
        EnumMap<DropReason, Long> drops = new EnumMap<>(DropReason.class);
        for (DropReason reason : DropReason.values()) {
            long count = load(at + DROPS_AT + reason.ordinal() * Long.BYTES);
            if (count != 0) {
                drops.put(reason, count);
            }
        }
        return new TaskStatistics(load(at), load(at + 8), load(at + 16), load(at + 24), load(at + 32), load(at + 40),
                load(at + 48), load(at + 56), drops);
    }

    private LcoreStatistics lcore(Entry entry) {
        int at = entry.offset();
        return new LcoreStatistics(
                entry.id(), load(at + 16) != 0, (int) load(at + 24), load(at), time(load(at + 8)));
    }

    private Duration time(double cycles) {
        long hertz = memory.getLong(StatisticsLayout.HERTZ_AT);
        return Duration.ofNanos(hertz <= 0 ? 0 : Math.round(cycles * 1e9 / hertz));
    }

    private LatencyStatistics latency(int at) {
        Histogram histogram = new Histogram(3);
        for (int bucket = 0; bucket < LatencyBuckets.COUNT; bucket++) {
            long packets = load(at + BUCKETS_AT + bucket * Long.BYTES);
            if (packets > 0) {
                histogram.recordValueWithCount(time(LatencyBuckets.middle(bucket)).toNanos(), packets);
            }
        }
        long count = load(at);
        double mean = count == 0 ? 0 : (double) load(at + 24) / count;
        return new LatencyStatistics(time(load(at + 8)), time(mean), time(load(at + 16)), histogram);
    }
}

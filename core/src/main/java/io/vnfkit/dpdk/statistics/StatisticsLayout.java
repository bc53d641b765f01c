package io.vnfkit.dpdk.statistics;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where what is counted lies in the statistics area: a header, a directory of entries, and the entries, each of which
 * begins at a cache line of its own so that no two lcores write to the same one.
 *
 * <p>Header: magic, version, number of entries, TSC frequency, 32 bytes. Directory entry: kind, id, offset, name, 88
 * bytes. All in the byte order of the machine.
 */
record StatisticsLayout(List<Entry> entries, int size) {

    static final long MAGIC = 0x54415453_4b464e56L;
    static final int VERSION = 1;
    static final int HEADER_SIZE = 64;
    static final int ENTRY_SIZE = 96;
    static final int NAME_SIZE = 64;
    static final int LINE = 64;
    static final int MAGIC_AT = 0;
    static final int VERSION_AT = 8;
    static final int COUNT_AT = 12;
    static final int HERTZ_AT = 16;
    private static final int LARGEST = 4096;
    /** No counter of time stamps is slower, and with it, times of all buckets fit into 64 bits of nanoseconds. */
    private static final long LOWEST_HERTZ = 1_000_000;

    enum Kind {
        TASK(320), LCORE(64), LATENCY(64 + 8 * LatencyBuckets.COUNT);

        final int size;

        Kind(int size) {
            this.size = size;
        }
    }

    record Entry(Kind kind, int id, String name, int offset) {}

    StatisticsLayout {
        entries = List.copyOf(entries);
    }

    static StatisticsLayout of(List<String> tasks, List<Integer> lcores, List<String> sinks) {
        int count = tasks.size() + lcores.size() + sinks.size();
        List<Entry> entries = new ArrayList<>();
        int end = aligned(HEADER_SIZE + count * ENTRY_SIZE);
        for (int i = 0; i < tasks.size(); i++) {
            entries.add(new Entry(Kind.TASK, i, tasks.get(i), end));
            end += Kind.TASK.size;
        }
        for (int lcore : lcores) {
            entries.add(new Entry(Kind.LCORE, lcore, "", end));
            end += Kind.LCORE.size;
        }
        for (int i = 0; i < sinks.size(); i++) {
            entries.add(new Entry(Kind.LATENCY, i, sinks.get(i), end));
            end += Kind.LATENCY.size;
        }
        return new StatisticsLayout(entries, end);
    }

    private static int aligned(int offset) {
        return (offset + LINE - 1) & -LINE;
    }

    /** Everything but the magic, which is to be written last. */
    void writeTo(ByteBuffer area, long tscHertz) {
        area.putInt(VERSION_AT, VERSION).putInt(COUNT_AT, entries.size()).putLong(HERTZ_AT, tscHertz);
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            int at = HEADER_SIZE + i * ENTRY_SIZE;
            area.putInt(at, entry.kind().ordinal()).putInt(at + 4, entry.id()).putLong(at + 8, entry.offset());
            byte[] name = entry.name().getBytes(StandardCharsets.UTF_8);
            area.put(at + 16, name, 0, Math.min(name.length, NAME_SIZE - 1));
        }
    }

    /** Reads a directory that somebody else wrote: every number is checked before it is used. */
    static StatisticsLayout readFrom(ByteBuffer area, Path file) {
        try {
            return readFrom(area);
        } catch (StatisticsAreaException failure) {
            throw new StatisticsAreaException("the statistics area " + file + " " + failure.getMessage(), null);
        }
    }

    private static StatisticsLayout readFrom(ByteBuffer area) {
        require(area.capacity() >= HEADER_SIZE, "is shorter than its header");
        require(area.getLong(MAGIC_AT) == MAGIC, "is no statistics area, or not ready yet");
        require(area.getInt(VERSION_AT) == VERSION, "has version " + area.getInt(VERSION_AT) + " instead of " + VERSION);
        long hertz = area.getLong(HERTZ_AT);
        require(hertz == 0 || hertz >= LOWEST_HERTZ, "has a frequency of " + hertz + " Hz");
        int count = area.getInt(COUNT_AT);
        require(count >= 0 && count <= LARGEST && HEADER_SIZE + count * ENTRY_SIZE <= area.capacity(),
                "says that it has " + count + " entries");
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            entries.add(readEntry(area, HEADER_SIZE + i * ENTRY_SIZE));
        }
        return new StatisticsLayout(entries, area.capacity());
    }

    private static Entry readEntry(ByteBuffer area, int at) {
        int kind = area.getInt(at);
        require(kind >= 0 && kind < Kind.values().length, "has an entry of unknown kind " + kind);
        long offset = area.getLong(at + 8);
        require(offset >= HEADER_SIZE && offset % LINE == 0 && offset <= area.capacity() - Kind.values()[kind].size,
                "has an entry at " + offset);
        byte[] name = new byte[NAME_SIZE];
        area.get(at + 16, name);
        int length = 0;
        while (length < NAME_SIZE && name[length] != 0) {
            length++;
        }
        return new Entry(Kind.values()[kind], area.getInt(at + 4), new String(name, 0, length, StandardCharsets.UTF_8),
                (int) offset);
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new StatisticsAreaException(what, null);
        }
    }
}

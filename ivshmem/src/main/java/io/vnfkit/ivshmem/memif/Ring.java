package io.vnfkit.ivshmem.memif;

import io.vnfkit.ivshmem.memory.SharedWords;
import java.nio.ByteBuffer;

/**
 * The words of one ring. Head and tail are counters of 16 bits that run freely; the client alone writes the head, the
 * server alone the tail. Whoever writes an index keeps its own copy and never reads it back.
 */
final class Ring {

    private final ByteBuffer memory;
    private final CacheLine line;
    private final int size;
    private final String name;

    Ring(ByteBuffer memory, CacheLine line, int log2Size, String name) {
        this.memory = memory;
        this.line = line;
        this.size = 1 << log2Size;
        this.name = name;
    }

    /** An empty one, for the client that makes it. */
    void clear() {
        SharedWords.intOpaque(memory, RingFields.COOKIE_AT, RingFields.COOKIE);
        reset();
        SharedWords.shortRelease(memory, RingFields.FLAGS_AT, 0);
    }

    /** What both sides do before the first packet. */
    void reset() {
        SharedWords.shortRelease(memory, RingFields.HEAD_AT, 0);
        SharedWords.shortRelease(memory, line.tailAt(), 0);
    }

    int cookie() {
        return SharedWords.intOpaque(memory, RingFields.COOKIE_AT);
    }

    int size() {
        return size;
    }

    String name() {
        return name;
    }

    int head() {
        return SharedWords.shortAcquire(memory, RingFields.HEAD_AT);
    }

    void head(int index) {
        SharedWords.shortRelease(memory, RingFields.HEAD_AT, index);
    }

    int tail() {
        return SharedWords.shortAcquire(memory, line.tailAt());
    }

    void tail(int index) {
        SharedWords.shortRelease(memory, line.tailAt(), index);
    }

    boolean wantsSignals() {
        return (SharedWords.shortOpaque(memory, RingFields.FLAGS_AT) & RingFields.MASK_INTERRUPTS) == 0;
    }

    void wantSignals(boolean wanted) {
        SharedWords.shortRelease(memory, RingFields.FLAGS_AT, wanted ? 0 : RingFields.MASK_INTERRUPTS);
    }

    /** Flags, region and length of a descriptor in one load, which nobody can change halfway. */
    long word(int index) {
        return SharedWords.longOpaque(memory, at(index));
    }

    void word(int index, long value) {
        SharedWords.longOpaque(memory, at(index), value);
    }

    long offset(int index) {
        return SharedWords.intOpaque(memory, at(index) + RingFields.OFFSET_AT) & 0xffff_ffffL;
    }

    /** With metadata of 0. */
    void offset(int index, long value) {
        SharedWords.longOpaque(memory, at(index) + RingFields.OFFSET_AT, value & 0xffff_ffffL);
    }

    private int at(int index) {
        return line.descriptorsAt() + (index & size - 1) * RingFields.DESCRIPTOR_BYTES;
    }

    static int distance(int from, int to) {
        return to - from & 0xffff;
    }
}

package io.vnfkit.examples.benchmark.ivshmem;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What a loop and the one who measures it tell each other: when to stop, and how far it is. Costs the loop a load, and a
 * store for each batch, in cache lines that nobody else writes to. Thread-safe.
 */
final class Progress {

    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);
    /** In words: two lines apart from each other and from whatever lies before and behind the array. */
    private static final int RUNNING = 16;
    private static final int DONE = 32;

    private final long[] words = new long[48];

    void start() {
        WORD.setOpaque(words, RUNNING, 1L);
    }

    void stop() {
        WORD.setOpaque(words, RUNNING, 0L);
    }

    boolean isRunning() {
        return (long) WORD.getOpaque(words, RUNNING) != 0;
    }

    /** Says how many elements the loop has done since it was made. */
    void done(long elements) {
        WORD.setOpaque(words, DONE, elements);
    }

    long done() {
        return (long) WORD.getOpaque(words, DONE);
    }
}

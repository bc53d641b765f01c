package io.vnfkit.ivshmem.memory;

import java.nio.ByteBuffer;

/**
 * Memory of any size as buffers of Java, of which each reaches less than 2 GiB: one begins at every GiB and reaches on
 * over the next by a piece's length, so that each piece lies whole in the window that it begins in.
 *
 * <p>Immutable; as thread-safe as the memory.
 */
public final class Windows {

    /** The longest piece that a window can hold whole, wherever it begins. */
    public static final int LONGEST_PIECE = (1 << 30) - 1;

    private static final int STEP_LOG2 = 30;
    private static final int STEP_MASK = (1 << STEP_LOG2) - 1;

    private final ByteBuffer[] windows;

    /** Cuts a buffer out of the memory. */
    @FunctionalInterface
    public interface Cut {

        /**
         * A part of the memory as a buffer.
         *
         * @param offset where it begins
         * @param length its length
         * @return the buffer, from index 0
         */
        ByteBuffer window(long offset, int length);
    }

    /**
     * Cuts memory into windows.
     *
     * @param size how many bytes there are
     * @param longestPiece in bytes, at most {@link #LONGEST_PIECE}
     * @param memory gives the buffers
     * @throws IllegalArgumentException if pieces can be longer than a window is sure to hold
     */
    public Windows(long size, int longestPiece, Cut memory) {
        if (longestPiece < 0 || longestPiece > LONGEST_PIECE) {
            throw new IllegalArgumentException("a piece has 0 to " + LONGEST_PIECE + " bytes, not " + longestPiece);
        }
        this.windows = new ByteBuffer[(int) (size + STEP_MASK >>> STEP_LOG2)];
        for (int i = 0; i < windows.length; i++) {
            long start = (long) i << STEP_LOG2;
            windows[i] = memory.window(start, (int) Math.min((1L << STEP_LOG2) + longestPiece, size - start));
        }
    }

    /**
     * The window in which a piece lies whole.
     *
     * @param offset where the piece begins, within the memory
     * @return a buffer; see {@link #indexOf}
     */
    public ByteBuffer of(long offset) {
        return windows[(int) (offset >>> STEP_LOG2)];
    }

    /**
     * Where in its window a piece begins.
     *
     * @param offset where it begins in the memory
     * @return an index into {@link #of} the same offset
     */
    public static int indexOf(long offset) {
        return (int) offset & STEP_MASK;
    }
}

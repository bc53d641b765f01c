package io.vnfkit.ivshmem.access;

import java.nio.ByteBuffer;
import java.util.Random;

/**
 * A hostile process that writes between any two accesses of the one that is observed: to the word that is about to be
 * loaded, or anywhere in the object. Looks whether accesses leave the object, and whether they come to an end.
 */
public final class Saboteur implements Observer {

    private static final int MOST_ACCESSES = 2_000_000;

    private final Random random;
    private final ByteBuffer region;
    private final int from;
    private final int to;
    private final int directoryEnd;
    private final int oneIn;
    private int accesses;
    private boolean isQuiet;

    /**
     * Creates one.
     *
     * @param random what it does
     * @param region where it writes
     * @param from where it begins to write, and where stores of the other may begin
     * @param to where both end
     * @param directoryEnd where what it may load as well, from 0 on, ends
     * @param oneIn it writes before one load in so many
     */
    public Saboteur(Random random, ByteBuffer region, int from, int to, int directoryEnd, int oneIn) {
        this.random = random;
        this.region = region;
        this.from = from;
        this.to = to;
        this.directoryEnd = directoryEnd;
        this.oneIn = oneIn;
    }

    @Override
    public long load(int at, int size, Order order, ByteBuffer memory, int index) {
        require(at + size <= directoryEnd || at >= from && at + size <= to, "a load of", size, at);
        if (random.nextInt(oneIn) == 0) {
            sabotage(at);
        }
        return Accesses.rawLoad(memory, index, size);
    }

    @Override
    public void store(int at, int size, Order order, ByteBuffer memory, int index, long value) {
        require(at >= from && at + size <= to, "a store of", size, at);
        Accesses.rawStore(memory, index, size, value);
    }

    private void require(boolean isInside, String what, int size, int at) {
        if (!isInside) {
            throw new AssertionError(what + " " + size + " bytes at " + at + " is outside of " + from + " to " + to);
        }
        if (++accesses > MOST_ACCESSES) {
            throw new AssertionError("there are more than " + MOST_ACCESSES + " accesses, and no end");
        }
    }

    /** Writes once. */
    public void sabotage(int loaded) {
        if (isQuiet) {
            return;
        }
        if (random.nextInt(60) == 0) {
            flood();
            // Sometimes for ever: who goes along a chain without end is not to be saved by the next change of it.
            isQuiet = random.nextInt(4) == 0;
            return;
        }
        int length = 1 << random.nextInt(4);
        int at = random.nextInt(4) == 0 || loaded < from ? from + random.nextInt(to - from) : loaded;
        at &= -length;
        if (at >= from && at + length <= to) {
            Accesses.rawStore(region, at, length, hostile(Accesses.rawLoad(region, at, length)));
        }
    }

    /** The same everywhere behind the indexes: a chain without end, if it is taken for records, or entries without number. */
    private void flood() {
        long value = switch (random.nextInt(3)) {
            case 0 -> 8;
            case 1 -> random.nextInt(20) * 8L;
            default -> hostile(0);
        };
        for (int at = from + 256 + 7 & -8; at + Long.BYTES <= to; at += Long.BYTES) {
            Accesses.rawStore(region, at, Long.BYTES, value);
        }
    }

    /** What a number could be that was not thought of. */
    private long hostile(long now) {
        int small = random.nextInt(65) - 32;
        return switch (random.nextInt(10)) {
            case 0 -> small;
            case 1 -> random.nextLong();
            case 2 -> random.nextInt();
            case 3 -> now + 8L * small;
            case 4 -> now + small;
            case 5 -> (1L << random.nextInt(64)) + small;
            case 6 -> Long.MAX_VALUE + small;
            case 7 -> now ^ 1L << random.nextInt(64);
            case 8 -> Integer.MAX_VALUE + small;
            default -> now + (1L << random.nextInt(20));
        };
    }
}

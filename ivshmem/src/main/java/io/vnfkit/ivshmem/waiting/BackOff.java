package io.vnfkit.ivshmem.waiting;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Spin, then yield, then sleep twice as long each time. Immutable. */
record BackOff(int spins, int yields, long shortest, long longest) implements WaitStrategy {

    /** So many looks cost about a microsecond; the clock, which is asked between two pauses, is then of no account. */
    private static final int LOOKS = 64;

    BackOff {
        if (shortest <= 0 || longest < shortest) {
            throw new IllegalArgumentException("the shortest sleep is positive and the longest no shorter, not " + shortest
                    + " and " + longest + " ns");
        }
    }

    static void spin(BooleanSupplier ready) {
        for (int i = 0; i < LOOKS && !ready.getAsBoolean(); i++) {
            Thread.onSpinWait();
        }
    }

    @Override
    public void pause(int round, long nanos, BooleanSupplier ready) {
        if (round < spins) {
            spin(ready);
        } else if (round < spins + yields) {
            Thread.yield();
        } else {
            LockSupport.parkNanos(this, Math.min(nanos, sleep(round - spins - yields)));
        }
    }

    long sleep(int sleeps) {
        long most = longest / shortest;
        return sleeps >= Long.SIZE - 1 || 1L << sleeps > most ? longest : shortest << sleeps;
    }
}

package io.vnfkit.testing;

import java.util.SplittableRandom;

/**
 * The seed of this run's property tests: system property {@code seed}, or a new one each time. It is printed, so that a
 * failure can be repeated with {@code -Dseed=...}.
 */
public final class Seed {

    private static final long VALUE = choose();

    private Seed() {}

    private static long choose() {
        String given = System.getProperty("seed", "");
        long seed = given.isEmpty() ? new SplittableRandom().nextLong() : Long.parseLong(given);
        System.out.println("Property tests: -Dseed=" + seed);
        return seed;
    }

    /**
     * A generator that gives the same numbers for the same seed and purpose, whatever other tests ran before.
     *
     * @param purpose what it is for, such as the name of a parser
     * @return a new generator
     */
    public static SplittableRandom random(String purpose) {
        return new SplittableRandom(VALUE ^ ((long) purpose.hashCode() << 32 | purpose.length()));
    }

    /**
     * How to repeat this run.
     *
     * @return such as {@code -Dseed=42}
     */
    public static String hint() {
        return "-Dseed=" + VALUE;
    }
}

package io.vnfkit.examples.benchmark;

/**
 * A goal and how far the measurement is from it.
 *
 * @param what what is promised
 * @param limit the most that it may be
 * @param measured what was measured
 * @param unit of both
 */
record Goal(String what, double limit, double measured, String unit, boolean met) {

    static Goal atMost(String what, double limit, double measured, String unit) {
        return new Goal(what, limit, measured, unit, measured <= limit);
    }

    @Override
    public String toString() {
        return String.format("%s: %s, measured %.3f%s, goal at most %.3f%s",
                met ? "met" : "MISSED", what, measured, unit, limit, unit);
    }
}

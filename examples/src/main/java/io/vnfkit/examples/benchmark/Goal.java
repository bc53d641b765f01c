package io.vnfkit.examples.benchmark;

/**
 * A goal and how far the measurement is from it.
 *
 * @param what what is promised
 * @param limit the most that it may be, or the least
 * @param measured what was measured
 * @param unit of both
 * @param isFloor whether the limit is the least that it may be, rather than the most
 * @param met whether it is
 */
public record Goal(String what, double limit, double measured, String unit, boolean isFloor, boolean met) {

    /**
     * A goal with an upper limit.
     *
     * @param what what is promised
     * @param limit the most that it may be
     * @param measured what was measured
     * @param unit of both
     * @return the goal
     */
    public static Goal atMost(String what, double limit, double measured, String unit) {
        return new Goal(what, limit, measured, unit, false, measured <= limit);
    }

    /**
     * A goal with a lower limit.
     *
     * @param what what is promised
     * @param limit the least that it may be
     * @param measured what was measured
     * @param unit of both
     * @return the goal
     */
    public static Goal atLeast(String what, double limit, double measured, String unit) {
        return new Goal(what, limit, measured, unit, true, measured >= limit);
    }

    @Override
    public String toString() {
        return String.format("%s: %s, measured %.3f%s, goal at %s %.3f%s",
                met ? "met" : "MISSED", what, measured, unit, isFloor ? "least" : "most",
                limit, unit);
    }
}

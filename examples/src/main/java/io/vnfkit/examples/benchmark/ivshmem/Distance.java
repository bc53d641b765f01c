package io.vnfkit.examples.benchmark.ivshmem;

/**
 * How far apart the two CPUs are. Those of a virtual machine may be two threads of one core now and two cores a second
 * later, as the host sees fit, and it decides more about a ring than all else. So results are told apart by it.
 */
enum Distance {

    /** As two threads of a core are, or two cores with a cache in common. */
    NEAR("CPUs near"),
    /** As other cores are. */
    FAR("CPUs far");

    /** Round trips over rte_ring from C to C: some 150 ns within a core, 500 to 1000 between cores of a server. */
    static final double NEAR_NANOSECONDS = 300;

    private final String label;

    Distance(String label) {
        this.label = label;
    }

    static Distance of(double roundTripNanoseconds) {
        return roundTripNanoseconds < NEAR_NANOSECONDS ? NEAR : FAR;
    }

    @Override
    public String toString() {
        return label;
    }
}

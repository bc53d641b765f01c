package io.vnfkit.examples.benchmark.ivshmem;

import java.io.IOException;
import java.util.List;

/** Messages of bytes in Java, over vnfkit's ring and Agrona's, in memory of the same kind. */
final class MessageRates {

    private static final String OWN = "vnfkit";
    private static final String AGRONA = "Agrona OneToOneRingBuffer";
    private static final double AS_FAST = 1.0;
    private static final int LENGTH = 64;
    private static final int LIMIT = 64;

    private final Placement placement;
    private final Forks forks;
    private final Report report;

    MessageRates(Placement placement, Forks forks, Report report) {
        this.placement = placement;
        this.forks = forks;
        this.report = report;
    }

    void measure() throws IOException {
        for (int length : List.of(LENGTH, 8, 256, 1500)) {
            compare(length + " bytes, copied in, read up to " + LIMIT + " at once", "offer", "write", length, LIMIT);
        }
        for (int limit : List.of(1, 8, 256)) {
            compare(LENGTH + " bytes, copied in, read up to " + limit + " at once", "offer", "write", LENGTH, limit);
        }
        for (int length : List.of(LENGTH, 1500)) {
            compare(length + " bytes, written in place, read up to " + LIMIT + " at once", "claim", "claim", length, LIMIT);
        }
    }

    private void compare(String what, String put, String peerPut, int length, int limit) throws IOException {
        Comparison comparison = new Comparison("messages of " + what)
                .add(OWN, memory -> inOneJvm(memory, memory.newMessages(), "message-" + put, "message-read", length, limit))
                .add(AGRONA, memory -> inOneJvm(memory, memory.newAgrona(), "agrona-" + peerPut, "agrona-read", length, limit));
        report.rates(comparison.title(), Measurement.ofRates(forks, comparison), AGRONA, AS_FAST);
    }

    private List<Side> inOneJvm(SharedMemory memory, String ring, String put, String read, int length, int limit)
            throws IOException {
        return List.of(Side.java(memory, placement.producing(put, ring, length), placement.consuming(read, ring, limit)));
    }

    /** Each side in a JVM of its own. */
    void betweenJvms() throws IOException {
        Comparison comparison = new Comparison("messages of " + LENGTH + " bytes between two JVMs, copied in, read up to "
                + LIMIT + " at once")
                .add(OWN, memory -> inTwoJvms(memory, memory.newMessages(), "message-offer", "message-read"))
                .add(AGRONA, memory -> inTwoJvms(memory, memory.newAgrona(), "agrona-write", "agrona-read"));
        report.rates(comparison.title(), Measurement.ofRates(forks, comparison), AGRONA, AS_FAST);
    }

    private List<Side> inTwoJvms(SharedMemory memory, String ring, String put, String read) throws IOException {
        return List.of(Side.java(memory, placement.producing(put, ring, LENGTH)),
                Side.java(memory, placement.consuming(read, ring, LIMIT)));
    }
}

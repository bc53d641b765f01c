package io.vnfkit.examples.benchmark.ivshmem;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** How long it takes to the other side and back. */
final class RoundTrips {

    private static final int LENGTH = 64;

    private final Placement placement;
    private final Path programs;
    private final Forks forks;
    private final Report report;

    RoundTrips(Placement placement, Path programs, Forks forks, Report report) {
        this.placement = placement;
        this.programs = programs;
        this.forks = forks;
        this.report = report;
    }

    void measure() throws IOException {
        Comparison messages = new Comparison("round trip of a message of " + LENGTH + " bytes, in one JVM")
                .add("vnfkit", memory -> ofMessages(memory, "message", memory.newMessages(), memory.newMessages()))
                .add("Agrona OneToOneRingBuffer",
                        memory -> ofMessages(memory, "agrona", memory.newAgrona(), memory.newAgrona()));
        report.roundTrips(messages.title(), Measurement.ofRoundTrips(forks, messages));
        Comparison descriptors = new Comparison("round trip of a descriptor")
                .add("vnfkit, Java and Java", memory -> javaAndJava(memory, memory.newRing(), memory.newRing()))
                .add("vnfkit, Java and C", memory -> javaAndC(memory, memory.newRing(), memory.newRing()))
                .add("rte_ring, C and C", memory -> cAndC(programs, placement, memory));
        report.roundTrips(descriptors.title(), Measurement.ofRoundTrips(forks, descriptors));
    }

    private List<Side> ofMessages(SharedMemory memory, String kind, String there, String back) throws IOException {
        return List.of(Side.java(memory, placement.producing(kind + "-pong", there, back, LENGTH),
                placement.consuming(kind + "-ping", there, back, LENGTH)));
    }

    private List<Side> javaAndJava(SharedMemory memory, String there, String back) throws IOException {
        return List.of(Side.java(memory, placement.producing("ring-pong", there, back, Long.BYTES)),
                javaPings(memory, there, back));
    }

    private List<Side> javaAndC(SharedMemory memory, String there, String back) throws IOException {
        return List.of(cPongs(programs, placement, memory, there, back), javaPings(memory, there, back));
    }

    /** What all else is held against, and how the distance of the CPUs is measured. */
    static List<Side> cAndC(Path programs, Placement placement, SharedMemory memory) throws IOException {
        String there = memory.newRing();
        String back = memory.newRing();
        return List.of(cPongs(programs, placement, memory, there, back),
                Side.c(programs, memory, placement.consuming(), "ping", memory.offset(there), memory.offset(back)));
    }

    private Side javaPings(SharedMemory memory, String there, String back) throws IOException {
        return Side.java(memory, placement.consuming("ring-ping", there, back, Long.BYTES));
    }

    private static Side cPongs(Path programs, Placement placement, SharedMemory memory, String there, String back)
            throws IOException {
        return Side.c(programs, memory, placement.producing(), "pong", memory.offset(back), memory.offset(there));
    }
}

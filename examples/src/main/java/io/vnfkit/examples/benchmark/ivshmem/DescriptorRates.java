package io.vnfkit.examples.benchmark.ivshmem;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Elements of 8 bytes over rings of DPDK's layout, in batches: Java and C in every combination, and JCTools' queue. */
final class DescriptorRates {

    private static final String C_TO_C = "rte_ring, C to C";
    private static final double NEARLY_AS_FAST = 0.9;
    private static final List<Integer> BATCHES = List.of(1, 8, 32, 64, 256);

    private final Placement placement;
    private final Path programs;
    private final Forks forks;
    private final Report report;

    DescriptorRates(Placement placement, Path programs, Forks forks, Report report) {
        this.placement = placement;
        this.programs = programs;
        this.forks = forks;
        this.report = report;
    }

    /** The goal is about batches; one element at a time is told without one. */
    void withC() throws IOException {
        for (int batch : BATCHES) {
            Comparison comparison = new Comparison("descriptors in batches of up to " + batch)
                    .add("vnfkit, Java to C", memory -> javaToC(memory, memory.newRing(), batch))
                    .add(C_TO_C, memory -> cToC(memory, memory.newRing(), batch))
                    .add("vnfkit, C to Java", memory -> cToJava(memory, memory.newRing(), batch))
                    .add("vnfkit, Java to Java", memory -> javaToJava(memory, memory.newRing(), batch));
            Measurement measured = Measurement.ofRates(forks, comparison);
            if (batch == 1) {
                report.rates(comparison.title(), measured);
            } else {
                report.rates(comparison.title(), measured, C_TO_C, NEARLY_AS_FAST);
            }
        }
    }

    private List<Side> javaToC(SharedMemory memory, String ring, int batch) throws IOException {
        return List.of(Side.java(memory, placement.producing("ring-put", ring, batch)), cTakes(memory, ring, batch));
    }

    private List<Side> cToC(SharedMemory memory, String ring, int batch) throws IOException {
        return List.of(cPuts(memory, ring, batch), cTakes(memory, ring, batch));
    }

    private List<Side> cToJava(SharedMemory memory, String ring, int batch) throws IOException {
        return List.of(cPuts(memory, ring, batch), Side.java(memory, placement.consuming("ring-take", ring, batch)));
    }

    private List<Side> javaToJava(SharedMemory memory, String ring, int batch) throws IOException {
        return List.of(Side.java(memory, placement.producing("ring-put", ring, batch)),
                Side.java(memory, placement.consuming("ring-take", ring, batch)));
    }

    private Side cPuts(SharedMemory memory, String ring, int batch) throws IOException {
        return Side.c(programs, memory, placement.producing(), "put", memory.offset(ring), batch);
    }

    private Side cTakes(SharedMemory memory, String ring, int batch) throws IOException {
        return Side.c(programs, memory, placement.consuming(), "take", memory.offset(ring), batch);
    }

    void againstJctools() throws IOException {
        report.results().note("JCTools SpscArrayQueue", "passes references between threads of one JVM: nothing is copied,"
                + " nothing leaves the heap, and its consumer sees the producer's index in the elements themselves; so it can do"
                + " less, and is no peer in memory that processes share");
        for (int batch : BATCHES) {
            Comparison comparison = new Comparison("descriptors in one JVM, in batches of up to " + batch)
                    .add("vnfkit", memory -> inOneJvm(memory, memory.newRing(), "ring-put", "ring-take", batch))
                    .add("JCTools SpscArrayQueue", memory -> inOneJvm(memory, "queue", "jctools-put", "jctools-take", batch));
            report.rates(comparison.title(), Measurement.ofRates(forks, comparison));
        }
    }

    private List<Side> inOneJvm(SharedMemory memory, String ring, String put, String take, int batch) throws IOException {
        return List.of(Side.java(memory, placement.producing(put, ring, batch), placement.consuming(take, ring, batch)));
    }
}

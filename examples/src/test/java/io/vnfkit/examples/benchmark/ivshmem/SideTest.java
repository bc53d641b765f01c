package io.vnfkit.examples.benchmark.ivshmem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.examples.benchmark.ivshmem.Side.Count;
import io.vnfkit.linux.KernelFiles;
import io.vnfkit.testing.RequiresCommand;
import io.vnfkit.unit.CpuSet;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each loop in Java, in a process of its own: its consumer throws if an element is missing. */
@RequiresCommand(value = "taskset", debianPackage = "util-linux")
@Timeout(60)
class SideTest {

    private static final String CPU = firstAllowedCpu() + " ";

    private final SharedMemory memory = SharedMemory.make(true);

    static int firstAllowedCpu() {
        return KernelFiles.host().readLines("/proc/self/status").stream()
                .filter(line -> line.startsWith("Cpus_allowed_list:"))
                .map(line -> CpuSet.parse(line.substring(line.indexOf(':') + 1).strip()))
                .findFirst().orElseThrow().stream().findFirst().orElseThrow();
    }

    @AfterEach
    void close() {
        memory.close();
    }

    /** Runs it until it has done something, stops it, and once more: it goes on where it was. */
    static void assertMoves(Side side) throws IOException {
        long before = 0;
        for (int turn = 0; turn < 2; turn++) {
            side.run();
            Count count = side.count();
            while (count.elements() < before + 1000) {
                count = side.count();
            }
            side.pause();
            assertThat(count.nanoseconds()).isPositive();
            assertThat(count.cpuNanoseconds()).isPositive();
            before = count.elements();
        }
    }

    @ParameterizedTest
    @CsvSource({"message-offer,64,message-read,8", "message-claim,8,message-read,1", "agrona-write,64,agrona-read,8",
            "agrona-claim,8,agrona-read,1", "ring-put,1,ring-take,1", "ring-put,32,ring-take,64", "jctools-put,1,jctools-take,1", "jctools-put,32,jctools-take,8"})
    void elementsGoFromOneLoopToTheOther(String put, int putNumber, String take, int takeNumber) throws IOException {
        String ring = newRing(put);
        try (Side side = Side.java(memory, CPU + put + " " + ring + " " + putNumber,
                CPU + take + " " + ring + " " + takeNumber)) {
            assertMoves(side);
        }
    }

    @ParameterizedTest
    @CsvSource({"message,64", "agrona,64", "ring,8"})
    void numbersGoRound(String kind, int length) throws IOException {
        String there = newRing(kind);
        String back = newRing(kind);
        String rings = " " + there + " " + back + " " + length;
        try (Side side = Side.java(memory, CPU + kind + "-pong" + rings, CPU + kind + "-ping" + rings)) {
            assertMeasures(side);
        }
    }

    /** What the loops of a kind, or a kind of loops, go over. */
    private String newRing(String kind) {
        return switch (kind.replaceFirst("-.*", "")) {
            case "message" -> memory.newMessages();
            case "agrona" -> memory.newAgrona();
            default -> memory.newRing();
        };
    }

    /** Runs it until it has measured something. */
    static void assertMeasures(Side side) throws IOException {
        side.run();
        while (side.count().elements() < 2) {
            Thread.onSpinWait();
        }
        side.pause();

        long[] latencies = side.latencies();
        assertThat(latencies).hasSizeGreaterThanOrEqualTo(2);
        assertThat(latencies[0]).isPositive();
    }

    @Test
    void aProgramThatCannotBeginSaysWhy() {
        assertThatThrownBy(() -> Side.java(memory, CPU + "ring-put absent 1")).isInstanceOf(IOException.class)
                .hasMessageContaining("has no object \"absent\"");
    }
}

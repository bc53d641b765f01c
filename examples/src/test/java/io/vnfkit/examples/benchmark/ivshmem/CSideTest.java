package io.vnfkit.examples.benchmark.ivshmem;

import io.vnfkit.testing.HostShell;
import io.vnfkit.testing.RequiresCommand;
import io.vnfkit.testing.RequiresLibrary;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each loop in C, in a process of its own, with one in C or in Java at the other side. */
@RequiresCommand(value = "taskset", debianPackage = "util-linux")
@RequiresCommand(value = "gcc", debianPackage = "gcc libc6-dev")
@RequiresCommand(value = "pkg-config", debianPackage = "pkgconf")
@RequiresLibrary(value = "librte_ring.so", debianPackage = "libdpdk-dev")
@Timeout(120)
class CSideTest {

    private static final int CPU = SideTest.firstAllowedCpu();

    @TempDir
    private static Path programs;

    private final SharedMemory memory = SharedMemory.make(true);

    /** DPDK's own headers are not written for the warnings. */
    @BeforeAll
    static void compile() {
        HostShell.run("gcc -std=gnu11 -O3 -Wall -Wextra -Wshadow -Werror"
                + " $(pkg-config --cflags libdpdk | sed 's/-I/-isystem /g') -march=native -pthread"
                + " -o " + programs.resolve("ring_loops") + " src/main/c/ring_loops.c");
    }

    @AfterEach
    void close() {
        memory.close();
    }

    @ParameterizedTest
    @CsvSource({"1,1", "32,64"})
    void elementsGoFromCToC(int put, int take) throws IOException {
        String ring = memory.newRing();
        try (Side from = Side.c(programs, memory, CPU, "put", memory.offset(ring), put);
                Side to = Side.c(programs, memory, CPU, "take", memory.offset(ring), take)) {
            from.run();
            SideTest.assertMoves(to);
        }
    }

    @Test
    void elementsGoFromCToJava() throws IOException {
        String ring = memory.newRing();
        try (Side from = Side.c(programs, memory, CPU, "put", memory.offset(ring), 8);
                Side to = Side.java(memory, CPU + " ring-take " + ring + " 8")) {
            from.run();
            SideTest.assertMoves(to);
        }
    }

    @Test
    void elementsGoFromJavaToC() throws IOException {
        String ring = memory.newRing();
        try (Side from = Side.java(memory, CPU + " ring-put " + ring + " 8");
                Side to = Side.c(programs, memory, CPU, "take", memory.offset(ring), 8)) {
            from.run();
            SideTest.assertMoves(to);
        }
    }

    @Test
    void numbersGoRoundFromCToC() throws IOException {
        String there = memory.newRing();
        String back = memory.newRing();
        try (Side pong = Side.c(programs, memory, CPU, "pong", memory.offset(back), memory.offset(there));
                Side ping = Side.c(programs, memory, CPU, "ping", memory.offset(there), memory.offset(back))) {
            pong.run();
            SideTest.assertMeasures(ping);
        }
    }

    @Test
    void numbersGoRoundFromJavaToC() throws IOException {
        String there = memory.newRing();
        String back = memory.newRing();
        try (Side pong = Side.c(programs, memory, CPU, "pong", memory.offset(back), memory.offset(there));
                Side ping = Side.java(memory, CPU + " ring-ping " + there + " " + back + " " + Long.BYTES)) {
            pong.run();
            SideTest.assertMeasures(ping);
        }
    }
}

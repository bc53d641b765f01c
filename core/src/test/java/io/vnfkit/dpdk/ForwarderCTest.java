package io.vnfkit.dpdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.testing.RequiresCommand;
import io.vnfkit.testing.RequiresLibrary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Builds and runs the tests of the forwarding core that are written in C: on hand-made packets, without an EAL. */
@RequiresCommand({"gcc", "make"})
@RequiresCommand(value = "pkg-config", debianPackage = "pkgconf")
@RequiresLibrary(value = "librte_eal.so", debianPackage = "libdpdk-dev")
@Timeout(300)
class ForwarderCTest {

    private static final Path MAKEFILE = Path.of("src", "test", "c", "forwarder", "Makefile");
    private static final Path OUT = Path.of("target", "forwarder-tests").toAbsolutePath();

    @Test
    void tablesAndPacketFunctionsHoldTheirPromises() throws Exception {
        assertThat(make("check"))
                .contains("route_table_test: ", "route_race_test: ", "key_map_test: ", "key_map_race_test: ")
                .contains("packet_test: ", "bng_test: ", "balance_test: ", "traffic_test: ",
                        "log_test: ")
                .contains("fuzz_packet: 1000000 packets")
                .doesNotContainPattern(" [1-9][0-9]* failures");
    }

    @Test
    void readersAndWritersShareTablesWithoutARace() throws Exception {
        assertThat(make("race"))
                .contains("route_race_test: ", "key_map_race_test: ")
                .doesNotContain("WARNING: ThreadSanitizer");
    }

    private static String make(String target) throws IOException, InterruptedException {
        Process make = new ProcessBuilder("make", "--silent", "--file", MAKEFILE.toString(), target, "OUT=" + OUT)
                .redirectErrorStream(true)
                .start();
        String output = new String(make.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(make.waitFor()).as("make %s: %s", target, output).isZero();
        return output;
    }
}

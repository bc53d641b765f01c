package io.vnfkit.dpdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.testing.Needs;
import io.vnfkit.testing.RequiresCommand;
import io.vnfkit.testing.RequiresLibrary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
                        "log_test: ", "channel_test: ", "channel_hostile_test: ")
                .contains("fuzz_packet: 1000000 packets")
                .doesNotContainPattern(" [1-9][0-9]* failures");
    }

    @Test
    void readersAndWritersShareTablesWithoutARace() throws Exception {
        assertThat(make("race"))
                .contains("route_race_test: ", "key_map_race_test: ")
                .doesNotContain("WARNING: ThreadSanitizer");
    }

    @Test
    void aFewSecondsOfLibFuzzerFindNothing() throws Exception {
        boolean present = run("sh", "-c", "echo 'int LLVMFuzzerTestOneInput(void) { return 0; }'"
                + " | clang -fsanitize=fuzzer,address -x c -o /dev/null -").isSuccess();
        Needs.thing(present, "libFuzzer", "apt-get install clang libclang-rt-dev");

        assertThat(make("libfuzzer", "SECONDS=2")).containsPattern("Done \\d+ runs in ");
    }

    private static String make(String... targets) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("make", "--silent", "--file", MAKEFILE.toString(), "OUT=" + OUT));
        command.addAll(List.of(targets));
        Ended make = run(command.toArray(String[]::new));
        assertThat(make.isSuccess()).as("%s: %s", command, make.output()).isTrue();
        return make.output();
    }

    private record Ended(boolean isSuccess, String output) {}

    private static Ended run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor() == 0, output);
    }
}

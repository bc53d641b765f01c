package io.vnfkit.dpdk.port;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import io.vnfkit.dpdk.Forwarding;
import io.vnfkit.dpdk.ForwardingCore;
import io.vnfkit.dpdk.TestEal;
import io.vnfkit.dpdk.binding.CLayout;
import io.vnfkit.dpdk.port.Port.Spread;
import io.vnfkit.testing.RequiresCommand;
import io.vnfkit.testing.RequiresLibrary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a port is told about receive side scaling, in the words of rte_ethdev.h and in the eyes of the ethdev. */
@Timeout(60)
@RequiresLibrary(value = "librte_eal.so", debianPackage = "libdpdk-dev")
class SpreadTest {

    private static final String IP = "RTE_ETH_RSS_IPV4 | RTE_ETH_RSS_FRAG_IPV4 | RTE_ETH_RSS_NONFRAG_IPV4_OTHER"
            + " | RTE_ETH_RSS_IPV6 | RTE_ETH_RSS_FRAG_IPV6 | RTE_ETH_RSS_NONFRAG_IPV6_OTHER";
    private static final String FLOW = "RTE_ETH_RSS_IPV4 | RTE_ETH_RSS_NONFRAG_IPV4_TCP | RTE_ETH_RSS_NONFRAG_IPV4_UDP"
            + " | RTE_ETH_RSS_IPV6 | RTE_ETH_RSS_NONFRAG_IPV6_TCP | RTE_ETH_RSS_NONFRAG_IPV6_UDP";

    @TempDir
    private Path directory;

    @Test
    @RequiresCommand(value = "cc", debianPackage = "gcc libc6-dev")
    @RequiresCommand(value = "pkg-config", debianPackage = "pkgconf")
    void bitsAreThoseOfTheHeader() throws Exception {
        Process pkgConfig = new ProcessBuilder("pkg-config", "--cflags", "libdpdk").start();
        String options = new String(pkgConfig.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        String program = "#include <rte_ethdev.h>\n#include <stdio.h>\nint main(void) { printf(\"%llu %llu\\n\","
                + " (unsigned long long)(" + IP + "), (unsigned long long)(" + FLOW + ")); }\n";

        assertThat(new CLayout(directory).run(program, options).strip())
                .isEqualTo(Spread.IP.types() + " " + Spread.FLOW.types());
        assertThat(Spread.NONE.types()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void theEthdevHasWhatTheDescriptionSays(Spread spread) throws IOException {
        Port port = Port.of("null", new Device.Null(0, 64, false)).queues(4, 1).spread(spread);

        try (ForwardingCore core = ForwardingCore.start(TestEal.get(), Forwarding.of(port))) {
            assertThat(core.port("null").information().rssTypes() & spread.types()).isEqualTo(spread.types());
            assertThat(hashTypes(core.port("null").id())).isEqualTo(spread.types());
        }
    }

    @Test
    void oneQueueHasNothingToSpreadTo() throws IOException {
        Port port = Port.of("null", new Device.Null(0, 64, false)).spread(Spread.FLOW);

        try (ForwardingCore core = ForwardingCore.start(TestEal.get(), Forwarding.of(port))) {
            assertThat(hashTypes(core.port("null").id())).isZero();
        }
    }

    /** rss_hf of struct rte_eth_rss_conf, which follows the pointer to the key and its length. */
    private static long hashTypes(int port) throws IOException {
        Memory configuration = new Memory(64);
        configuration.clear();
        int failure = NativeLibrary.getInstance(loadedEthdev()).getFunction("rte_eth_dev_rss_hash_conf_get")
                .invokeInt(new Object[] {(short) port, configuration});
        assertThat(failure).isZero();
        return configuration.getLong(16);
    }

    /** The one that the forwarding core uses, among all that may be installed. */
    private static String loadedEthdev() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/maps")).stream().filter(line -> line.contains("/librte_ethdev.so"))
                .map(line -> Arrays.asList(line.split(" +")).get(5)).findFirst().orElseThrow();
    }
}

package io.vnfkit.examples.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.dpdk.table.IpPrefix;
import io.vnfkit.dpdk.table.NextHop;
import io.vnfkit.examples.NothingLeft;
import io.vnfkit.examples.forwarder.VnfFunction;
import io.vnfkit.testing.RequiresCommand;
import io.vnfkit.testing.RequiresFreeHugepages;
import io.vnfkit.testing.RequiresRoot;
import io.vnfkit.unit.MacAddress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same packets through the kernel's router and through l3fwd in a VNF: each forwards what the other forwards, and
 * makes the same bytes of it. What differs is listed here with its reason, and does differ.
 */
@Tag("root")
@RequiresRoot
@RequiresCommand(value = "dpdk-testpmd", debianPackage = "dpdk-dev")
@RequiresCommand(value = "ip", debianPackage = "iproute2")
@RequiresCommand("python3")
@RequiresFreeHugepages(count = 32)
@ExtendWith(NothingLeft.class)
@Timeout(240)
class LinuxRouterIT {

    private static final String OPTIONS = "l3fwd does not look at options; the kernel writes to some and refuses others";
    private static final String CLASS_E = "RFC 1112 reserves these addresses; the kernel takes them for unicast ones";
    private static final String NETWORK_0 = "RFC 1812, 5.3.7; since Linux 5.3 the kernel refuses 0.0.0.0 alone";
    private static final String PADDING = "what fills a frame up to the shortest one stays: the next link would need it again";
    private static final String FRAGMENTS = "of net_af_packet: it has the kernel put fragments together for it";

    /** What l3fwd does otherwise, and why. */
    private static final Map<String, String> DELIBERATE = Map.ofEntries(
            Map.entry("IPv4 with option record route", OPTIONS),
            Map.entry("IPv4 with option loose source route", OPTIONS),
            Map.entry("IPv4 with an option longer than the header", OPTIONS),
            Map.entry("IPv4 from class E", CLASS_E),
            Map.entry("IPv4 to class E", CLASS_E),
            Map.entry("IPv4 from 0.1.2.3", NETWORK_0),
            Map.entry("IPv4 to 0.1.2.3", NETWORK_0),
            Map.entry("IPv6 to ::", "RFC 4291, 2.5.2; the kernel looks at the source only"),
            Map.entry("IPv4 with padding", PADDING),
            Map.entry("first fragment", FRAGMENTS),
            Map.entry("fragment in the middle", FRAGMENTS),
            Map.entry("last fragment", FRAGMENTS));

    @TempDir
    Path shared;

    @Test
    void l3fwdForwardsWhatTheKernelForwards() throws Exception {
        Map<String, String> kernel = throughTheKernel();
        Map<String, String> l3fwd = throughL3fwd();

        assertThat(kernel).as("forwarded by the kernel").containsKey("IPv4");
        Map<String, String> differences = new TreeMap<>();
        for (Packet packet : Packets.ALL) {
            String ofKernel = kernel.getOrDefault(packet.name(), "nothing");
            String ofL3fwd = l3fwd.getOrDefault(packet.name(), "nothing");
            if (!ofKernel.equals(ofL3fwd)) {
                differences.put(packet.name(), "\n  kernel " + ofKernel + "\n  l3fwd  " + ofL3fwd);
            }
        }
        assertThat(differences).containsOnlyKeys(DELIBERATE.keySet());
    }

    private static Map<String, String> throughTheKernel() throws Exception {
        try (Ends ends = Ends.make("vnfkit-it-ends-a"); LinuxRouter router = LinuxRouter.between("vnfkit-it-linux", ends)) {
            ends.linksUp();
            return forwarded(ends.exchange(Packets.ALL, router.mac("left")), router.mac("right"));
        }
    }

    private Map<String, String> throughL3fwd() throws Exception {
        try (Ends ends = Ends.make("vnfkit-it-ends-b");
                FunctionVnf router = FunctionVnf.between("l3fwd", ends, new VnfFunction.L3Forward(), shared)) {
            ends.linksUp();
            MacAddress right = router.mac("right");
            for (String prefix : Routed.PREFIXES) {
                router.control().put(IpPrefix.parse(prefix), NextHop.via(1, Ends.NEIGHBOUR, right));
            }
            Map<String, String> forwarded = forwarded(ends.exchange(Packets.ALL, router.mac("left")), right);
            router.end();
            return forwarded;
        }
    }

    /** By name of the packet what follows the addresses of the one frame that was forwarded. */
    private static Map<String, String> forwarded(List<List<byte[]>> answers, MacAddress router) {
        Map<String, String> forwarded = new LinkedHashMap<>();
        for (int i = 0; i < answers.size(); i++) {
            Packet packet = Packets.ALL.get(i);
            assertThat(answers.get(i)).as(packet.name()).hasSizeLessThanOrEqualTo(1);
            for (byte[] frame : answers.get(i)) {
                assertThat(MacAddress.of(Arrays.copyOfRange(frame, 6, 12))).as("source of " + packet).isEqualTo(router);
                forwarded.put(packet.name(), HexFormat.of().formatHex(frame, 12, frame.length));
            }
        }
        return forwarded;
    }
}

package io.vnfkit.examples.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.dpdk.Eal;
import io.vnfkit.dpdk.Forwarding;
import io.vnfkit.dpdk.ForwardingCore;
import io.vnfkit.dpdk.RouteTable;
import io.vnfkit.dpdk.function.Endpoint;
import io.vnfkit.dpdk.function.NetworkFunction.BngDownstream;
import io.vnfkit.dpdk.function.NetworkFunction.BngUpstream;
import io.vnfkit.dpdk.function.Task;
import io.vnfkit.dpdk.port.Device;
import io.vnfkit.dpdk.port.Port;
import io.vnfkit.dpdk.statistics.DropReason;
import io.vnfkit.dpdk.statistics.TaskStatistics;
import io.vnfkit.dpdk.table.CoreTunnel;
import io.vnfkit.dpdk.table.IpPrefix;
import io.vnfkit.dpdk.table.NextHop;
import io.vnfkit.dpdk.table.Subscriber;
import io.vnfkit.examples.NothingLeft;
import io.vnfkit.testing.HostShell;
import io.vnfkit.testing.RequiresCommand;
import io.vnfkit.testing.RequiresModule;
import io.vnfkit.testing.RequiresRoot;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The BNG between two kernels: a subscriber behind two VLAN tags, and a core router that ends a GRE tunnel with a key,
 * with an MPLS label in front or without.
 */
@Tag("root")
@RequiresRoot
@RequiresModule("8021q")
@RequiresModule("ip_gre")
@RequiresCommand(value = "dpdk-testpmd", debianPackage = "dpdk-dev")
@RequiresCommand(value = "ip", debianPackage = "iproute2")
@RequiresCommand("ethtool")
@RequiresCommand(value = "ping", debianPackage = "iputils-ping")
@ExtendWith(NothingLeft.class)
@Timeout(120)
class BngKernelPeersIT {

    private static final int PINGS = 5;
    private static final int SERVICE_TAG = 0x88a8;

    private static Eal eal;

    private BngPeers peers;

    @BeforeAll
    static void startEal() {
        int last = Runtime.getRuntime().availableProcessors() - 1;
        eal = Eal.start(List.of("--lcores", "(0-1)@(0-" + last + ")", "--no-huge", "-m", "256", "--no-pci",
                "--no-telemetry", "--no-shconf", "--file-prefix", "vnfkit-it-bng"));
    }

    @AfterAll
    static void stopEal() {
        if (eal != null) {
            eal.close();
        }
    }

    @BeforeEach
    void makePeers() {
        peers = BngPeers.make();
    }

    @AfterEach
    void removePeers() {
        if (peers != null) {
            peers.close();
        }
    }

    /** The port loses the type of the outer tag on the way in, which does not matter; see {@link Device.AfPacket}. */
    private static Forwarding bng(boolean mpls) {
        return Forwarding.of(Port.of("access", new Device.AfPacket(0, BngPeers.ACCESS, 1)),
                        Port.of("core", new Device.AfPacket(1, BngPeers.CORE, 1)))
                .routes(RouteTable.ipv4("core-routes", 100))
                .subscribers("subscribers", 100)
                .task(Task.of("upstream", new BngUpstream("subscribers", "core-routes", mpls))
                        .from(Endpoint.port("access")).to(Endpoint.port("core")).on(0))
                .task(Task.of("downstream", new BngDownstream("subscribers",
                                Optional.of(Addresses.ipv4(BngPeers.TUNNEL_BNG)), SERVICE_TAG, mpls))
                        .from(Endpoint.port("core")).to(Endpoint.port("access")).on(1));
    }

    private void pingBothWays(boolean mpls) {
        peers.linksUp();
        try (ForwardingCore core = ForwardingCore.start(eal, bng(mpls))) {
            long mbufs = core.availableMbufs();
            CoreTunnel tunnel = new CoreTunnel(Addresses.ipv4(BngPeers.TUNNEL_BNG),
                    Addresses.ipv4(BngPeers.TUNNEL_ROUTER), BngPeers.LABEL_TO_ROUTER);
            core.routes("core-routes").put(IpPrefix.parse(BngPeers.CORE_SUBNET),
                    NextHop.via(0, peers.routerMac(), peers.bngMac(BngPeers.CORE)).through(tunnel));
            core.subscribers("subscribers").put(new Subscriber(
                    BngPeers.OUTER_TAG, BngPeers.INNER_TAG, BngPeers.GRE_KEY, peers.subscriberMac(), 0));
            core.startTasks();

            HostShell.run("ip netns exec " + BngPeers.SUBSCRIBER + " ping -c " + PINGS + " -i 0.2 -W 5 "
                    + BngPeers.CORE_ADDRESS);
            HostShell.run("ip netns exec " + BngPeers.ROUTER + " ping -c " + PINGS + " -i 0.2 -W 5 -I "
                    + BngPeers.CORE_ADDRESS + " " + BngPeers.SUBSCRIBER_ADDRESS);

            core.stopTasks();
            assertForwarded(core.task("upstream").statistics());
            assertForwarded(core.task("downstream").statistics());
            assertThat(core.availableMbufs()).as("mbufs in the mempool").isEqualTo(mbufs);
        }
    }

    /** Requests of one ping and answers of the other. */
    private static void assertForwarded(TaskStatistics counted) {
        assertThat(counted.sent()).as("sent, beside drops " + counted.drops()).isEqualTo(2 * PINGS);
    }

    @Test
    void subscriberAndCoreReachEachOtherThroughTheTunnel() {
        peers.tunnel();

        pingBothWays(false);
    }

    @Test
    @RequiresModule("mpls_router")
    @RequiresModule("mpls_iptunnel")
    void subscriberAndCoreReachEachOtherThroughTheTunnelBehindALabel() {
        peers.tunnel();
        peers.labels();

        pingBothWays(true);
    }

    @Test
    void aSubscriberWithOtherTagsReachesNobody() {
        peers.tunnel();
        peers.linksUp();
        try (ForwardingCore core = ForwardingCore.start(eal, bng(false))) {
            long mbufs = core.availableMbufs();
            core.startTasks();

            String ping = HostShell.run("ip netns exec " + BngPeers.SUBSCRIBER + " ping -c 2 -i 0.2 -W 1 "
                    + BngPeers.CORE_ADDRESS + " || true");

            core.stopTasks();
            assertThat(ping).contains("2 packets transmitted, 0 received");
            assertThat(core.task("upstream").statistics().dropped(DropReason.NO_SUBSCRIBER))
                    .isEqualTo(2);
            assertThat(core.availableMbufs()).as("mbufs in the mempool").isEqualTo(mbufs);
        }
    }
}

package io.vnfkit.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.InvalidVnfException;
import io.vnfkit.LaunchException;
import io.vnfkit.RunningVnf;
import io.vnfkit.linux.Errno;
import io.vnfkit.testing.HostShell;
import io.vnfkit.testing.InsideVnf;
import io.vnfkit.testing.InsideVnf.Seen;
import io.vnfkit.testing.LaunchesVnfs;
import io.vnfkit.testing.RequiresCommand;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Network interfaces of a VNF, on real veth pairs and taps. */
@LaunchesVnfs
@RequiresCommand(value = "ip", debianPackage = "iproute2")
@RequiresCommand(value = "ping", debianPackage = "iputils-ping")
class NetworkIT {

    private static final long PID = ProcessHandle.current().pid();
    private final String outside = "vk" + PID + "o";
    private final String second = "vk" + PID + "p";
    private final String netns = "vnfkit-" + PID;

    @BeforeAll
    static void prepareNamedNamespaces() {
        // The first one ever makes ip(8) mount /run/netns, and that stays.
        HostShell.run("ip netns add vnfkit-first-" + PID + " && ip netns delete vnfkit-first-" + PID);
    }

    @AfterEach
    void removeWhatATestMade() {
        HostShell.run("ip link delete " + outside + " 2> /dev/null; ip link delete " + second + " 2> /dev/null;"
                + " ip netns delete " + netns + " 2> /dev/null; true");
    }

    @Test
    void aNewNetworkHoldsOnlyTheLoopbackAndItIsUp() {
        Seen seen = InsideVnf.run(InsideVnf.vnf(), "ls /sys/class/net",
                "ping -q -c 1 -W 2 127.0.0.1 > /dev/null && echo pong",
                "ping -q -c 1 -W 2 ::1 > /dev/null && echo pong6");

        assertThat(seen.lines()).containsExactly("lo", "pong", "pong6");
    }

    @Test
    void aPairJoinsTheVnfToTheHost() {
        NetworkInterface pair = NetworkInterface.veth("eth0", outside).address("10.251.0.2/24")
                .address("fd00:251::2/64")
                .peerAddress("10.251.0.1/24").peerAddress("fd00:251::1/64").withMtu(1400);
        var vnf = InsideVnf.vnf().namespaces(ns -> ns.networkInterface(pair));

        Seen seen = InsideVnf.run(vnf, "ping -q -c 1 -W 5 10.251.0.1 > /dev/null && echo pong",
                "ping -q -c 1 -W 5 fd00:251::1 > /dev/null && echo pong6", "cat /sys/class/net/eth0/mtu",
                "ip -o addr show dev eth0 | sed 's/  */ /g' | cut -d' ' -f3,4");

        assertThat(seen.lines()).startsWith("pong", "pong6", "1400", "inet 10.251.0.2/24", "inet6 fd00:251::2/64");
    }

    @Test
    void theHostReachesTheVnfThroughThePair() {
        NetworkInterface pair = NetworkInterface.veth("eth0", outside).address("10.251.0.2/24")
                .peerAddress("10.251.0.1/24").withMtu(9000);
        try (RunningVnf vnf = InsideVnf.hold(InsideVnf.vnf().namespaces(ns -> ns.networkInterface(pair)))) {
            HostShell.run("ping -q -c 1 -W 5 10.251.0.2");
            assertThat(HostShell.run("cat /sys/class/net/" + outside + "/mtu")).isEqualTo("9000\n");
        }
    }

    @Test
    void theOtherEndOfAPairCanLieInANamedNamespace() {
        HostShell.run("ip netns add " + netns);
        NetworkInterface pair = NetworkInterface.veth("left0", "peer0").address("10.251.1.2/24")
                .address("fd00:252::2/64")
                .peerIn(Path.of("/run/netns", netns)).peerAddress("10.251.1.1/24").peerAddress("fd00:252::1/64");

        try (RunningVnf vnf = InsideVnf.hold(InsideVnf.vnf().namespaces(ns -> ns.networkInterface(pair)),
                "ping -q -c 1 -W 5 10.251.1.1", "ping -q -c 1 -W 5 fd00:252::1 > /dev/null || exit 1")) {
            HostShell.run("ip netns exec " + netns + " ping -q -c 1 -W 5 10.251.1.2");
            assertThat(Path.of("/sys/class/net/peer0")).doesNotExist();
            assertThat(HostShell.run("ip netns exec " + netns + " ip -o link show peer0")).contains(",UP");
        }
    }

    @Test
    void aVnfBetweenTwoNamespacesHasAPairToEach() {
        HostShell.run("ip netns add " + netns);
        Path there = Path.of("/run/netns", netns);
        var vnf = InsideVnf.vnf().namespaces(ns -> ns
                .networkInterface(NetworkInterface.veth("west", "west0").peerIn(there))
                .networkInterface(NetworkInterface.veth("east", outside).address("10.251.2.2/24"))
                .networkInterface(NetworkInterface.veth("south", "south0").peerIn(there)));

        try (RunningVnf running = InsideVnf.hold(vnf,
                "test \"$(echo $(ls /sys/class/net))\" = 'east lo south west' || exit 1")) {
            assertThat(running.pid()).isPositive();
            assertThat(HostShell.run("ip netns exec " + netns + " ls /sys/class/net").lines()).isNotEmpty();
            assertThat(HostShell.run("ip -n " + netns + " -br link")).contains("west0").contains("south0")
                    .doesNotContain("east");
        }
    }

    @Test
    void anInterfaceOfTheHostMovesUnderANewName() {
        HostShell.run("ip tuntap add dev " + outside + " mode tap && ip link set " + outside + " up");
        NetworkInterface moved = NetworkInterface.moved(outside).as("uplink").address("192.0.2.7/30").withMtu(1280);

        Seen seen = InsideVnf.run(InsideVnf.vnf().namespaces(ns -> ns.networkInterface(moved)),
                "ls /sys/class/net", "ip -o link show uplink", "ip -o -4 addr show uplink");

        assertThat(seen.lines()).startsWith("lo", "uplink");
        assertThat(seen.output()).contains("mtu 1280").contains(",UP").contains("192.0.2.7/30").contains("192.0.2.7");
    }

    @Test
    void anInterfaceMovesUnderItsOwnNameToo() {
        HostShell.run("ip link add " + outside + " type veth peer name " + second + " && ip link set " + second
                + " up && ip addr add 10.251.3.1/24 dev " + second);
        NetworkInterface moved = NetworkInterface.moved(outside).address("10.251.3.2/24");

        try (RunningVnf vnf = InsideVnf.hold(InsideVnf.vnf().namespaces(ns -> ns.networkInterface(moved)))) {
            HostShell.run("ping -q -c 1 -W 5 10.251.3.2");
            assertThat(vnf.pid()).isPositive();
        }
    }

    @Test
    void aTapInterfaceIsHandedOver() {
        HostShell.run("ip tuntap add dev " + outside + " mode tap");
        NetworkInterface moved = NetworkInterface.moved(outside).as("tap0").address("10.251.4.1/24");

        Seen seen = InsideVnf.run(InsideVnf.vnf().namespaces(ns -> ns.networkInterface(moved)),
                "cat /sys/class/net/tap0/tun_flags", "ip -o -4 addr show tap0");

        assertThat(seen.output()).contains("0x").contains("10.251.4.1/24");
    }

    @Test
    void interfacesAreHandedToAUserNamespaceToo() {
        HostShell.run("ip tuntap add dev " + second + " mode tap");
        NetworkInterface pair = NetworkInterface.veth("eth0", outside).address("10.251.5.2/24")
                .peerAddress("10.251.5.1/24");
        var vnf = InsideVnf.vnf().namespaces(ns -> ns.mapIds(0, 100000, 65536)
                .networkInterface(pair).networkInterface(NetworkInterface.moved(second).as("tap7").address(
                        "10.251.6.1/24")));

        Seen seen = InsideVnf.run(vnf, "ping -q -c 1 -W 5 10.251.5.1 > /dev/null && echo pong", "ls /sys/class/net",
                "ip link set tap7 down && echo mine");

        assertThat(seen.lines()).containsExactly("pong", "eth0", "lo", "tap7", "mine");
    }

    @Test
    void aRunningVnfGetsFurtherInterfaces() {
        HostShell.run("ip tuntap add dev " + second + " mode tap");
        try (RunningVnf vnf = InsideVnf.hold(InsideVnf.vnf())) {
            vnf.attach(NetworkInterface.veth("eth0", outside).address("10.251.7.2/24").peerAddress("10.251.7.1/24"));
            vnf.attach(NetworkInterface.moved(second).as("late").withMtu(1300).address("fd00:253::1/64"));

            Seen seen = InsideVnf.exec(vnf, "ls /sys/class/net",
                    "ping -q -c 1 -W 5 10.251.7.1 > /dev/null && echo pong",
                    "cat /sys/class/net/late/mtu", "ip -o -6 addr show late");

            assertThat(seen.lines()).startsWith("eth0", "late", "lo", "pong", "1300");
            assertThat(seen.output()).contains("fd00:253::1/64").doesNotContain("tentative");
        }
    }

    @Test
    void aNameThatIsTakenInsideIsAFailureWithTheStep() {
        HostShell.run("ip tuntap add dev " + second + " mode tap");
        try (RunningVnf vnf = InsideVnf.hold(InsideVnf.vnf())) {
            vnf.attach(NetworkInterface.veth("eth0", outside));

            assertThatThrownBy(() -> vnf.attach(NetworkInterface.moved(second).as("eth0")))
                    .isInstanceOfSatisfying(LaunchException.class, failure -> {
                        assertThat(failure.errno()).contains(Errno.EEXIST);
                        assertThat(failure).hasMessageContaining("no interface is named eth0");
                    });
            assertThat(HostShell.run("cat /sys/class/net/" + second + "/operstate")).isNotEmpty();
        }
    }

    @Test
    void anInterfaceThatDoesNotExistIsFoundInThePlan() {
        var vnf = InsideVnf.vnf().namespaces(ns -> ns.networkInterface(NetworkInterface.moved("vk-missing")));

        assertThatThrownBy(() -> InsideVnf.run(vnf, "true"))
                .isInstanceOf(InvalidVnfException.class)
                .hasMessageContaining("the host has no network interface vk-missing");
    }

    @Test
    void anAddressThatTheKernelRefusesUndoesTheWholePair() {
        NetworkInterface pair = NetworkInterface.veth("eth0", outside).address("10.251.8.2/24")
                .address("10.251.8.2/24");

        assertThatThrownBy(() -> InsideVnf.run(InsideVnf.vnf().namespaces(ns -> ns.networkInterface(pair)), "true"))
                .isInstanceOfSatisfying(LaunchException.class,
                        failure -> assertThat(failure.errno()).contains(Errno.EEXIST));
        assertThat(Path.of("/sys/class/net", outside)).doesNotExist();
    }

    @Test
    void bothEndsOfAPairAreGoneWhenTheVnfIsClosed() {
        HostShell.run("ip netns add " + netns);
        NetworkInterface here = NetworkInterface.veth("eth0", outside).peerAddress("10.251.10.1/24");
        NetworkInterface there = NetworkInterface.veth("eth1", "there0").peerIn(Path.of("/run/netns", netns));
        for (int round = 0; round < 5; round++) {
            RunningVnf vnf = InsideVnf.hold(InsideVnf.vnf().namespaces(
                    ns -> ns.networkInterface(here).networkInterface(there)));
            vnf.attach(NetworkInterface.veth("eth2", second));
            assertThat(Path.of("/sys/class/net", second)).exists();
            vnf.close();

            assertThat(Path.of("/sys/class/net", outside)).doesNotExist();
            assertThat(Path.of("/sys/class/net", second)).doesNotExist();
            assertThat(interfacesOf(netns)).isEqualTo("lo");
        }
    }

    @Test
    void aPairIsGoneThoughAnotherVnfHasJoinedItsNamespace() {
        NetworkInterface pair = NetworkInterface.veth("eth0", outside);
        RunningVnf first = InsideVnf.hold(InsideVnf.vnf().namespaces(ns -> ns.networkInterface(pair)));
        try (RunningVnf other = InsideVnf.hold(InsideVnf.vnf().namespaces(
                ns -> ns.joinVnf(NamespaceKind.NET, first.name())))) {
            first.close();

            assertThat(Path.of("/sys/class/net", outside)).doesNotExist();
            assertThat(InsideVnf.exec(other, "ls /sys/class/net").lines()).containsExactly("lo");
        }
    }

    @Test
    void aNamespaceThatIsGoneIsNoObstacleToTheClose() {
        HostShell.run("ip netns add " + netns);
        NetworkInterface pair = NetworkInterface.veth("eth0", "there0").peerIn(Path.of("/run/netns", netns));
        RunningVnf vnf = InsideVnf.hold(InsideVnf.vnf().namespaces(ns -> ns.networkInterface(pair)));
        // What ip(8) makes when it has failed half-way: a file that is no namespace.
        HostShell.run("ip netns delete " + netns + " && touch /run/netns/" + netns);

        vnf.close();

        assertThat(vnf.exitCode()).isPresent();
    }

    @Test
    void anInterfaceOfSomebodyElseWithTheNameOfTheOtherEndStays() {
        RunningVnf vnf = InsideVnf.hold(InsideVnf.vnf().namespaces(
                ns -> ns.networkInterface(NetworkInterface.veth("eth0", outside))));
        HostShell.run("ip link delete " + outside + " && ip tuntap add dev " + outside + " mode tap");

        vnf.close();

        assertThat(Path.of("/sys/class/net", outside)).exists();
    }

    @Test
    void aPairThatCouldNotBeAttachedIsGone() {
        NetworkInterface pair = NetworkInterface.veth("eth0", outside);
        try (RunningVnf vnf = InsideVnf.hold(InsideVnf.vnf())) {
            NetworkInterface badInside = pair.address("10.251.11.2/24").address("10.251.11.2/24");
            NetworkInterface badOutside = pair.peerAddress("10.251.11.1/24").peerAddress("10.251.11.1/24");
            for (NetworkInterface bad : List.of(badInside, badOutside)) {
                assertThatThrownBy(() -> vnf.attach(bad)).isInstanceOfSatisfying(LaunchException.class,
                        failure -> assertThat(failure.errno()).contains(Errno.EEXIST));

                assertThat(Path.of("/sys/class/net", outside)).doesNotExist();
                assertThat(InsideVnf.exec(vnf, "ls /sys/class/net").lines()).containsExactly("lo");
            }
            vnf.attach(pair);
            assertThat(InsideVnf.exec(vnf, "ls /sys/class/net").lines()).containsExactly("eth0", "lo");
        }
    }

    @Test
    void aPairThatIsAttachedAlreadySurvivesASecondAttempt() {
        NetworkInterface pair = NetworkInterface.veth("eth0", outside);
        try (RunningVnf vnf = InsideVnf.hold(InsideVnf.vnf())) {
            vnf.attach(pair);

            assertThatThrownBy(() -> vnf.attach(pair)).isInstanceOf(LaunchException.class);
            assertThatThrownBy(() -> vnf.attach(pair.as("eth1"))).isInstanceOf(LaunchException.class);

            assertThat(Path.of("/sys/class/net", outside)).exists();
            assertThat(InsideVnf.exec(vnf, "ls /sys/class/net").lines()).containsExactly("eth0", "lo");
        }
    }

    private static String interfacesOf(String namespace) {
        return HostShell.run("ip -n " + namespace + " -o link | cut -d: -f2 | tr -d ' \n'");
    }

    @Test
    void twoVnfsShareTheNetworkOfTheFirst() {
        NetworkInterface pair = NetworkInterface.veth("eth0", outside).address("10.251.9.2/24");
        try (RunningVnf first = InsideVnf.hold(InsideVnf.vnf().namespaces(ns -> ns.networkInterface(pair)))) {
            var second = InsideVnf.vnf().namespaces(ns -> ns.joinVnf(NamespaceKind.NET, first.name()));

            Seen seen = InsideVnf.run(second, "ls /sys/class/net", "ip -o -4 addr show eth0");

            assertThat(seen.lines()).startsWith("eth0", "lo");
            assertThat(seen.output()).contains("10.251.9.2/24");
        }
    }
}

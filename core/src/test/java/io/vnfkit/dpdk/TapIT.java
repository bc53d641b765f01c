package io.vnfkit.dpdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.dpdk.function.Endpoint;
import io.vnfkit.dpdk.function.NetworkFunction.None;
import io.vnfkit.dpdk.function.Task;
import io.vnfkit.dpdk.port.Device;
import io.vnfkit.dpdk.port.Port;
import io.vnfkit.testing.HostShell;
import io.vnfkit.testing.Needs;
import io.vnfkit.testing.RequiresCommand;
import io.vnfkit.testing.RequiresLibrary;
import io.vnfkit.testing.RequiresRoot;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two tap ports: kernels of two network namespaces reach each other through the forwarding core alone. */
@Tag("root")
@RequiresRoot
@RequiresLibrary(value = "librte_eal.so", debianPackage = "dpdk-dev")
@RequiresCommand(value = "ip", debianPackage = "iproute2")
@RequiresCommand(value = "ping", debianPackage = "iputils-ping")
@Timeout(90)
class TapIT {

    private static final long PID = ProcessHandle.current().pid();
    private static final int PINGS = 20;

    private final String west = "vk" + PID + "w";
    private final String east = "vk" + PID + "e";

    @BeforeAll
    static void needsTheDeviceThatMakesTaps() {
        Needs.thing(Files.exists(Path.of("/dev/net/tun")), "/dev/net/tun", "modprobe tun");
    }

    @AfterEach
    void removeNamespaces() {
        HostShell.run("ip netns delete " + west + " 2> /dev/null; ip netns delete " + east + " 2> /dev/null; true");
    }

    @Test
    void twoKernelsReachEachOtherThroughTaps() {
        Forwarding wire = Forwarding.of(
                        Port.of("west", new Device.Tap(0, west)), Port.of("east", new Device.Tap(1, east)))
                .task(Task.of("wire", new None()).from(Endpoint.port("west"), Endpoint.port("east"))
                        .to(Endpoint.port("east"), Endpoint.port("west")).on(1));
        try (ForwardingCore core = ForwardingCore.start(TestEal.get(), wire)) {
            moveIntoNamespace(west, "198.18.7.1/24");
            moveIntoNamespace(east, "198.18.7.2/24");
            core.startTasks();

            String ping = HostShell.run("ip netns exec " + west + " ping -c " + PINGS + " -s 1400 -i 0.01 -W 10 198.18.7.2");
            core.stopTasks();

            assertThat(ping).contains(PINGS + " received");
            assertThat(core.port("west").statistics().received()).isGreaterThanOrEqualTo(PINGS);
            assertThat(core.port("east").statistics().received()).isGreaterThanOrEqualTo(PINGS);
            assertThat(core.task("wire").statistics().dropped()).isZero();
        }
        assertThat(HostShell.run("ip netns exec " + west + " ls /sys/class/net")).doesNotContain(west);
        assertThat(HostShell.run("ip netns exec " + east + " ls /sys/class/net")).doesNotContain(east);
    }

    private static void moveIntoNamespace(String networkInterface, String address) {
        HostShell.run("ip netns add " + networkInterface + " && ip link set " + networkInterface + " netns " + networkInterface
                + " && ip -n " + networkInterface + " address add " + address + " dev " + networkInterface
                + " && ip -n " + networkInterface + " link set " + networkInterface + " up");
    }
}

package io.vnfkit.examples.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.RunningCommand;
import io.vnfkit.RunningVnf;
import io.vnfkit.StandardStreams;
import io.vnfkit.Stdio;
import io.vnfkit.Vnf;
import io.vnfkit.VnfLauncher;
import io.vnfkit.dpdk.EalArguments;
import io.vnfkit.dpdk.table.IpPrefix;
import io.vnfkit.dpdk.table.NextHop;
import io.vnfkit.examples.GrantedVnf;
import io.vnfkit.examples.forwarder.Forwarder;
import io.vnfkit.examples.forwarder.ForwarderControl;
import io.vnfkit.examples.forwarder.ForwarderVnf;
import io.vnfkit.examples.forwarder.VnfFunction;
import io.vnfkit.linux.Host;
import io.vnfkit.namespace.NetworkInterface;
import io.vnfkit.sysfs.HostTopology;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.MacAddress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** vnfkit's l3fwd in a VNF, between the two ends. */
final class RouterVnf implements AutoCloseable {

    private final RunningVnf running;
    private final BufferedReader output;
    private final ForwarderControl control;

    private RouterVnf(RunningVnf running, BufferedReader output, ForwarderControl control) {
        this.running = running;
        this.output = output;
        this.control = control;
    }

    static RouterVnf between(String name, Ends ends, Path shared) throws IOException {
        ForwarderVnf forwarder = new ForwarderVnf(shared);
        Vnf.Builder vnf = GrantedVnf.on(name, CpuSet.of(cpuOnTheNodeOfTheMemory()))
                .namespaces(ns -> ns.isolateAll()
                        .networkInterface(NetworkInterface.veth("left", Ends.LEFT)
                                .peerIn(Path.of("/run/netns", ends.name())))
                        .networkInterface(NetworkInterface.veth("right", Ends.RIGHT)
                                .peerIn(Path.of("/run/netns", ends.name()))))
                .streams(new StandardStreams(Stdio.discard(), Stdio.pipe(), Stdio.inherit()));
        RunningVnf running = VnfLauncher.onThisHost()
                .launch(forwarder.addTo(vnf, EalArguments.fromGrant(), new VnfFunction.L3Forward(), List.of("left", "right")).build());
        try {
            BufferedReader output =
                    new BufferedReader(new InputStreamReader(running.standardOutput(), StandardCharsets.UTF_8));
            assertThat(output.readLine()).isEqualTo(Forwarder.READY);
            RouterVnf router = new RouterVnf(running, output, forwarder.connect());
            NextHop neighbour = NextHop.via(1, Ends.NEIGHBOUR, router.mac("right"));
            for (String prefix : Routed.PREFIXES) {
                router.control.put(IpPrefix.parse(prefix), neighbour);
            }
            return router;
        } catch (IOException | RuntimeException | Error failure) {
            running.close();
            throw failure;
        }
    }

    /** Not the last of all, which may be on another node: mempools lie on the node of the lcore. */
    private static int cpuOnTheNodeOfTheMemory() {
        return HostTopology.read(Host.thisHost()).numa().cpusOf(0).intersection(GrantedVnf.allCpus()).last();
    }

    MacAddress mac(String networkInterface) throws IOException {
        StandardStreams streams = new StandardStreams(Stdio.discard(), Stdio.pipe(), Stdio.discard());
        try (RunningCommand command =
                running.exec(streams, "cat", "/sys/class/net/" + networkInterface + "/address")) {
            return MacAddress.parse(new String(command.standardOutput().readAllBytes(), StandardCharsets.UTF_8).strip());
        }
    }

    /** Ends it. What it says about its mempool. */
    String end() throws IOException {
        running.stop(Duration.ofSeconds(10));
        return output.readLine();
    }

    @Override
    public void close() throws IOException {
        control.close();
        running.close();
    }
}

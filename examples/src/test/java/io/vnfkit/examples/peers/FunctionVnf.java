package io.vnfkit.examples.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.RunningCommand;
import io.vnfkit.RunningVnf;
import io.vnfkit.Signal;
import io.vnfkit.StandardStreams;
import io.vnfkit.Stdio;
import io.vnfkit.Vnf;
import io.vnfkit.VnfLauncher;
import io.vnfkit.dpdk.EalArguments;
import io.vnfkit.dpdk.statistics.DropReason;
import io.vnfkit.dpdk.statistics.ForwardingStatistics;
import io.vnfkit.dpdk.statistics.TaskStatistics;
import io.vnfkit.examples.GrantedVnf;
import io.vnfkit.examples.forwarder.Forwarder;
import io.vnfkit.examples.forwarder.ForwarderControl;
import io.vnfkit.examples.forwarder.ForwarderVnf;
import io.vnfkit.examples.forwarder.VnfFunction;
import io.vnfkit.linux.Host;
import io.vnfkit.namespace.NetworkInterface;
import io.vnfkit.sysfs.HostTopology;
import io.vnfkit.sysfs.SysfsMask;
import io.vnfkit.testing.Await;
import io.vnfkit.testing.HostShell;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.MacAddress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** One of vnfkit's functions in a VNF, between the two ends, with its manager's side. */
final class FunctionVnf implements AutoCloseable {

    private static final int SIGTERM_EXIT_CODE = 128 + Signal.TERM.number();
    /** For experiments on a local network (IEEE 802), and its bytes. */
    private static final int LAST_TYPE = 0x88b6;
    private static final String LAST_BYTES = "88b6";
    private static final int MOST_INPUTS = 16;

    private final RunningVnf running;
    private final BufferedReader output;
    private final ForwarderControl control;
    private final Ends ends;
    private final Path shared;
    private ForwardingStatistics start;

    private FunctionVnf(RunningVnf running, BufferedReader output, ForwarderControl control, Ends ends, Path shared) {
        this.running = running;
        this.output = output;
        this.control = control;
        this.ends = ends;
        this.shared = shared;
        this.start = control.statistics();
    }

    /** On one CPU. */
    static FunctionVnf between(String name, Ends ends, VnfFunction function, Path shared) throws IOException {
        // Not the last of all, which may be on another node: mempools lie on the node of the lcore.
        return between(name, ends, function, CpuSet.of(cpusOnTheNodeOfTheMemory().last()), EalArguments.fromGrant(), shared);
    }

    static FunctionVnf between(String name, Ends ends, VnfFunction function, CpuSet cpus, EalArguments eal, Path shared)
            throws IOException {
        ForwarderVnf forwarder = new ForwarderVnf(shared);
        Vnf.Builder vnf = GrantedVnf.on(name, cpus)
                .namespaces(ns -> ns.isolateAll()
                        .networkInterface(NetworkInterface.veth("left", Ends.LEFT)
                                .peerIn(Path.of("/run/netns", ends.name())))
                        .networkInterface(NetworkInterface.veth("right", Ends.RIGHT)
                                .peerIn(Path.of("/run/netns", ends.name()))))
                .with(SysfsMask.onlyGranted())
                .streams(new StandardStreams(Stdio.discard(), Stdio.pipe(), Stdio.inherit()));
        RunningVnf running = VnfLauncher.onThisHost()
                .launch(forwarder.addTo(vnf, eal, function, List.of("left", "right")).build());
        try {
            BufferedReader output =
                    new BufferedReader(new InputStreamReader(running.standardOutput(), StandardCharsets.UTF_8));
            assertThat(output.readLine()).isEqualTo(Forwarder.READY);
            // The kernel inside says nothing of its own from here on: each packet is one of the test.
            HostShell.run("nsenter -t " + running.pid() + " -n sysctl -q -w net.ipv6.conf.all.disable_ipv6=1");
            return new FunctionVnf(running, output, forwarder.connect(), ends, shared);
        } catch (IOException | RuntimeException | Error failure) {
            running.close();
            throw failure;
        }
    }

    static CpuSet cpusOnTheNodeOfTheMemory() {
        return HostTopology.read(Host.thisHost()).numa().cpusOf(0).intersection(GrantedVnf.allCpus());
    }

    /** The manager's side. */
    ForwarderControl control() {
        return control;
    }

    MacAddress mac(String networkInterface) throws IOException {
        StandardStreams streams = new StandardStreams(Stdio.discard(), Stdio.pipe(), Stdio.discard());
        try (RunningCommand command =
                running.exec(streams, "cat", "/sys/class/net/" + networkInterface + "/address")) {
            return MacAddress.parse(new String(command.standardOutput().readAllBytes(), StandardCharsets.UTF_8).strip());
        }
    }

    /**
     * Waits until what the kernel inside has said before is out of the way: it is in front of a short frame on each link,
     * to a station elsewhere, which a function forwards or drops. Everything is counted from here.
     */
    void settle(Wires wires, boolean forwardsAnything) throws IOException {
        byte[] last = new Packet("last", LAST_TYPE, new byte[0]).frame(Ends.NEIGHBOUR, Ends.SENDER);
        for (String end : List.of(Ends.LEFT, Ends.RIGHT)) {
            wires.send(end, last);
            if (forwardsAnything) {
                assertThat(wires.receive(end.equals(Ends.LEFT) ? Ends.RIGHT : Ends.LEFT)).endsWith(LAST_BYTES);
            }
        }
        await("a short frame is dropped", () -> forwardsAnything
                || dropped(DropReason.TRUNCATED, DropReason.ETHERTYPE, DropReason.OTHER_HOST) == 2);
        // Of several queues, the others had their packets before this one had the short frame.
        ForwardingStatistics then = control.statistics();
        await("every queue is asked once more", () -> then.tasks().keySet().stream()
                .allMatch(task -> control.statistics().task(task).polls() > then.task(task).polls() + MOST_INPUTS));
        // A packet is at the other end a moment before it is counted.
        await("all packets are counted", () -> control.statistics().tasks().values().stream()
                .allMatch(task -> task.received() == task.sent() + task.dropped()));
        start = control.statistics();
    }

    private long dropped(DropReason... reasons) {
        return Arrays.stream(reasons).mapToLong(reason -> drops().getOrDefault(reason, 0L)).sum();
    }

    /** What a task has counted, read from outside. */
    TaskStatistics counted(String task) {
        return control.statistics().task(task).since(start.task(task));
    }

    /** Packets that all tasks have dropped, by reason. */
    Map<DropReason, Long> drops() {
        Map<DropReason, Long> sum = new EnumMap<>(DropReason.class);
        control.statistics().tasks().keySet()
                .forEach(task -> counted(task).drops().forEach((reason, count) -> sum.merge(reason, count, Long::sum)));
        return sum;
    }

    /** Sends a frame that must be dropped for a reason, and waits until it is. */
    void expectDrop(Wires wires, String end, byte[] frame, DropReason reason) throws IOException {
        Map<DropReason, Long> expected = drops();
        expected.merge(reason, 1L, Long::sum);
        wires.send(end, frame);
        await("a drop for " + reason, () -> sum(drops()) >= sum(expected));
        assertThat(drops()).as("drops, by this packet one more for " + reason).isEqualTo(expected);
    }

    private static long sum(Map<DropReason, Long> drops) {
        return drops.values().stream().mapToLong(Long::longValue).sum();
    }

    void await(String what, BooleanSupplier condition) {
        Await.until(() -> what + "; counted: " + control.statistics().tasks(), condition);
    }

    /** Ends it: all mbufs are back, and of its links and its socket nothing is left. */
    void end() throws IOException {
        running.stop(Duration.ofSeconds(10));
        String[] mempool = output.readLine().split(" ");
        assertThat(mempool).startsWith("mempool:").hasSize(4);
        assertThat(mempool[1]).as("mbufs that are back").isEqualTo(mempool[3]);
        assertThat(running.onExit().join()).isEqualTo(SIGTERM_EXIT_CODE);
        control.close();
        running.close();
        assertThat(HostShell.run("ip -o -n " + ends.name() + " link")).doesNotContain(Ends.LEFT, Ends.RIGHT);
        try (var files = Files.list(shared)) {
            assertThat(files.map(Path::getFileName).map(Path::toString)).containsExactly("statistics");
        }
    }

    @Override
    public void close() throws IOException {
        control.close();
        running.close();
    }
}

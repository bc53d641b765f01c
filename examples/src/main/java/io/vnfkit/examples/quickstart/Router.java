package io.vnfkit.examples.quickstart;

import io.vnfkit.RunningVnf;
import io.vnfkit.Signal;
import io.vnfkit.VnfLauncher;
import io.vnfkit.dpdk.table.IpPrefix;
import io.vnfkit.dpdk.table.NextHop;
import io.vnfkit.examples.forwarder.Forwarder;
import io.vnfkit.examples.forwarder.ForwarderControl;
import io.vnfkit.examples.forwarder.ForwarderVnf;
import io.vnfkit.examples.report.Report;
import io.vnfkit.examples.report.VnfOutput;
import io.vnfkit.unit.MacAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Shows a VNF that routes between the neighbours, steered and watched by this JVM from outside. */
final class Router {

    /** Of a JVM. */
    static final int SIGTERM_EXIT_CODE = 128 + Signal.TERM.number();

    private final VnfLauncher launcher;
    private final Machine machine;
    private final Neighbours neighbours;

    Router(VnfLauncher launcher, Machine machine, Neighbours neighbours) {
        this.launcher = launcher;
        this.machine = machine;
        this.neighbours = neighbours;
    }

    void show(Report report) throws Exception {
        try (SharedDirectory shared = SharedDirectory.make()) {
            route(report, new ForwarderVnf(shared.path()));
        }
    }

    private void route(Report report, ForwarderVnf forwarder) throws Exception {
        try (RunningVnf running = launcher.launch(RoutingVnf.describe(machine, forwarder))) {
            VnfOutput output = new VnfOutput(running);
            neighbours.connect();
            output.await(Forwarder.READY, report);
            report.check(true, "it runs as process " + running.pid() + " and forwards");
            try (ForwarderControl control = forwarder.connect()) {
                List<NextHop> nextHops = join(running, control);
                report.section("packets through it, from subnet to subnet",
                        () -> new Traffic(Neighbours.FAR_RIGHT_ADDRESS).ping(report));
                report.section("routes changed under load, and counters read live from its memory",
                        () -> new RouteChanges(control, nextHops.get(1)).show(report));
            }
            report.section("its end, and its mempool", () -> showEnd(report, running, output));
        }
    }

    /** Tells the router and the neighbours about each other: next hops to the left and to the right. */
    private List<NextHop> join(RunningVnf running, ForwarderControl control) throws IOException {
        Inside inside = new Inside(running);
        MacAddress routerLeft = mac(inside, RoutingVnf.LEFT);
        MacAddress routerRight = mac(inside, RoutingVnf.RIGHT);
        neighbours.routeThrough(routerLeft, routerRight);
        NextHop left = NextHop.via(0, Neighbours.mac(Neighbours.LEFT, Neighbours.LEFT_INTERFACE), routerLeft);
        NextHop right = NextHop.via(1, Neighbours.mac(Neighbours.RIGHT, Neighbours.RIGHT_INTERFACE), routerRight);
        control.put(IpPrefix.parse(Neighbours.LEFT_SUBNET), left);
        control.put(IpPrefix.parse(Neighbours.RIGHT_SUBNET), right);
        return List.of(left, right);
    }

    private static MacAddress mac(Inside inside, String networkInterface) throws IOException {
        return MacAddress.parse(inside.shell("cat /sys/class/net/" + networkInterface + "/address").output());
    }

    private static void showEnd(Report report, RunningVnf running, VnfOutput output) throws InterruptedException {
        int exitCode = running.stop(Duration.ofSeconds(10));
        List<String> lines = output.all();
        String last = lines.get(lines.size() - 1);
        report.quote(last);
        String[] words = last.split(" ");
        report.check(words.length == 4 && words[0].equals("mempool:") && words[1].equals(words[3]),
                "every packet buffer is back in its mempool");
        report.check(exitCode == SIGTERM_EXIT_CODE, "it took SIGTERM, as a JVM does, with exit code " + exitCode);
        if (exitCode != SIGTERM_EXIT_CODE) {
            output.quoteErrors(report);
        }
    }
}

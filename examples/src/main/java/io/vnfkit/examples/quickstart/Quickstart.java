package io.vnfkit.examples.quickstart;

import io.vnfkit.RunningVnf;
import io.vnfkit.Vnf;
import io.vnfkit.VnfLauncher;
import io.vnfkit.examples.report.Report;
import io.vnfkit.examples.report.VnfOutput;
import io.vnfkit.linux.Host;
import java.time.Duration;
import java.util.List;

/**
 * Chapter 5 of the white paper on this machine: a VNF between two network namespaces, what it sees, what it cannot take,
 * another one that routes and is steered from outside, two that pass packets to each other in shared memory, what a VNF
 * costs, and that nothing is left of it. Needs root, 72 free hugepages of 2 MiB and the packages that
 * {@code examples/quickstart} installs.
 */
public final class Quickstart {

    static final String NAME = "quickstart";

    private final Report report = new Report(NAME);
    private final VnfLauncher launcher = VnfLauncher.onThisHost();
    private final Machine machine = Machine.look(Host.thisHost());
    private final Refusals refusals = new Refusals(machine);

    Quickstart() {}

    /**
     * Runs it, and exits with 0 if everything was as it should be.
     *
     * @param arguments none
     * @throws Exception if it cannot even start
     */
    public static void main(String[] arguments) throws Exception {
        System.exit(new Quickstart().run());
    }

    int run() throws Exception {
        Traces before = Traces.find();
        try (Neighbours neighbours = new Neighbours()) {
            Vnf vnf = ForwardingVnf.describe(machine, refusals.foreignDevice());
            report.section("the plan: read from this host, nothing touched yet", () -> showPlan(vnf));
            report.section("launch: dpdk-testpmd, as Debian built it, between two network namespaces",
                    () -> runForwarder(vnf, neighbours));
            report.section("launch: vnfkit's own l3fwd in place of dpdk-testpmd",
                    () -> new Router(launcher, machine, neighbours).show(report));
            report.section("launch: two VNFs in a row, with a shared region in between and nothing else",
                    () -> new Chain(launcher, machine, neighbours).show(report));
            report.section("more hugepages than granted", () -> new GreedyVnf(launcher, machine).show(report));
            report.section("what a launch costs", () -> new LaunchCost(launcher, machine).show(report));
        }
        report.section("what is left after the end", () -> showTraces(before));
        return report.verdict();
    }

    private void showPlan(Vnf vnf) {
        report.quote(PlanText.shorten(launcher.plan(vnf).toString()));
        report.check(launcher.preflight(vnf).isEmpty(), "preflight finds no reason why the launch would fail");
    }

    private void runForwarder(Vnf vnf, Neighbours neighbours) throws Exception {
        try (RunningVnf running = launcher.launch(vnf)) {
            VnfOutput output = new VnfOutput(running);
            neighbours.connect();
            output.await(ForwardingVnf.READY, report);
            report.check(true, "it runs as process " + running.pid() + " and forwards");
            report.section("packets through it, counted at both ends", () -> new Traffic(Neighbours.RIGHT_ADDRESS).show(report));
            report.section("what the host has and what the VNF sees", () -> new View(running, machine).show(report));
            report.section("devices and CPUs that were not granted", () -> refusals.show(running, report));
            report.section("its end, and its own count", () -> showEnd(running, output));
        }
    }

    private void showEnd(RunningVnf running, VnfOutput output) throws InterruptedException {
        int exitCode = running.stop(Duration.ofSeconds(10));
        List<String> lines = output.all();
        int statistics = lines.stream().filter(line -> line.contains("Accumulated forward statistics"))
                .findFirst().map(lines::indexOf).orElse(lines.size());
        lines.stream().skip(statistics).limit(3).forEach(report::quote);
        report.check(exitCode == 0, "it took SIGTERM, closed its ports and ended with exit code " + exitCode);
        if (exitCode != 0) {
            output.quoteErrors(report);
        }
    }

    private void showTraces(Traces before) throws Exception {
        Traces after = Traces.find();
        report.quote(after.toString());
        report.check(after.equals(before), after.equals(before)
                ? "the same as before the first launch"
                : "it was before the first launch: " + before);
    }
}

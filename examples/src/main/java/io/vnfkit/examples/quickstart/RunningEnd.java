package io.vnfkit.examples.quickstart;

import io.vnfkit.RunningVnf;
import io.vnfkit.VnfLauncher;
import io.vnfkit.dpdk.statistics.StatisticsArea;
import io.vnfkit.dpdk.statistics.TaskStatistics;
import io.vnfkit.examples.chain.Stage;
import io.vnfkit.examples.chain.StageFunction;
import io.vnfkit.examples.report.Report;
import io.vnfkit.examples.report.VnfOutput;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** An end of the chain that runs. */
final class RunningEnd implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final EndVnf end;
    private final RunningVnf running;
    private final VnfOutput output;

    private RunningEnd(EndVnf end, RunningVnf running) {
        this.end = end;
        this.running = running;
        this.output = new VnfOutput(running);
    }

    static RunningEnd launch(VnfLauncher launcher, Machine machine, EndVnf end) {
        return new RunningEnd(end, launcher.launch(end.describe(machine)));
    }

    void awaitForwarding(Report report) throws InterruptedException, TimeoutException {
        output.await(Stage.READY, report);
    }

    /** The counters of its two tasks, read from the memory of the VNF. */
    void showCounters(Report report) {
        StatisticsArea area = StatisticsArea.open(end.stage().statistics());
        TaskStatistics in = area.read(StageFunction.INTO_CHAIN);
        TaskStatistics out = area.read(StageFunction.OUT_OF_CHAIN);
        report.quote(String.format("%s: %d packets from %s into the region, %d out of it to %s", end.name(), in.sent(),
                end.neighbourInterface(), out.sent(), end.neighbourInterface()));
        report.check(in.sent() > 0 && in.copied() == 0 && in.dropped() == 0 && out.dropped() == 0,
                "none was copied, and none dropped");
    }

    boolean stop() {
        return running.stop(PATIENCE) == Router.SIGTERM_EXIT_CODE;
    }

    @Override
    public void close() {
        running.close();
    }
}

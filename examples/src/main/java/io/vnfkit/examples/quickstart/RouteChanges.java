package io.vnfkit.examples.quickstart;

import io.vnfkit.dpdk.statistics.DropReason;
import io.vnfkit.dpdk.statistics.TaskStatistics;
import io.vnfkit.dpdk.table.IpPrefix;
import io.vnfkit.dpdk.table.NextHop;
import io.vnfkit.examples.forwarder.ForwarderControl;
import io.vnfkit.examples.forwarder.VnfFunction;
import io.vnfkit.examples.report.OutputLog;
import io.vnfkit.examples.report.Report;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Changes routes of a forwarder while packets flow, and finds the changes in its counters and in the traffic. */
final class RouteChanges {

    private static final IpPrefix RIGHT = IpPrefix.parse(Neighbours.RIGHT_SUBNET);
    private static final int PACKETS = 100;
    /** Of echo requests: twice as many as the three steps take, so that the last ones come back. */
    private static final String COUNT = "600";
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Pattern PING_RESULT = Pattern.compile("(\\d+) packets transmitted, (\\d+) received");

    private final ForwarderControl control;
    private final NextHop right;

    RouteChanges(ForwarderControl control, NextHop right) {
        this.control = control;
        this.right = right;
    }

    void show(Report report) throws Exception {
        manyForOthers(report);
        awayAndBack(report);
    }

    private TaskStatistics statistics() {
        return control.statistics().task(VnfFunction.L3Forward.TASK);
    }

    /** Routes to elsewhere, and longer ones to the same neighbour, come and go during a stream: nothing is lost. */
    private void manyForOthers(Report report) throws Exception {
        TaskStatistics before = statistics();
        AtomicBoolean isOver = new AtomicBoolean();
        FutureTask<Integer> churn = new FutureTask<>(() -> churn(isOver));
        new Thread(churn, "route changes").start();
        try {
            new Traffic(Neighbours.FAR_RIGHT_ADDRESS).stream(report);
        } finally {
            isOver.set(true);
        }
        int changes = result(churn);
        TaskStatistics counted = statistics().since(before);
        report.quote("the VNF's counters, from the file that it shares: " + describe(counted));
        report.check(changes > 0 && counted.dropped(DropReason.NO_ROUTE) == 0,
                changes + " routes were added and removed meanwhile, and no packet was without a route");
    }

    /** How many changes it has made. */
    private int churn(AtomicBoolean isOver) throws IOException {
        int changes = 0;
        while (!isOver.get()) {
            int number = changes / 4 % 200;
            IpPrefix elsewhere = IpPrefix.parse("203.0.113." + number + "/32");
            IpPrefix longer = IpPrefix.parse(Neighbours.FAR_RIGHT_ADDRESS + "/32");
            control.put(elsewhere, right);
            control.put(longer, right);
            control.remove(longer);
            control.remove(elsewhere);
            changes += 4;
        }
        return changes;
    }

    private static <T> T result(FutureTask<T> task) throws IOException, InterruptedException {
        try {
            return task.get();
        } catch (ExecutionException failure) {
            throw new IOException("the routes could not be changed: " + failure.getCause(), failure);
        }
    }

    /** Without the route the packets of a ping are dropped for want of one, exactly those that the ping misses. */
    private void awayAndBack(Report report) throws Exception {
        TaskStatistics start = statistics();
        Process ping = new ProcessBuilder("ip", "netns", "exec", Neighbours.LEFT,
                "ping", "-q", "-i", "0.005", "-c", COUNT, "-W", "2", Neighbours.FAR_RIGHT_ADDRESS).redirectErrorStream(true).start();
        OutputLog output = new OutputLog(ping.getInputStream());
        try {
            TaskStatistics flowing = await(start, counted -> counted.sent() >= PACKETS);
            report.quote("while it flows:    " + describe(flowing.since(start)));
            control.remove(RIGHT);
            TaskStatistics away = await(flowing, counted -> counted.dropped(DropReason.NO_ROUTE) >= PACKETS);
            report.quote("without the route: " + describe(away.since(flowing)));
            control.put(RIGHT, right);
            TaskStatistics back = await(statistics(), counted -> counted.sent() >= 2 * PACKETS);
            report.quote("with it again:     " + describe(back.since(away)));
            String result = String.join("\n", output.all());
            checkPing(report, result, statistics().since(start).dropped(DropReason.NO_ROUTE));
        } finally {
            ping.destroy();
        }
    }

    private static void checkPing(Report report, String output, long dropped) {
        Matcher result = PING_RESULT.matcher(output);
        if (!result.find()) {
            report.check(false, "ping ended with: " + output);
            return;
        }
        report.quote(result.group());
        long missed = Long.parseLong(result.group(1)) - Long.parseLong(result.group(2));
        report.check(missed == dropped, "ping misses the " + dropped + " packets that were dropped for want of a route, "
                + "and no other");
    }

    private TaskStatistics await(TaskStatistics start, Predicate<TaskStatistics> condition)
            throws InterruptedException, TimeoutException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            TaskStatistics now = statistics();
            if (condition.test(now.since(start))) {
                return now;
            }
            if (System.nanoTime() - deadline > 0) {
                throw new TimeoutException("the counters of the VNF stand at " + describe(now.since(start)));
            }
            Thread.sleep(10);
        }
    }

    private static String describe(TaskStatistics counted) {
        return counted.received() + " received, " + counted.sent() + " sent, dropped " + counted.drops();
    }
}

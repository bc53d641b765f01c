package io.vnfkit.examples.shared;

import io.vnfkit.RunningVnf;
import io.vnfkit.Signal;
import io.vnfkit.VnfLauncher;
import io.vnfkit.examples.report.OutputLog;
import io.vnfkit.examples.report.Report;
import io.vnfkit.hugetlb.HugepagePools;
import io.vnfkit.ivshmem.RegionStore;
import io.vnfkit.linux.Host;
import io.vnfkit.unit.PageSize;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Two VNFs, one of which sends and one receives, share a region. This program launches and watches them, stops and kills
 * the receiver, and counts at the end. Needs root and 4 free hugepages of 2 MiB.
 */
public final class SharedMemory {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration INTERVAL = Duration.ofMillis(200);
    private static final int LOOKS = 5;
    private static final int KILLED = 128 + Signal.KILL.number();

    private final Report report = new Report("shared memory");
    private final VnfLauncher launcher = VnfLauncher.onThisHost();
    private final RegionStore regions = RegionStore.onThisHost();
    private Watch watch;

    SharedMemory() {}

    /**
     * Runs it, and exits with 0 if everything was as it should be.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) {
        System.exit(new SharedMemory().run());
    }

    int run() {
        // An earlier run may have been killed before it could.
        launcher.cleanUp();
        destroyRegion();
        long free = freeHugepages();
        report.section("a region on hugepages, and what lies in it", this::create);
        report.section("launch: a producer and a consumer, with nothing in common but the region", this::watchBoth);
        destroyRegion();
        report.section("what is left after the end", () -> report.check(
                freeHugepages() == free && !regions.names().contains(SharedObjects.REGION), "no region, and " + free
                        + " free hugepages as before"));
        return report.verdict();
    }

    private static long freeHugepages() {
        return HugepagePools.of(Host.thisHost()).pool(PageSize.MIB_2).free();
    }

    private void destroyRegion() {
        if (regions.names().contains(SharedObjects.REGION)) {
            regions.destroy(SharedObjects.REGION);
        }
    }

    private void create() {
        try (var region = regions.create(SharedObjects.region())) {
            SharedObjects.createIn(region);
            report.quote(region.dump().toString());
        }
    }

    private void watchBoth() throws Exception {
        try (Watch look = new Watch(regions)) {
            watch = look;
            runBoth();
        }
    }

    private void runBoth() throws Exception {
        try (RunningVnf producer = launcher.launch(PeerVnf.producer())) {
            OutputLog output = new OutputLog(producer.standardOutput());
            try {
                show(producer);
            } finally {
                output.soFar().forEach(report::quote);
            }
        }
    }

    private void show(RunningVnf producer) throws Exception {
        watch.await("a producer", figures -> figures.producerBeats() > 0, PATIENCE);
        report.check(true, "the producer runs as process " + producer.pid() + ", and nobody receives yet");
        withConsumer(consumer -> {
            report.section("live, read from the region", this::showFlow);
            report.section("kill -9 of the consumer at work", () -> kill(consumer));
        });
        report.section("another consumer, which hangs, and kill -9", () -> withConsumer(this::killWhileItHangs));
        report.section("another consumer, to the end", () -> withConsumer(consumer -> finish(producer, consumer)));
    }

    /** Something that is shown with a consumer that runs. */
    private interface Shown {
        void with(RunningVnf consumer) throws Exception;
    }

    private void withConsumer(Shown shown) throws Exception {
        long received = watch.look().progress().packets();
        try (RunningVnf consumer = launcher.launch(PeerVnf.consumer())) {
            OutputLog output = new OutputLog(consumer.standardOutput());
            try {
                watch.await("packets received", figures -> figures.progress().packets() > received, PATIENCE);
                report.check(true, "a consumer runs as process " + consumer.pid() + " and receives");
                news();
                shown.with(consumer);
            } finally {
                output.soFar().forEach(report::quote);
            }
        }
    }

    private void news() {
        watch.news().forEach(event -> report.print("  broadcast: " + event));
    }

    private void showFlow() {
        report.quote(Figures.HEADING);
        for (int i = 0; i < LOOKS; i++) {
            watch.pass(INTERVAL);
            report.quote(watch.look().toString());
        }
    }

    /** Its process is there and keeps its side, so only its heartbeat tells. */
    private void killWhileItHangs(RunningVnf consumer) throws Exception {
        consumer.signal(Signal.STOP);
        long sent = watch.look().sentPackets();
        watch.await("no more packets sent, for want of room", figures -> figures.waitingPackets() > 900, PATIENCE);
        Figures before = watch.look();
        watch.pass(INTERVAL);
        Figures after = watch.look();
        report.quote(Figures.HEADING);
        report.quote(before.toString());
        report.quote(after.toString());
        report.check(after.hasConsumer() && after.consumerBeats() == before.consumerBeats()
                && after.producerBeats() > before.producerBeats(), "the heartbeat of the consumer stands still, that of the"
                + " producer goes on; " + (after.sentPackets() - sent) + " packets were sent until the ring was full");
        kill(consumer);
        report.check(watch.look().recovered() - before.recovered() >= after.waitingPackets(),
                "the packets in the full ring are counted as taken back");
    }

    private void kill(RunningVnf consumer) throws Exception {
        long killed = System.nanoTime();
        consumer.signal(Signal.KILL);
        watch.await("that the consumer is gone", figures -> !figures.hasConsumer(), PATIENCE);
        long micros = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - killed);
        report.check(true, "the region shows that the consumer is gone, " + micros + " us after kill -9");
        int exitCode = exitCode(consumer);
        report.check(exitCode == KILLED, "its exit code is " + exitCode);
        long beats = watch.look().producerBeats();
        // In each of its rounds it looks who is there.
        watch.await("rounds of the producer", figures -> figures.producerBeats() > beats + 2, PATIENCE);
        news();
        report.quote(Figures.HEADING);
        report.quote(watch.look().toString());
    }

    private void finish(RunningVnf producer, RunningVnf consumer) throws Exception {
        watch.pass(INTERVAL);
        producer.signal(Signal.TERM);
        exitCode(producer);
        int exitCode = exitCode(consumer);
        report.check(exitCode == 0, "the producer took SIGTERM; the consumer took the rest and ended with exit code " + exitCode);
        news();
        Figures end = watch.look();
        report.quote(Figures.HEADING);
        report.quote(end.toString());
        count(end);
    }

    private void count(Figures end) {
        Progress progress = end.progress();
        report.check(end.sentMessages() == progress.nextMessage() && progress.lostMessages() == 0,
                "each of " + end.sentMessages() + " messages was handled, and " + progress.repeated()
                        + " came a second time after a kill");
        report.check(end.waitingPackets() == 0 && progress.packets() + end.recovered() >= end.sentPackets(),
                "of " + end.sentPackets() + " packets " + progress.packets() + " were received; " + end.recovered()
                        + " were taken back, and " + (end.sentPackets() - progress.packets()) + " of them had not been received");
    }

    private static int exitCode(RunningVnf vnf) throws InterruptedException, ExecutionException, TimeoutException {
        return vnf.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
}

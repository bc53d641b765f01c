package io.vnfkit.dpdk.measure;

import io.vnfkit.dpdk.ForwardingCore;
import io.vnfkit.dpdk.RunningTask;
import io.vnfkit.dpdk.function.NetworkFunction;
import io.vnfkit.dpdk.function.NetworkFunction.Generator;
import io.vnfkit.dpdk.function.NetworkFunction.Sink;
import io.vnfkit.dpdk.function.Rate;
import io.vnfkit.dpdk.function.Task;
import io.vnfkit.dpdk.statistics.DropReason;
import io.vnfkit.dpdk.statistics.TaskStatistics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A generator and the sinks that take its frames. Frames are counted while none is under way, so that the counters of
 * different lcores belong together. When it is closed, the generator stands and has the rate of its description.
 */
final class TrafficLoad implements Trial, AutoCloseable {

    private static final int CHECKSUM = 4;
    private static final long FOREIGN_ALLOWED = 100;
    private static final long FOREIGN_PER_SECOND = 1000;

    /** Frames that the generator has made and the sinks have taken, of its stream or not, since they were created. */
    private record Counts(long at, long made, long taken, long foreign) {}

    private final RunningTask generator;
    private final Generator frames;
    private final List<RunningTask> sinks;
    private final Timing timing;

    TrafficLoad(ForwardingCore core, String generator, List<String> sinks, Timing timing) {
        this.generator = core.task(generator);
        this.frames = requireKind(this.generator, Generator.class, "generator");
        this.sinks = sinks.stream().map(core::task).toList();
        this.sinks.forEach(sink -> requireKind(sink, Sink.class, "sink"));
        this.timing = timing;
        if (sinks.isEmpty() || frames.limit() != 0) {
            throw new IllegalArgumentException(sinks.isEmpty() ? "at least one sink" : "generator \"" + generator
                    + "\" stops after " + frames.limit() + " packets: describe it without a limit");
        }
        this.generator.stop();
        startOthers(core);
    }

    private static <T extends NetworkFunction> T requireKind(RunningTask task, Class<T> kind, String what) {
        NetworkFunction function = task.description().function();
        if (!kind.isInstance(function)) {
            throw new IllegalArgumentException("task \"" + task.description().name() + "\" is no " + what);
        }
        return kind.cast(function);
    }

    private static void startOthers(ForwardingCore core) {
        List<Task> tasks = new ArrayList<>(core.plan().forwarding().tasks());
        for (int i = tasks.size() - 1; i >= 0; i--) {
            if (!(tasks.get(i).function() instanceof Generator)) {
                core.task(tasks.get(i).name()).start();
            }
        }
    }

    /** Mean length of the frames, with checksum. */
    double frameLength() {
        return frames.templates().stream().mapToInt(template -> template.length() + CHECKSUM).average().orElseThrow();
    }

    boolean isStamped() {
        return frames.templates().stream().allMatch(template -> template.hasStamp());
    }

    @Override
    public TrialResult run(long framesPerSecond) throws InterruptedException {
        generator.setRate(Rate.packetsPerSecond(framesPerSecond));
        if (!timing.warmUp().isZero()) {
            Counts start = counts();
            send(() -> Pause.of(timing.warmUp()));
            drain(start);
        }
        return count(framesPerSecond, () -> Pause.of(timing.duration()));
    }

    /** What happens while frames are sent. */
    interface Work {
        void run() throws InterruptedException;
    }

    /** Sends frames while this runs, and counts all of them. */
    TrialResult count(long framesPerSecond, Work work) throws InterruptedException {
        generator.setRate(Rate.packetsPerSecond(framesPerSecond));
        Counts start = counts();
        Duration sending = send(work);
        Counts end = drain(start);
        long sent = end.made() - start.made();
        long received = end.taken() - start.taken();
        if (received > sent || received < 0) {
            throw new MeasurementException("the sinks took " + received + " frames of " + sent
                    + ": others send to them, so give the stream a number of its own and do not let sinks take any"
                    + " packet; or frames are under way for longer than the drain time of " + timing.drain());
        }
        return new TrialResult(framesPerSecond, sent, received, sending);
    }

    private Duration send(Work work) throws InterruptedException {
        generator.start();
        long start = System.nanoTime();
        try {
            work.run();
        } finally {
            generator.stop();
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** Returns when all frames have arrived, or none for the drain time. */
    private Counts drain(Counts start) throws InterruptedException {
        Counts seen = counts();
        boolean moves = true;
        requireFewForeign(start, seen);
        while (moves) {
            Counts last = seen;
            boolean isComplete = last.taken() - start.taken() >= last.made() - start.made();
            moves = !isComplete && Pause.until(timing.drain(), () -> counts().taken() != last.taken());
            seen = counts();
            requireFewForeign(start, seen);
        }
        return seen;
    }

    private Counts counts() {
        long taken = 0;
        long foreign = 0;
        for (RunningTask sink : sinks) {
            TaskStatistics statistics = sink.statistics();
            foreign += statistics.dropped(DropReason.FOREIGN);
            taken += statistics.received() - statistics.dropped(DropReason.FOREIGN);
        }
        return new Counts(System.nanoTime(), generator.statistics().received(), taken, foreign);
    }

    /**
     * Frames of others are told from those of the stream by two counters. While a burst of them is taken, the two do
     * not belong together; while they are rare, no reading falls into that moment.
     */
    private void requireFewForeign(Counts start, Counts now) {
        long foreign = now.foreign() - start.foreign();
        if (foreign > FOREIGN_ALLOWED + FOREIGN_PER_SECOND * (now.at() - start.at()) / 1_000_000_000) {
            throw new MeasurementException("the sinks took " + foreign + " frames that are none of stream "
                    + frames.stream() + ": give sinks the stream of the generator and inputs of their own");
        }
    }

    @Override
    public void close() {
        generator.stop();
        generator.setRate(frames.rate());
    }
}

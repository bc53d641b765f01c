package io.vnfkit.dpdk.measure;

import io.vnfkit.dpdk.ForwardingCore;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;

/**
 * Throughput after RFC 2544, section 26.1: the highest rate at which all frames of a generator arrive at the sinks, or
 * all but a share.
 *
 * <pre>{@code
 * ThroughputResult result = ThroughputTest.upTo(14_880_952)
 *         .timing(new Timing(Duration.ofSeconds(1), Duration.ofSeconds(60), Duration.ofSeconds(2)))
 *         .onTrial((trial, passed) -> log.info("{} {}", trial, passed))
 *         .measure(core, "generator", List.of("sink"));
 * }</pre>
 *
 * <p>Frames that the generator made and could not hand to its output count as lost: where the output is a ring, the
 * ring is a part of what is measured. What cannot be offered at all shows in
 * {@link ThroughputResult#isLimitedByGenerator}.
 *
 * <p>Immutable and thread-safe; one measurement at a time on a forwarding core.
 *
 * @param highestRate where the search begins, frames per second
 * @param resolution how exact the result is, as a share of the highest rate
 * @param allowedLoss share of frames that may be lost
 * @param timing of each trial
 * @param progress is told each trial and whether it passed, on the thread that measures
 */
public record ThroughputTest(long highestRate, double resolution, double allowedLoss, Timing timing,
        TrialListener progress) {

    private static final double USUAL_RESOLUTION = 0.001;

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if one is exceeded
     */
    public ThroughputTest {
        Objects.requireNonNull(timing, "timing");
        Objects.requireNonNull(progress, "progress");
        if (!(resolution > 0 && resolution <= 1)) {
            throw new IllegalArgumentException("the resolution is a share above 0 and up to 1, not " + resolution);
        }
        search(highestRate, resolution, allowedLoss);
    }

    private static RateSearch search(long highest, double resolution, double allowedLoss) {
        return new RateSearch(highest, Math.max(1, Math.round(highest * resolution)), allowedLoss);
    }

    /**
     * A test without loss, to a thousandth of the highest rate, with {@link Timing#DEFAULT}.
     *
     * @param framesPerSecond the highest rate, see {@link FrameLengths#framesPerSecond}
     * @return the test
     */
    public static ThroughputTest upTo(long framesPerSecond) {
        return new ThroughputTest(framesPerSecond, USUAL_RESOLUTION, 0, Timing.DEFAULT, (trial, passed) -> { });
    }

    /**
     * Sets the resolution.
     *
     * @param share of the highest rate
     * @return the new test
     */
    public ThroughputTest resolution(double share) {
        return new ThroughputTest(highestRate, share, allowedLoss, timing, progress);
    }

    /**
     * Sets the loss that a trial may have and pass.
     *
     * @param share of the frames, such as 0.00001
     * @return the new test
     */
    public ThroughputTest allowedLoss(double share) {
        return new ThroughputTest(highestRate, resolution, share, timing, progress);
    }

    /**
     * Sets the times.
     *
     * @param times of each trial
     * @return the new test
     */
    public ThroughputTest timing(Timing times) {
        return new ThroughputTest(highestRate, resolution, allowedLoss, times, progress);
    }

    /**
     * Sets who is told about each trial.
     *
     * @param listener is called on the thread that measures
     * @return the new test
     */
    public ThroughputTest onTrial(TrialListener listener) {
        return new ThroughputTest(highestRate, resolution, allowedLoss, timing, listener);
    }

    /**
     * Measures. Tasks that stand are started, generators excepted, and go on running. In the end the generator stands
     * and has the rate of its description, also after a failure or interrupt.
     *
     * @param core the forwarding core
     * @param generator name of the task that makes the frames, without a limit
     * @param sinks names of the tasks that take them
     * @return what was found
     * @throws IllegalArgumentException if there are no such tasks
     * @throws MeasurementException if frames of others arrive, more than 1000 per second or counted as the generator's
     * @throws InterruptedException if the thread was interrupted
     */
    public ThroughputResult measure(ForwardingCore core, String generator, List<String> sinks)
            throws InterruptedException {
        try (TrafficLoad load = new TrafficLoad(core, generator, sinks, timing)) {
            RateSearch.Found found = search(highestRate, resolution, allowedLoss).find(load, progress);
            return new ThroughputResult(load.frameLength(), found.best(), found.trials());
        }
    }

    /**
     * Measures with several lengths of frames, each on a forwarding core of its own, since the packets of a generator
     * are part of the description. The highest rate is the same for all.
     *
     * @param frameLengths such as {@link FrameLengths#RFC_2544}
     * @param cores starts a forwarding core for a length; it is closed when that is measured
     * @param generator name of the task that makes the frames
     * @param sinks names of the tasks that take them
     * @return what was found
     * @throws InterruptedException if the thread was interrupted
     */
    public ThroughputReport measureEach(
            List<Integer> frameLengths, IntFunction<ForwardingCore> cores, String generator, List<String> sinks)
            throws InterruptedException {
        List<ThroughputResult> results = new ArrayList<>();
        for (int frameLength : frameLengths) {
            try (ForwardingCore core = cores.apply(frameLength)) {
                results.add(measure(core, generator, sinks));
            }
        }
        return new ThroughputReport(results);
    }
}

package io.vnfkit.dpdk.measure;

import io.vnfkit.dpdk.ForwardingCore;
import io.vnfkit.dpdk.statistics.LatencyStatistics;
import io.vnfkit.dpdk.statistics.StatisticsArea;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Latency under a load, after RFC 2544, section 26.2, but of every frame instead of one in a stream: from the moment in
 * which the generator writes a burst to that in which the sink has it.
 *
 * <p>Frames of the warm-up are sent and counted, but their latency is not. Loss is that of all frames: a latency at a
 * rate that loses frames is that of full queues.
 *
 * <p>Immutable and thread-safe; one measurement at a time on a forwarding core.
 *
 * @param rate frames per second
 * @param timing warm-up, duration and drain
 */
public record LatencyTest(long rate, Timing timing) {

    private static final Duration RESET_PATIENCE = Duration.ofSeconds(5);

    /**
     * Checks the range.
     *
     * @throws IllegalArgumentException if the rate is less than one frame per second
     */
    public LatencyTest {
        Objects.requireNonNull(timing, "timing");
        if (rate < 1) {
            throw new IllegalArgumentException("at least one frame per second, not " + rate);
        }
    }

    /**
     * A test with {@link Timing#DEFAULT}.
     *
     * @param framesPerSecond the load
     * @return the test
     */
    public static LatencyTest at(long framesPerSecond) {
        return new LatencyTest(framesPerSecond, Timing.DEFAULT);
    }

    /**
     * Sets the times.
     *
     * @param times warm-up, duration and drain
     * @return the new test
     */
    public LatencyTest timing(Timing times) {
        return new LatencyTest(rate, times);
    }

    /**
     * Measures. Tasks that stand are started, generators excepted, and go on running. In the end the generator stands
     * and has the rate of its description, also after a failure or interrupt.
     *
     * @param core the forwarding core
     * @param generator name of the task that makes the frames, without a limit
     * @param sinks names of the tasks that take them
     * @return what was measured
     * @throws IllegalArgumentException if there are no such tasks, or the frames are too short for a time stamp
     * @throws MeasurementException if frames of others arrive, or a sink does not poll
     * @throws InterruptedException if the thread was interrupted
     */
    public LatencyResult measure(ForwardingCore core, String generator, List<String> sinks)
            throws InterruptedException {
        StatisticsArea area = core.statisticsArea();
        try (TrafficLoad load = new TrafficLoad(core, generator, sinks, timing)) {
            if (!load.isStamped()) {
                throw new IllegalArgumentException("frames of generator \"" + generator
                        + "\" have no room for a time stamp of 16 bytes behind their headers");
            }
            TrialResult trial = load.count(rate, () -> {
                Pause.of(timing.warmUp());
                reset(area, sinks);
                Pause.of(timing.duration());
            });
            Map<String, LatencyStatistics> all = area.read().latencies();
            Map<String, LatencyStatistics> latencies = new LinkedHashMap<>();
            sinks.forEach(sink -> latencies.put(sink, all.get(sink)));
            return new LatencyResult(load.frameLength(), trial, latencies);
        }
    }

    private static void reset(StatisticsArea area, List<String> sinks) throws InterruptedException {
        sinks.forEach(area::resetLatency);
        for (String sink : sinks) {
            if (!Pause.until(RESET_PATIENCE, () -> area.isLatencyReset(sink))) {
                throw new MeasurementException("sink \"" + sink + "\" has not polled for " + RESET_PATIENCE.toSeconds()
                        + " s: another task or thread has its lcore");
            }
        }
    }
}

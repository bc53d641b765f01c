package io.vnfkit.dpdk.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.dpdk.measure.RateSearch.Found;
import io.vnfkit.testing.Seed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The search, with devices that are a formula. */
class RateSearchTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final TrialListener NOBODY = (result, passed) -> { };

    /** Forwards so many frames per second and loses the rest. */
    private static Trial device(long capacity) {
        return rate -> new TrialResult(rate, rate, Math.min(rate, capacity), SECOND);
    }

    private static long best(RateSearch search, Trial device) throws InterruptedException {
        return search.find(device, NOBODY).best().map(TrialResult::intendedRate).orElse(0L);
    }

    @Test
    void aDeviceAsFastAsTheLinkNeedsOneTrial() throws InterruptedException {
        Found found = new RateSearch(14_880_952, 1000, 0).find(device(14_880_952), NOBODY);
        assertThat(found.trials()).hasSize(1);
        assertThat(found.best()).contains(new TrialResult(14_880_952, 14_880_952, 14_880_952, SECOND));
    }

    @Test
    void anyCapacityIsFoundToTheResolution() throws InterruptedException {
        SplittableRandom random = Seed.random("rate search");
        for (int i = 0; i < 2000; i++) {
            long highest = 1 + random.nextLong(20_000_000);
            long capacity = 1 + random.nextLong(highest);
            long resolution = 1 + random.nextLong(Math.max(1, highest / 50));
            long best = best(new RateSearch(highest, resolution, 0), device(capacity));
            assertThat(best).as(Seed.hint()).isLessThanOrEqualTo(capacity).isGreaterThan(capacity - resolution);
        }
    }

    @Test
    void theNumberOfTrialsIsALogarithm() throws InterruptedException {
        assertThat(new RateSearch(1_000_000, 1000, 0).find(device(123_456), NOBODY).trials()).hasSizeBetween(10, 12);
    }

    @Test
    void aDeviceThatLosesAlwaysHasNoThroughput() throws InterruptedException {
        Found found = new RateSearch(1000, 1, 0).find(rate -> new TrialResult(rate, 100, 99, SECOND), NOBODY);
        assertThat(found.best()).isEmpty();
        assertThat(found.trials().get(found.trials().size() - 1).intendedRate()).isOne();
        assertThat(new ThroughputResult(64, found.best(), found.trials()).framesPerSecond()).isZero();
    }

    @Test
    void aTrialWithoutFramesProvesNothing() throws InterruptedException {
        assertThat(best(new RateSearch(1000, 1, 0.5), rate -> new TrialResult(rate, 0, 0, SECOND))).isZero();
    }

    @Test
    void someLossCanBeAllowed() throws InterruptedException {
        // Above 500 000 it loses a share that grows to 1 % at 600 000.
        Trial device = rate -> {
            double loss = Math.max(0, (rate - 500_000) * 1e-7);
            return new TrialResult(rate, rate, Math.round(rate * (1 - loss)), SECOND);
        };
        assertThat(best(new RateSearch(1_000_000, 100, 0), device)).isBetween(499_900L, 500_010L);
        assertThat(best(new RateSearch(1_000_000, 100, 0.01), device)).isBetween(599_800L, 600_100L);
    }

    @Test
    void aGeneratorThatCannotDoMoreIsSaid() throws InterruptedException {
        Trial slow = rate -> new TrialResult(rate, Math.min(rate, 300_000), Math.min(rate, 300_000), SECOND);
        Found found = new RateSearch(1_000_000, 100, 0).find(slow, NOBODY);
        ThroughputResult result = new ThroughputResult(64, found.best(), found.trials());

        assertThat(result.isLimitedByGenerator()).isTrue();
        assertThat(result.framesPerSecond()).isEqualTo(300_000);
        assertThat(result.toString()).contains("300,000", "all that the generator makes");
        Found other = new RateSearch(200_000, 100, 0).find(slow, NOBODY);
        assertThat(new ThroughputResult(64, other.best(), other.trials()).isLimitedByGenerator()).isFalse();
    }

    @Test
    void theListenerHearsOfEachTrialInItsOrder() throws InterruptedException {
        List<String> heard = new ArrayList<>();
        Found found = new RateSearch(8, 1, 0)
                .find(device(5), (result, passed) -> heard.add(result.intendedRate() + (passed ? "+" : "-")));
        assertThat(heard).containsExactly("8-", "4+", "6-", "5+");
        assertThat(found.trials()).extracting(TrialResult::intendedRate).containsExactly(8L, 4L, 6L, 5L);
    }

    @Test
    void anInterruptEndsTheSearch() {
        assertThatThrownBy(() -> new RateSearch(8, 1, 0).find(rate -> {
            throw new InterruptedException("trial");
        }, NOBODY)).isInstanceOf(InterruptedException.class);
    }

    @Test
    void numbersThatMakeNoSenseAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new RateSearch(0, 1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new RateSearch(1, 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new RateSearch(1, 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new RateSearch(1, 1, Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> ThroughputTest.upTo(0));
        assertThatIllegalArgumentException().isThrownBy(() -> ThroughputTest.upTo(1).resolution(0));
        assertThatIllegalArgumentException().isThrownBy(() -> LatencyTest.at(0));
        assertThatIllegalArgumentException().isThrownBy(() -> new TrialResult(1, 1, 2, SECOND));
        assertThatIllegalArgumentException().isThrownBy(() -> new TrialResult(1, 1, 1, Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> new Timing(SECOND, Duration.ZERO, SECOND));
    }

    @Test
    void aTrialKnowsItsRates() {
        TrialResult result = new TrialResult(1000, 480, 360, Duration.ofMillis(500));
        assertThat(result.lost()).isEqualTo(120);
        assertThat(result.lossRatio()).isEqualTo(0.25);
        assertThat(result.offeredRate()).isEqualTo(960);
        assertThat(result.isGeneratorShort()).isTrue();
        assertThat(new TrialResult(3, 2, 2, SECOND).isGeneratorShort()).as("a frame is no shortfall").isFalse();
        assertThat(result).hasToString(
                "1,000 frames/s for 500 ms: offered 960 frames/s, sent 480, lost 120 (25.0000 %), generator too slow");
    }

    @Test
    void ratesOnTheWireAreThoseOfTheAppendixOfRfc2544() {
        // Maximum frame rates of Ethernet at 10 Mbit/s.
        assertThat(FrameLengths.RFC_2544.stream().map(length -> FrameLengths.framesPerSecond(10_000_000, length)))
                .containsExactly(14880L, 8445L, 4528L, 2349L, 1197L, 961L, 812L);
        assertThat(FrameLengths.framesPerSecond(10_000_000_000L, 64)).isEqualTo(14_880_952);
        assertThat(FrameLengths.bitsPerSecond(1000, 64)).isEqualTo(672_000);
    }

    @Test
    void aReportIsATable() {
        ThroughputResult passed = new ThroughputResult(64,
                List.of(new TrialResult(1000, 1000, 1000, SECOND)).stream().findFirst(), List.of());
        ThroughputResult failed = new ThroughputResult(1518, java.util.Optional.empty(), List.of());
        assertThat(new ThroughputReport(List.of(passed, failed)).toString().lines()).containsExactly(
                "   frame         frames/s       Mbit/s       loss %   trials",
                "      64            1,000          0.7       0.0000        0",
                "    1518                0          0.0     100.0000        0");
    }
}

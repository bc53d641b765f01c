package io.vnfkit.dpdk.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Looks for the highest rate at which not more than a share of the frames is lost: first the highest of all, and if
 * that fails, by bisection.
 *
 * <p>Pure: all it knows comes from the trials. Immutable and thread-safe.
 *
 * @param highest rate to try first, frames per second
 * @param resolution how close the rates that passed and failed are at the end, frames per second
 * @param allowedLoss share of frames that may be lost, 0 for none, below 1
 */
public record RateSearch(long highest, long resolution, double allowedLoss) {

    /**
     * What was found.
     *
     * @param best the trial at the highest rate that passed; empty if none did
     * @param trials all trials, in their order
     */
    public record Found(Optional<TrialResult> best, List<TrialResult> trials) {
        /** Copies the list. */
        public Found {
            trials = List.copyOf(trials);
        }
    }

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if one is exceeded
     */
    public RateSearch {
        if (highest < 1 || resolution < 1) {
            throw new IllegalArgumentException(
                    "a search up to " + highest + " frames per second in steps of " + resolution);
        }
        if (!(allowedLoss >= 0 && allowedLoss < 1)) {
            throw new IllegalArgumentException("the allowed loss is a share from 0 to below 1, not " + allowedLoss);
        }
    }

    /**
     * Tells whether a trial passed.
     *
     * @param result what it counted
     * @return true if frames were sent and not too many of them lost
     */
    public boolean passes(TrialResult result) {
        // Without a frame sent all is lost: such a trial proves nothing.
        return result.lossRatio() <= allowedLoss;
    }

    /**
     * Searches.
     *
     * @param trial is run once for each rate
     * @param progress is told each result and whether it passed
     * @return what was found
     * @throws InterruptedException if a trial was
     */
    public Found find(Trial trial, TrialListener progress) throws InterruptedException {
        List<TrialResult> trials = new ArrayList<>();
        Optional<TrialResult> best = Optional.empty();
        long passed = 0;
        long failed = highest + 1;
        long rate = highest;
        do {
            TrialResult result = trial.run(rate);
            trials.add(result);
            boolean passes = passes(result);
            progress.onTrial(result, passes);
            if (passes) {
                best = Optional.of(result);
                passed = rate;
            } else {
                failed = rate;
            }
            rate = passed + (failed - passed) / 2;
        } while (failed - passed > resolution);
        return new Found(best, trials);
    }
}

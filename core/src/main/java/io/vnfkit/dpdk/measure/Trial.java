package io.vnfkit.dpdk.measure;

/** Offers frames at a rate for a while, and counts what comes back. */
@FunctionalInterface
public interface Trial {

    /**
     * Runs once.
     *
     * @param framesPerSecond the rate, at least 1
     * @return what was counted
     * @throws InterruptedException if the thread was interrupted; no frames are sent any more
     */
    TrialResult run(long framesPerSecond) throws InterruptedException;
}

package io.vnfkit.dpdk.statistics;

import java.time.Duration;

/**
 * What an lcore does.
 *
 * @param lcore its number
 * @param isRunning whether it polls
 * @param tasks how many tasks it runs
 * @param iterations how often it went through them
 * @param longestGap the longest time between two iterations since the last reset: how long packets waited at worst
 *     because the lcore did something else. Zero unless the description asks for gaps to be measured
 */
public record LcoreStatistics(int lcore, boolean isRunning, int tasks, long iterations, Duration longestGap) {}

package io.vnfkit.examples.benchmark;

/**
 * One launch, in nanoseconds from the call that started it.
 *
 * @param firstInstruction until the first instruction of the VNF, by the VNF's own reading of the monotonic clock
 * @param arrived until the caller had read what the VNF wrote
 * @param takenDown how long it took afterwards until the VNF had ended and nothing of it was left
 */
record LaunchTiming(long firstInstruction, long arrived, long takenDown) {}

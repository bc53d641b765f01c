package io.vnfkit.examples.benchmark.forwarding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.vnfkit.examples.benchmark.forwarding.InstructionCounter.Reading;
import org.junit.jupiter.api.Test;

class InstructionCounterTest {

    @Test
    void readsWhatPerfCounted() {
        assertThat(Reading.parse("1234567890,,instructions:u,200123456,100.00,3.21,insn per cycle\n"))
                .contains(new Reading(1_234_567_890, 200_123_456));
    }

    @Test
    void passesOverWhatPerfSaysBesides() {
        assertThat(Reading.parse("WARNING: no such thing\n\n0.52,msec,task-clock,524818,100.00,0.450,CPUs utilized\n"
                + "42,,instructions:u,1000,100.00,,\n")).contains(new Reading(42, 1000));
    }

    @Test
    void findsNothingWhereTheMachineHasNoCounter() {
        assertThat(Reading.parse("<not supported>,,instructions:u,0,100.00,,\n")).isEmpty();
    }

    @Test
    void findsNothingWhereTheThreadDidNotRun() {
        assertThat(Reading.parse("<not counted>,,instructions:u,0,100.00,,\n")).isEmpty();
        assertThat(Reading.parse("0,,instructions:u,0,100.00,,\n")).isEmpty();
    }

    @Test
    void findsNothingWherePerfRefuses() {
        assertThat(Reading.parse("Error:\nAccess to performance monitoring and observability operations is limited.\n"))
                .isEmpty();
    }

    @Test
    void dividesByThePacketsOfTheSameTime() {
        // 10 instructions in each nanosecond, and a packet every 4.
        assertThat(new Reading(2_000_000_000, 200_000_000).perPacket(250)).isCloseTo(40, within(1e-9));
    }
}

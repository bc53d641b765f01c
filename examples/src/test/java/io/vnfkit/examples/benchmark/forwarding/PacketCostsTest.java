package io.vnfkit.examples.benchmark.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.examples.benchmark.Distribution.Summary;
import org.junit.jupiter.api.Test;

class PacketCostsTest {

    private static final PacketCosts COSTS = new PacketCosts(2_600_000_000L, null);

    @Test
    void theHighestRateIsTheLowestCost() {
        assertThat(COSTS.cycles(new Summary(9, 100, 125, 130, 200, 260), 1))
                .isEqualTo(new Summary(9, 10, 13, 20, 20.8, 26));
    }

    @Test
    void countsTheCyclesOfAllLcores() {
        assertThat(COSTS.cycles(new Summary(1, 260, 260, 260, 260, 260), 2))
                .isEqualTo(new Summary(1, 20, 20, 20, 20, 20));
    }
}

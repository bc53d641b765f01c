package io.vnfkit.examples.benchmark.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PlacementTest {

    private static final Placement TWO_CPUS = new Placement(0, 1, 0);

    @Test
    void oneLcoreForwardsBesideTheMainOne() {
        assertThat(TWO_CPUS.ealArguments("x", 1)).startsWith("--lcores", "0@0,1@1");
    }

    @Test
    void aSecondLcoreForwardsOnTheSecondCpu() {
        assertThat(TWO_CPUS.ealArguments("x", 2)).startsWith("--lcores", "0@0,1@1,2@0");
        assertThat(new Placement(3, 5, 7).ealArguments("x", 2)).startsWith("--lcores", "0@3,1@5,2@7");
    }

    @Test
    void trafficStaysAwayFromTheForwardingCpu() {
        assertThat(new Placement(3, 5, 7).ealArgumentsOfTraffic("x")).startsWith("--lcores", "0@3,1@7");
    }

    @Test
    void saysWhetherTheSecondCpuIsShared() {
        assertThat(TWO_CPUS.ofSecondCpu()).contains("CPU 0", "shares");
        assertThat(new Placement(0, 1, 2).ofSecondCpu()).isEqualTo("on CPU 2, which it has for itself");
    }
}

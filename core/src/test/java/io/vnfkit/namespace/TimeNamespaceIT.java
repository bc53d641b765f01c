package io.vnfkit.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.LaunchException;
import io.vnfkit.RunningVnf;
import io.vnfkit.Vnf;
import io.vnfkit.linux.Errno;
import io.vnfkit.testing.InsideVnf;
import io.vnfkit.testing.LaunchesVnfs;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Clocks of a VNF that run ahead of the host's. */
@LaunchesVnfs
class TimeNamespaceIT {

    private static final String CLOCKS = "/usr/bin/python3 -c 'import time; "
            + "print(int(time.clock_gettime(time.CLOCK_MONOTONIC)));"
            + " print(int(time.clock_gettime(time.CLOCK_BOOTTIME))); print(int(time.time()))'";

    private static Vnf.Builder ahead(Duration monotonic, Duration boottime) {
        return InsideVnf.vnf().namespaces(ns -> ns.timeOffsets(new TimeOffsets(monotonic, boottime)));
    }

    private static List<Long> clocks(List<String> lines) {
        return lines.stream().map(Long::valueOf).toList();
    }

    @Test
    void offsetsShiftTheMonotonicClocksAndNotTheWallClock() {
        List<Long> plain = clocks(InsideVnf.run(InsideVnf.vnf(), CLOCKS).lines());
        List<Long> shifted = clocks(InsideVnf.run(ahead(Duration.ofDays(2).plusMillis(1500), Duration.ofDays(7)),
                CLOCKS).lines());

        assertThat(shifted.get(0) - plain.get(0)).isBetween(172801L, 172801L + 60);
        assertThat(shifted.get(1) - plain.get(1)).isBetween(604800L, 604800L + 60);
        assertThat(shifted.get(2) - plain.get(2)).isBetween(0L, 60L);
    }

    @Test
    void offsetsHoldInAUserNamespaceAndForFurtherCommands() {
        List<Long> plain = clocks(InsideVnf.run(InsideVnf.vnf(), CLOCKS).lines());
        Vnf.Builder vnf = ahead(Duration.ofDays(1), Duration.ZERO).namespaces(ns -> ns.mapIds(0, 100000, 65536));

        try (RunningVnf running = InsideVnf.hold(vnf)) {
            List<Long> shifted = clocks(InsideVnf.exec(running, CLOCKS).lines());
            assertThat(shifted.get(0) - plain.get(0)).isBetween(86400L, 86400L + 60);
        }
    }

    @Test
    void aClockBeforeItsStartIsRefusedByTheKernelWithTheStep() {
        assertThatThrownBy(() -> InsideVnf.run(ahead(Duration.ofDays(-36500), Duration.ZERO), "true"))
                .isInstanceOfSatisfying(LaunchException.class, failure -> {
                    assertThat(failure.errno()).contains(Errno.ERANGE);
                    assertThat(failure).hasMessageContaining("new time namespace");
                });
    }
}

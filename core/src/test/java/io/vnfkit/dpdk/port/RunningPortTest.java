package io.vnfkit.dpdk.port;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.dpdk.binding.RecordingForwarder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunningPortTest {

    private final RecordingForwarder record = new RecordingForwarder();
    private final RunningPort port =
            new RunningPort(record.forwarder(), Port.of("nic", new Device.Null(0, 64, false)), 0);

    @Test
    void countersThatADriverAddsBetweenTwoCallsAreAskedForAnew() {
        List<List<String>> driver = List.of(List.of("a"), List.of("a", "b"), List.of("a", "b", "c"),
                List.of("a", "b", "c"));
        int[] calls = {0};
        record.answer("portExtendedStatistics", arguments -> {
            List<String> names = driver.get(calls[0]++);
            int capacity = (int) arguments[2];
            if (names.size() <= capacity) {
                fill((ByteBuffer) arguments[1], names);
            }
            return names.size();
        });

        Map<String, Long> counters = port.extendedStatistics();

        assertThat(counters).containsExactly(Map.entry("a", 1L), Map.entry("b", 2L), Map.entry("c", 3L));
        assertThat(calls[0]).isEqualTo(4);
    }

    @Test
    void aDriverWithoutCountersHasNone() {
        record.answer("portExtendedStatistics", arguments -> 0);

        assertThat(port.extendedStatistics()).isEmpty();
    }

    private static void fill(ByteBuffer buffer, List<String> names) {
        for (int i = 0; i < names.size(); i++) {
            buffer.put(72 * i, names.get(i).getBytes(StandardCharsets.US_ASCII));
            buffer.putLong(72 * i + 64, i + 1);
        }
    }
}

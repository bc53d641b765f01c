package io.vnfkit.examples.forwarder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.dpdk.statistics.StatisticsArea;
import io.vnfkit.dpdk.table.IpPrefix;
import io.vnfkit.dpdk.table.NextHop;
import io.vnfkit.unit.MacAddress;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Both sides of the control socket and of the statistics file, without a forwarder behind. */
@Timeout(20)
class ControlServerTest {

    private static final IpPrefix PREFIX = IpPrefix.parse("192.0.2.0/24");
    private static final NextHop NEXT_HOP =
            NextHop.via(1, MacAddress.parse("02:00:00:00:00:01"), MacAddress.parse("02:00:00:00:00:02"));

    @TempDir
    Path directory;

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private ControlServer server;
    private CompletableFuture<Void> end;

    @BeforeEach
    void serve() throws IOException {
        server = new ControlServer(directory.resolve("control"), this::answer);
        end = CompletableFuture.runAsync(() -> {
            try {
                server.serve();
            } catch (IOException failure) {
                throw new AssertionError(failure);
            }
        });
    }

    @AfterEach
    void close() throws Exception {
        server.close();
        end.get(10, TimeUnit.SECONDS);
    }

    private List<String> answer(ControlRequest request) {
        asked.add(request.toString());
        if (request instanceof ControlRequest.ListAll) {
            return List.of(new Route(PREFIX, NEXT_HOP).toString(), ControlServer.OK);
        }
        if (request instanceof ControlRequest.Remove) {
            throw new IllegalStateException("the table\nis full");
        }
        return List.of(ControlServer.OK);
    }

    private ForwarderControl connect(StatisticsArea[] area) throws IOException {
        Path statistics = directory.resolve("statistics");
        area[0] = StatisticsArea.inFile(statistics, List.of(VnfFunction.L3Forward.TASK), List.of(0), List.of(), 1_000_000_000);
        return ForwarderControl.connect(statistics, directory.resolve("control"));
    }

    @Test
    void requestsAreAnsweredInTurn() throws IOException {
        try (ForwarderControl control = connect(new StatisticsArea[1])) {
            control.put(PREFIX, NEXT_HOP);
            assertThat(control.routes()).containsExactly(java.util.Map.entry(PREFIX, NEXT_HOP));
            assertThatThrownBy(() -> control.remove(PREFIX))
                    .isInstanceOf(IOException.class).hasMessage("remove 192.0.2.0/24: the table is full");
            assertThat(control.routes()).hasSize(1);
        }
        assertThat(asked).first().isEqualTo("put 192.0.2.0/24 1 02:00:00:00:00:01 02:00:00:00:00:02");
    }

    @Test
    void theNextManagerIsServedAfterTheLast() throws IOException {
        for (int manager = 0; manager < 3; manager++) {
            try (ForwarderControl control = connect(new StatisticsArea[1])) {
                assertThat(control.routes()).hasSize(1);
            }
        }
    }

    @Test
    void countersAreReadWithoutAsking() throws IOException {
        StatisticsArea[] area = new StatisticsArea[1];
        try (ForwarderControl control = connect(area)) {
            area[0].ofTask(VnfFunction.L3Forward.TASK).order(ByteOrder.nativeOrder()).putLong(0, 42);

            assertThat(control.statistics().task(VnfFunction.L3Forward.TASK).received()).isEqualTo(42);
        }
        assertThat(asked).isEmpty();
    }

    @Test
    void closingEndsTheConversationAndRemovesTheSocket() throws IOException {
        try (ForwarderControl control = connect(new StatisticsArea[1])) {
            control.routes();
            server.close();

            assertThatThrownBy(control::routes).isInstanceOf(IOException.class);
        }
        assertThat(Files.exists(directory.resolve("control"))).isFalse();
    }
}

package io.vnfkit.examples.benchmark.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.dpdk.Forwarding;
import io.vnfkit.dpdk.function.Endpoint;
import io.vnfkit.dpdk.function.Task;
import io.vnfkit.ivshmem.Region;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SceneTest {

    private static Scene scene(Scene.Kind kind) {
        return Scene.of(kind).burst(8).entries(3, "/run/x:y");
    }

    private static List<Endpoint> all(Collection<Task> tasks, Function<Task, List<Endpoint>> ends) {
        return tasks.stream().map(ends).flatMap(List::stream).toList();
    }

    @ParameterizedTest
    @EnumSource
    void comesBackFromItsText(Scene.Kind kind) {
        assertThat(Scene.parse(scene(kind).toString())).isEqualTo(scene(kind));
    }

    @ParameterizedTest
    @EnumSource(names = {"REGION", "REGION_TRAFFIC"}, mode = EnumSource.Mode.EXCLUDE)
    void pollsEachQueueWithOneTaskOnAsManyLcoresAsItSays(Scene.Kind kind) {
        Forwarding forwarding = new SceneForwarding(scene(kind)).describe();
        List<Task> tasks = new SceneForwarding(scene(kind)).measured();
        List<Endpoint> queues = forwarding.ports().stream().flatMap(port -> Stream.iterate(0, queue -> queue + 1)
                .limit(port.receiveQueues()).map(queue -> Endpoint.port(port.name(), queue))).toList();

        assertThat(all(tasks, Task::inputs)).containsExactlyInAnyOrderElementsOf(queues);
        assertThat(all(tasks, Task::outputs)).containsExactlyInAnyOrderElementsOf(queues);
        assertThat(tasks.stream().mapToInt(Task::lcore).distinct()).hasSize(scene(kind).lcores()).doesNotContain(0);
        assertThat(forwarding.tasks()).containsAll(tasks);
    }

    @Test
    void bothEndsOfAMemifLinkFitTogether() {
        List<String> forwarder = parameters(Scene.Kind.MEMIF);
        List<String> traffic = parameters(Scene.Kind.TRAFFIC);

        assertThat(forwarder).allMatch(text -> text.startsWith("role=server,"));
        assertThat(traffic).isEqualTo(forwarder.stream().map(text -> text.replace("server", "client")).toList());
        assertThat(traffic).doesNotHaveDuplicates();
    }

    @Test
    void whatOneEndOfARegionSendsTheOtherReceives() {
        try (Region region = SceneRegion.makeOnOrdinaryPages();
                SceneForwarding forwarder = over(region, Scene.Kind.REGION);
                SceneForwarding traffic = over(region, Scene.Kind.REGION_TRAFFIC)) {
            assertThat(all(traffic.measured(), Task::outputs)).hasSize(2)
                    .isEqualTo(all(forwarder.measured(), Task::inputs));
            assertThat(all(forwarder.measured(), Task::outputs)).hasSize(2)
                    .isEqualTo(all(traffic.measured(), Task::inputs));
            assertThat(forwarder.describe().tasks()).isEqualTo(forwarder.measured());
            assertThat(forwarder.describe().channels()).hasSize(4).hasSameSizeAs(traffic.describe().channels());
        }
    }

    private static SceneForwarding over(Region region, Scene.Kind kind) {
        return new SceneForwarding(Scene.of(kind).file(region.file()));
    }

    private static List<String> parameters(Scene.Kind kind) {
        return new SceneForwarding(scene(kind)).describe().ports().stream()
                .map(port -> port.device().parameters()).toList();
    }
}

package io.vnfkit.examples.forwarder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.dpdk.Forwarding;
import io.vnfkit.dpdk.function.Endpoint;
import io.vnfkit.dpdk.function.MacRule;
import io.vnfkit.dpdk.function.NetworkFunction;
import io.vnfkit.dpdk.function.NetworkFunction.LoadBalancer;
import io.vnfkit.dpdk.function.Task;
import io.vnfkit.examples.forwarder.VnfFunction.Bng;
import io.vnfkit.unit.MacAddress;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VnfFunctionTest {

    private static final Bng BNG = new Bng(2, 100, 100, Optional.of(Ipv4Text.parse("192.0.2.1")));

    private static MacAddress mac(int number) {
        return MacAddress.parse("02:00:00:00:00:0" + number);
    }

    private static List<Link> links(int count) {
        return IntStream.range(0, count).mapToObj(i -> new Link(i, "eth" + i, mac(i))).toList();
    }

    private static Task task(Forwarding forwarding, String name) {
        return forwarding.tasks().stream().filter(task -> task.name().equals(name)).findFirst().orElseThrow();
    }

    @Test
    void noneConnectsTheInterfacesOfEachPair() {
        Task task = task(new VnfFunction.None().describe(links(4), List.of(0, 1)), VnfFunction.None.TASK);

        assertThat(task.inputs()).extracting(Endpoint::toString).containsExactly("port eth0 queue 0", "port eth1 queue 0",
                "port eth2 queue 0", "port eth3 queue 0");
        assertThat(task.outputs()).extracting(Endpoint::toString).containsExactly("port eth1 queue 0",
                "port eth0 queue 0", "port eth3 queue 0", "port eth2 queue 0");
        assertThat(task.lcore()).isEqualTo(1);
    }

    @Test
    void l2fwdTakesTheAddressesOfTheInterfaceThatPacketsLeaveBy() {
        Forwarding forwarding = new VnfFunction.L2Forward(List.of(mac(8), mac(9))).describe(links(2), List.of(0));

        assertThat(task(forwarding, VnfFunction.L2Forward.task("eth0")).function())
                .isEqualTo(new NetworkFunction.L2Forward(new MacRule.Set(mac(1)), new MacRule.Set(mac(9))));
        assertThat(task(forwarding, VnfFunction.L2Forward.task("eth1")).function())
                .isEqualTo(new NetworkFunction.L2Forward(new MacRule.Set(mac(0)), new MacRule.Set(mac(8))));
    }

    @Test
    void wrongNumbersOfInterfacesAndNeighboursAreRefused() {
        assertThatThrownBy(() -> new VnfFunction.None().describe(links(3), List.of(0)))
                .hasMessage("interfaces come in pairs, and there are 3");
        assertThatThrownBy(() -> new VnfFunction.L2Forward(List.of(mac(8))).describe(links(2), List.of(0)))
                .hasMessage("2 interfaces have as many neighbours, not 1");
        assertThatThrownBy(() -> BNG.describe(links(1), List.of(0))).hasMessageContaining("has two interfaces");
        assertThatThrownBy(() -> new Bng(0, 1, 1, Optional.empty())).hasMessage("1 to 7 workers, not 0");
        assertThatThrownBy(() -> new Bng(8, 1, 1, Optional.empty())).hasMessage("1 to 7 workers, not 8");
    }

    @ParameterizedTest
    @CsvSource({"1, 0, 0, 1", "2, 1, 1, 1", "3, 1, 2, 2", "8, 1, 2, 2"})
    void workersOfABngTakeTurnsOnTheLcoresBesideTheMainOne(int lcores, int first, int second, int queues) {
        Forwarding forwarding = BNG.describe(links(2), IntStream.range(0, lcores).boxed().toList());

        assertThat(task(forwarding, Bng.ACCESS_BALANCER).lcore()).isZero();
        assertThat(task(forwarding, Bng.CORE_BALANCER).lcore()).isZero();
        assertThat(task(forwarding, Bng.upstream(0)).lcore()).isEqualTo(first);
        assertThat(task(forwarding, Bng.downstream(0)).lcore()).isEqualTo(first);
        assertThat(task(forwarding, Bng.upstream(1)).lcore()).isEqualTo(second);
        assertThat(task(forwarding, Bng.downstream(1)).lcore()).isEqualTo(second);
        assertThat(forwarding.ports()).allMatch(port -> port.receiveQueues() == queues && port.transmitQueues() == queues);
        assertThat(task(forwarding, Bng.ACCESS_BALANCER).inputs()).as("no queue is left unread").hasSize(queues);
    }

    /** The queues of ports are not made for several lcores. */
    @Test
    void noTransmitQueueOfABngServesTwoLcores() {
        Bng many = new Bng(7, 100, 100, Optional.empty());
        for (int lcores = 1; lcores < 10; lcores++) {
            Map<Endpoint, Set<Integer>> users = many.describe(links(2), IntStream.range(0, lcores).boxed().toList())
                    .tasks().stream().filter(task -> !(task.function() instanceof LoadBalancer))
                    .collect(Collectors.groupingBy(task -> task.outputs().get(0),
                            Collectors.mapping(Task::lcore, Collectors.toSet())));

            assertThat(users.values()).as(lcores + " lcores").allMatch(ofQueue -> ofQueue.size() == 1);
            assertThat(users.values().stream().distinct()).hasSize(Math.max(1, Math.min(7, lcores - 1)));
        }
    }

    @Test
    void eachWorkerOfABngHasTheRingOfItsName() {
        Forwarding forwarding = BNG.describe(links(2), List.of(0, 1));

        assertThat(task(forwarding, Bng.ACCESS_BALANCER).outputs()).extracting(Endpoint::toString)
                .containsExactly("ring upstream-0", "ring upstream-1");
        assertThat(task(forwarding, Bng.CORE_BALANCER).outputs()).extracting(Endpoint::toString)
                .containsExactly("ring downstream-0", "ring downstream-1");
        assertThat(forwarding.tasks().stream().filter(task -> !(task.function() instanceof LoadBalancer))
                .map(Task::inputs).flatMap(Collection::stream).map(Endpoint::toString))
                .containsExactlyInAnyOrder("ring upstream-0", "ring upstream-1", "ring downstream-0", "ring downstream-1");
    }

    @Test
    void wordsNameTheFunctionAndItsOptions() {
        assertThat(new VnfFunction.None().words()).containsExactly("none");
        assertThat(new VnfFunction.L2Forward(List.of(mac(1), mac(2))).words()).containsExactly("l2fwd",
                "--neighbour", "02:00:00:00:00:01", "--neighbour", "02:00:00:00:00:02");
        assertThat(new VnfFunction.L3Forward().words()).containsExactly("l3fwd", "--routes", "1000");
        assertThat(BNG.words()).containsExactly("bng", "--workers", "2", "--subscribers", "100", "--routes", "100",
                "--tunnel-end", "192.0.2.1");
    }
}

package io.vnfkit.dpdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.Problem;
import io.vnfkit.dpdk.function.Endpoint;
import io.vnfkit.dpdk.function.MacRule;
import io.vnfkit.dpdk.function.NetworkFunction;
import io.vnfkit.dpdk.function.NetworkFunction.BngDownstream;
import io.vnfkit.dpdk.function.NetworkFunction.BngUpstream;
import io.vnfkit.dpdk.function.NetworkFunction.Generator;
import io.vnfkit.dpdk.function.NetworkFunction.L2Forward;
import io.vnfkit.dpdk.function.NetworkFunction.L3Forward;
import io.vnfkit.dpdk.function.NetworkFunction.None;
import io.vnfkit.dpdk.function.NetworkFunction.Sink;
import io.vnfkit.dpdk.function.PacketTemplate;
import io.vnfkit.dpdk.function.Rate;
import io.vnfkit.dpdk.function.Task;
import io.vnfkit.dpdk.port.Device;
import io.vnfkit.dpdk.port.Port;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.NodeSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ForwardingCheckTest {

    private static final EalResources PLENTY = new EalResources(Map.of(0, 0, 1, 0, 2, 0, 3, 1),
            Map.of(0, Bytes.gibibytes(4), 1, Bytes.gibibytes(4)));
    private static final Port WEST = Port.of("west", new Device.Null(0, 64, false));
    private static final Port EAST = Port.of("east", new Device.Null(1, 64, false));

    private static List<String> problems(Forwarding forwarding) {
        return problems(forwarding, PLENTY);
    }

    private static List<String> problems(Forwarding forwarding, EalResources resources) {
        return ForwardingCheck.problems(forwarding, resources).stream().map(Problem::toString).toList();
    }

    private static Task none(String name, String from, String to) {
        return Task.of(name, new None()).from(Endpoint.port(from)).to(Endpoint.port(to));
    }

    private static Task generator(int length) {
        return Task.of("generator", Generator.of(PacketTemplate.raw(new byte[14], length), Rate.unlimited()));
    }

    private static void assertOnlyProblem(Forwarding forwarding, String... parts) {
        List<String> problems = problems(forwarding);
        assertThat(problems).hasSize(1);
        assertThat(problems.get(0)).contains(parts);
    }

    @Test
    void aSoundDescriptionHasNoProblem() {
        Forwarding forwarding = Forwarding.of(WEST, EAST).ring("between", 64)
                .task(Task.of("in", new None()).from(Endpoint.port("west")).to(Endpoint.ring("between")).on(0))
                .task(Task.of("out", new None()).from(Endpoint.ring("between")).to(Endpoint.port("east")).on(3));

        assertThat(problems(forwarding)).isEmpty();
        assertThat(ForwardingPlan.of(forwarding, PLENTY).nodes()).containsExactly(0, 1);
        assertThat(ForwardingPlan.of(forwarding, PLENTY).toString()).contains("mempool of", "on node 1",
                "port \"west\" on net_null0", "ring \"between\" of 64", "task \"out\" on lcore 3");
    }

    @Test
    void everythingThatIsWrongIsSaidAtOnce() {
        Forwarding forwarding = Forwarding.of(WEST).task(none("one", "north", "west").on(7))
                .task(none("two", "west", "south").on(7));

        assertThatThrownBy(() -> ForwardingPlan.of(forwarding, PLENTY))
                .isInstanceOfSatisfying(InvalidForwardingException.class,
                        failure -> assertThat(failure.problems()).hasSize(5))
                .hasMessageContaining("5 problem(s)");
    }

    @Test
    void namesAreGivenOnce() {
        assertOnlyProblem(Forwarding.of(WEST, Port.of("west", new Device.Null(2, 64, false))), "\"west\"", "twice");
        assertOnlyProblem(Forwarding.of(WEST, Port.of("other", new Device.Null(0, 64, false))),
                "device", "\"net_null0\"");
        assertOnlyProblem(Forwarding.of().routes(RouteTable.ipv4("fib", 1)).routes(RouteTable.ipv6("fib", 1)), "routes");
        assertOnlyProblem(Forwarding.of().subscribers("s", 1).subscribers("s", 1), "subscribers");
        Task task = Task.of("t", new None()).from(Endpoint.ring("r")).to(Endpoint.ring("r")).sharing();
        assertOnlyProblem(Forwarding.of().ring("r", 1).task(task).task(task.to(Endpoint.ring("r"))), "task", "\"t\"");
        assertOnlyProblem(Forwarding.of().ring("r", 1).ring("r", 1).task(task), "ring", "\"r\"");
    }

    @Test
    void unknownPortsAndRingsAreNamedWithTheKnownOnes() {
        assertOnlyProblem(Forwarding.of(WEST).task(none("t", "north", "west")), "task t", "\"north\"", "west");
        assertOnlyProblem(Forwarding.of(WEST).task(none("t", "west", "north")), "\"north\"");
        assertOnlyProblem(Forwarding.of(WEST).ring("a", 1)
                .task(Task.of("t", new None()).from(Endpoint.ring("a")).to(Endpoint.ring("b"))), "no ring b", "[a]");
    }

    @Test
    void queuesAreThoseOfThePort() {
        Task two = Task.of("t", new None()).from(Endpoint.port("west", 2)).to(Endpoint.port("west", 0));
        assertOnlyProblem(Forwarding.of(WEST.queues(2, 1)).task(two), "queue 2 as input", "2 of that kind");
        assertThat(problems(Forwarding.of(WEST.queues(3, 1)).task(two))).isEmpty();
        Task output = Task.of("t", new None()).from(Endpoint.port("west", 0)).to(Endpoint.port("west", 1));
        assertOnlyProblem(Forwarding.of(WEST.queues(2, 1)).task(output), "queue 1 as output", "1 of that kind");
    }

    @Test
    void aQueueHasOneTaskAndARingMayHaveSeveral() {
        assertOnlyProblem(Forwarding.of(WEST, EAST).task(none("a", "west", "east").on(0))
                .task(Task.of("b", new Sink(0, true)).from(Endpoint.port("west")).on(1)), "input of task \"a\"");
        assertOnlyProblem(Forwarding.of(WEST, EAST).task(none("a", "west", "east").on(0))
                .task(none("b", "east", "east").on(1)), "output of task \"a\"");
        assertThat(problems(Forwarding.of().ring("r", 8)
                .task(Task.of("a", new None()).from(Endpoint.ring("r")).to(Endpoint.ring("r")).on(0))
                .task(Task.of("b", new None()).from(Endpoint.ring("r")).to(Endpoint.ring("r")).on(1)))).isEmpty();
    }

    @Test
    void anLcoreHasOneTaskUnlessAllOfThemShareIt() {
        Forwarding ports = Forwarding.of(WEST, EAST);
        Task first = none("a", "west", "east");
        Task second = none("b", "east", "west");
        assertOnlyProblem(ports.task(first).task(second), "lcore 0", "\"a\"", "sharing()");
        assertOnlyProblem(ports.task(first.sharing()).task(second), "lcore 0");
        assertThat(problems(ports.task(first.sharing()).task(second.sharing()))).isEmpty();
        assertOnlyProblem(Forwarding.of(WEST).task(none("a", "west", "west").on(4)), "no lcore 4", "[0, 1, 2, 3]");
    }

    @Test
    void moreTasksThanAnLcoreRunsAreRefused() {
        Forwarding forwarding = Forwarding.of().ring("r", 8);
        for (int i = 0; i < 16; i++) {
            forwarding = forwarding.task(
                    Task.of("t" + i, new None()).from(Endpoint.ring("r")).to(Endpoint.ring("r")).sharing());
        }
        assertThat(problems(forwarding)).isEmpty();
        assertOnlyProblem(forwarding.task(
                Task.of("one more", new None()).from(Endpoint.ring("r")).to(Endpoint.ring("r")).sharing()),
                "lcore 0", "17 tasks", "16");
    }

    @Test
    void eachFunctionHasTheEndsThatItNeeds() {
        Forwarding ring = Forwarding.of().ring("r", 8);
        Task takes = Task.of("takes", new Sink(0, true)).from(Endpoint.ring("r")).on(1);
        assertOnlyProblem(ring.task(generator(60).from(Endpoint.ring("r")).to(Endpoint.ring("r"))), "no inputs");
        assertOnlyProblem(ring.task(takes).task(generator(60)), "no outputs");
        assertOnlyProblem(ring.task(takes.to(Endpoint.ring("r"))), "a sink has no outputs");
        assertOnlyProblem(ring.task(takes).task(Task.of("t", new Sink(0, true))), "it has no inputs");
    }

    @Test
    void aPairedFunctionHasOneOutputOrAsManyAsInputs() {
        Forwarding rings = Forwarding.of().ring("a", 8).ring("b", 8).ring("c", 8);
        NetworkFunction l2 = new L2Forward(new MacRule.Keep(), new MacRule.Keep());
        for (NetworkFunction function : List.of(new None(), l2)) {
            Task task = Task.of("t", function).from(Endpoint.ring("a"), Endpoint.ring("b"), Endpoint.ring("c"));
            assertThat(problems(rings.task(task.to(Endpoint.ring("a"))))).isEmpty();
            assertOnlyProblem(rings.task(task.to(Endpoint.ring("a"), Endpoint.ring("b"))), "3 inputs and 2 outputs");
            assertThat(problems(rings.task(task.to(Endpoint.ring("a"), Endpoint.ring("b"), Endpoint.ring("c"))))).isEmpty();
        }
    }

    @Test
    void tablesAreDescribedUnderTheirNameAndFamily() {
        Forwarding ring = Forwarding.of().ring("r", 8).routes(RouteTable.ipv4("four", 10));
        NetworkFunction both = new L3Forward(Optional.of("four"), Optional.of("four"), true);
        assertOnlyProblem(ring.task(onRing(both)), "no table \"four\" of IPv6 routes", "RouteTable.ipv6");
        assertThat(problems(ring.task(onRing(new BngUpstream("s", "six", true))))).hasSize(2);
        assertOnlyProblem(ring.task(onRing(new BngDownstream("s", Optional.empty(), 0x8100, true))),
                "no table \"s\" of subscribers");
        assertThat(problems(ring.subscribers("s", 1).task(onRing(new BngUpstream("s", "four", true))))).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new L3Forward(Optional.empty(), Optional.empty(), true));
    }

    private static Task onRing(NetworkFunction function) {
        return Task.of("t", function).from(Endpoint.ring("r")).to(Endpoint.ring("r"));
    }

    @Test
    void packetsOfAGeneratorFitIntoAnMbuf() {
        Forwarding forwarding = Forwarding.of(WEST).pool(new Forwarding.Pool(1000, 0, 128));
        assertThat(problems(forwarding.task(generator(128).to(Endpoint.port("west"))))).isEmpty();
        assertOnlyProblem(forwarding.task(generator(129).to(Endpoint.port("west"))), "129 bytes", "room for 128");
    }

    @Test
    void aRingThatNobodyEmptiesIsNoticed() {
        assertOnlyProblem(Forwarding.of(WEST).ring("r", 8)
                .task(Task.of("t", new None()).from(Endpoint.port("west")).to(Endpoint.ring("r"))), "ring r", "no task");
    }

    @Test
    void memoryThatDoesNotFitIsSaidWithTheNumberOfPages() {
        Forwarding forwarding = Forwarding.of(WEST).task(none("t", "west", "west").on(3))
                .pool(new Forwarding.Pool(8191, 256, 2048));
        Bytes needed = MemoryNeeds.poolBytes(forwarding).plus(MemoryNeeds.otherBytes(forwarding));
        EalResources exact = new EalResources(Map.of(3, 1), Map.of(1, needed));
        EalResources less = new EalResources(Map.of(3, 1), Map.of(1, Bytes.of(needed.value() - 1)));

        assertThat(problems(forwarding, exact)).isEmpty();
        long pages = (needed.value() + (2 << 20) - 1) / (2 << 20);
        assertThat(problems(forwarding, less)).singleElement().asString()
                .contains("hugepages of node 1", needed + " are needed", "8191 mbufs", "grant " + pages + " pages");
        assertThat(problems(forwarding, new EalResources(Map.of(3, 1), Map.of()))).hasSize(1);
    }

    @Test
    void aMempoolOnANodeThatTheCpusetForbidsIsAProblemUnlessTheHeapHasItAlready() {
        Forwarding forwarding = Forwarding.of(WEST).task(none("near", "west", "west").on(0).sharing())
                .task(Task.of("far", new Sink(0, true)).from(Endpoint.port("west")).on(3));
        Forwarding onlyFar = Forwarding.of(WEST).task(none("far", "west", "west").on(3));
        EalResources forbidden = new EalResources(Map.of(0, 0, 3, 1), Map.of(0, Bytes.gibibytes(4), 1, Bytes.of(100)),
                NodeSet.of(0));
        EalResources reserved = new EalResources(
                Map.of(0, 0, 3, 1), Map.of(0, Bytes.gibibytes(4), 1, Bytes.gibibytes(4)), NodeSet.of(0));

        assertThat(problems(onlyFar, forbidden)).singleElement().asString()
                .contains("memory of node 1", "cpuset.mems", "nodes 0 only", "add node 1");
        assertThat(problems(forwarding, forbidden)).anySatisfy(problem -> assertThat(problem).contains("cpuset.mems"));
        assertThat(problems(onlyFar, reserved)).isEmpty();
        assertThat(problems(Forwarding.of(WEST).task(none("near", "west", "west").on(0)), forbidden)).isEmpty();
    }

    @Test
    void thePoolHoldsWhatQueuesRingsAndTasksCanHoldAtOnce() {
        Forwarding ports = Forwarding.of(WEST.queues(4, 4).descriptors(2048, 1024)).ring("r", 4096)
                .task(Task.of("t", new None()).from(Endpoint.port("west")).to(Endpoint.ring("r")).burst(64));
        int mbufs = MemoryNeeds.mbufs(ports);

        assertThat(mbufs).isGreaterThan(4 * 2048 + 4 * 1024 + 4096 + 64);
        assertThat(Integer.bitCount(mbufs + 1)).as("2^n - 1").isOne();
        assertThat(MemoryNeeds.mbufs(ports.pool(new Forwarding.Pool(77, 0, 2048)))).isEqualTo(77);
        assertThat(MemoryNeeds.poolBytes(ports).value()).isGreaterThan(mbufs * (2048L + 128 + 128));
        assertThat(MemoryNeeds.otherBytes(ports.routes(RouteTable.ipv4("fib", 1000))).value()
                - MemoryNeeds.otherBytes(ports).value()).isGreaterThan(2000 * 1024);
        assertThat(MemoryNeeds.otherBytes(ports.subscribers("s", 1 << 16)).value()
                - MemoryNeeds.otherBytes(ports).value()).isGreaterThanOrEqualTo((1 << 16) * 72L);
    }

    @Test
    void aDescriptionWithoutTasksLiesOnTheFirstNode() {
        assertThat(ForwardingNodes.of(Forwarding.of(WEST), new EalResources(Map.of(5, 1, 6, 2), Map.of())))
                .containsExactly(1);
        assertThat(ForwardingNodes.of(Forwarding.of(WEST), new EalResources(Map.of(), Map.of()))).containsExactly(0);
    }

    @Test
    void rangesOfADescriptionAreHeld() {
        assertThatIllegalArgumentException().isThrownBy(() -> Forwarding.of().ring("r", 0));
        assertThatIllegalArgumentException().isThrownBy(() -> Forwarding.of().subscribers("s", 0));
        assertThatIllegalArgumentException().isThrownBy(() -> Forwarding.of().nextHops(0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Forwarding.Pool(1, 513, 2048));
        assertThatIllegalArgumentException().isThrownBy(() -> RouteTable.ipv4("r", 0));
        assertThatIllegalArgumentException().isThrownBy(() -> RouteTable.ipv6("r", -1));
        assertThatIllegalArgumentException().isThrownBy(() -> Task.of(" ", new None()));
        assertThatIllegalArgumentException().isThrownBy(() -> Task.of("t", new None()).burst(257));
        assertThatIllegalArgumentException().isThrownBy(() -> Task.of("t", new None()).transmitTries(0));
        assertThatIllegalArgumentException().isThrownBy(() -> Task.of("t", new None()).on(-1));
        assertThatIllegalArgumentException().as("64 bytes of UTF-8 in 32 characters")
                .isThrownBy(() -> Task.of("\u00e9".repeat(32), new None()));
    }
}

package io.vnfkit.examples.forwarder;

import io.vnfkit.dpdk.Forwarding;
import io.vnfkit.dpdk.RouteTable;
import io.vnfkit.dpdk.function.Endpoint;
import io.vnfkit.dpdk.function.NetworkFunction.BngDownstream;
import io.vnfkit.dpdk.function.NetworkFunction.BngUpstream;
import io.vnfkit.dpdk.function.NetworkFunction.LoadBalancer;
import io.vnfkit.dpdk.function.NetworkFunction.LoadBalancer.Key;
import io.vnfkit.dpdk.function.Task;
import io.vnfkit.examples.forwarder.VnfFunction.Bng;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * The white paper's arrangement of a BNG:
 *
 * <pre>
 *  access -> balancer by tags -> ring -> upstream 0    -> core
 *                             -> ring -> upstream 1    -> core
 *  access &lt;- downstream 0 &lt;- ring &lt;-
 *  access &lt;- downstream 1 &lt;- ring &lt;- balancer by key  &lt;- core
 * </pre>
 *
 * <p>The balancers run on the main lcore, the workers on the others, in turn where there are more workers than lcores.
 */
final class Gateway {

    private static final String SUBSCRIBERS = "subscribers";
    private static final String ROUTES = "routes";
    private static final int RING = 1024;
    private static final int OUTER_TAG_SENT = 0x88a8;

    private final Bng bng;
    private final Link access;
    private final Link core;
    private final int balancerLcore;
    private final List<Integer> workerLcores;

    private Gateway(Bng bng, Link access, Link core, List<Integer> lcores) {
        this.bng = bng;
        this.access = access;
        this.core = core;
        this.balancerLcore = lcores.get(0);
        List<Integer> others = lcores.size() == 1 ? lcores : lcores.subList(1, lcores.size());
        this.workerLcores = others.subList(0, Math.min(bng.workers(), others.size()));
    }

    static Forwarding describe(Bng bng, List<Link> links, List<Integer> lcores) {
        if (links.size() != 2) {
            throw new IllegalArgumentException(
                    "a BNG has two interfaces, to the subscribers and to the core, not " + links.size());
        }
        return new Gateway(bng, links.get(0), links.get(1), lcores).describe();
    }

    private Forwarding describe() {
        // A transmit queue serves one lcore.
        int queues = workerLcores.size();
        Forwarding forwarding = Forwarding.of(access.port(queues), core.port(queues))
                .subscribers(SUBSCRIBERS, bng.subscribers()).routes(RouteTable.ipv4(ROUTES, bng.routes()))
                .task(balancer(Bng.ACCESS_BALANCER, Key.VLAN_TAGS, access, Bng::upstream))
                .task(balancer(Bng.CORE_BALANCER, Key.GRE_KEY, core, Bng::downstream));
        for (int i = 0; i < bng.workers(); i++) {
            forwarding = forwarding.ring(Bng.upstream(i), RING).ring(Bng.downstream(i), RING)
                    .task(worker(i, Task.of(Bng.upstream(i),
                            new BngUpstream(SUBSCRIBERS, ROUTES, true)), core))
                    .task(worker(i, Task.of(Bng.downstream(i),
                            new BngDownstream(SUBSCRIBERS, bng.tunnelEnd(), OUTER_TAG_SENT, true)), access));
        }
        return forwarding;
    }

    private Task balancer(String name, Key key, Link from, IntFunction<String> worker) {
        Endpoint[] rings = IntStream.range(0, bng.workers()).mapToObj(worker).map(Endpoint::ring).toArray(Endpoint[]::new);
        return Task.of(name, new LoadBalancer(key)).from(from.queues(workerLcores.size())).to(rings)
                .on(balancerLcore).sharing();
    }

    /** The ring of a worker has the worker's name. */
    private Task worker(int number, Task task, Link to) {
        int turn = number % workerLcores.size();
        return task.from(Endpoint.ring(task.name())).to(to.queue(turn)).on(workerLcores.get(turn)).sharing();
    }
}

package io.vnfkit.examples.forwarder;

import io.vnfkit.dpdk.Forwarding;
import io.vnfkit.dpdk.function.Endpoint;
import io.vnfkit.dpdk.function.MacRule;
import io.vnfkit.dpdk.function.NetworkFunction.L2Forward;
import io.vnfkit.dpdk.function.NetworkFunction.None;
import io.vnfkit.dpdk.function.Task;
import io.vnfkit.dpdk.port.Port;
import io.vnfkit.unit.MacAddress;
import java.util.List;

/** The functions that do not ask a table where to: what comes in by one interface of a pair leaves by the other. */
final class Pairs {

    private Pairs() {}

    static Forwarding none(List<Link> links, List<Integer> lcores) {
        requirePairs(links);
        Endpoint[] from = links.stream().map(link -> link.queue(0)).toArray(Endpoint[]::new);
        Endpoint[] to = links.stream().map(link -> other(link, links).queue(0)).toArray(Endpoint[]::new);
        return ports(links).task(Task.of(VnfFunction.None.TASK, new None()).from(from).to(to).on(last(lcores)));
    }

    /** A task for each interface, since the addresses to set depend on where its packets leave. */
    static Forwarding l2fwd(List<Link> links, List<MacAddress> neighbours, List<Integer> lcores) {
        requirePairs(links);
        if (neighbours.size() != links.size()) {
            throw new IllegalArgumentException(
                    links.size() + " interfaces have as many neighbours, not " + neighbours.size());
        }
        Forwarding forwarding = ports(links);
        for (Link link : links) {
            Link other = other(link, links);
            L2Forward function = new L2Forward(
                    new MacRule.Set(other.mac()), new MacRule.Set(neighbours.get(other.number())));
            forwarding = forwarding.task(Task.of(VnfFunction.L2Forward.task(link.name()), function)
                    .from(link.queue(0)).to(other.queue(0)).on(last(lcores)).sharing());
        }
        return forwarding;
    }

    private static void requirePairs(List<Link> links) {
        if (links.size() % 2 != 0) {
            throw new IllegalArgumentException("interfaces come in pairs, and there are " + links.size());
        }
    }

    private static Link other(Link link, List<Link> links) {
        return links.get(link.number() ^ 1);
    }

    private static Forwarding ports(List<Link> links) {
        return Forwarding.of(links.stream().map(link -> link.port(1)).toArray(Port[]::new));
    }

    /** Not the main lcore, if there is another. */
    static int last(List<Integer> lcores) {
        return lcores.get(lcores.size() - 1);
    }
}

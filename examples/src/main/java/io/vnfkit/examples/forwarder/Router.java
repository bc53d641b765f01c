package io.vnfkit.examples.forwarder;

import io.vnfkit.dpdk.Forwarding;
import io.vnfkit.dpdk.RouteTable;
import io.vnfkit.dpdk.function.Endpoint;
import io.vnfkit.dpdk.function.NetworkFunction.L3Forward;
import io.vnfkit.dpdk.function.Task;
import io.vnfkit.dpdk.port.Port;
import java.util.List;
import java.util.Optional;

/** One task that routes between all interfaces. */
final class Router {

    private static final String IPV4 = "ipv4";
    private static final String IPV6 = "ipv6";

    private Router() {}

    static Forwarding describe(List<Link> links, int routes, List<Integer> lcores) {
        Endpoint[] ends = links.stream().map(link -> link.queue(0)).toArray(Endpoint[]::new);
        return Forwarding.of(links.stream().map(link -> link.port(1)).toArray(Port[]::new))
                .routes(RouteTable.ipv4(IPV4, routes)).routes(RouteTable.ipv6(IPV6, routes))
                .task(Task.of(VnfFunction.L3Forward.TASK, new L3Forward(Optional.of(IPV4), Optional.of(IPV6), true))
                        .from(ends).to(ends).on(Pairs.last(lcores)));
    }
}

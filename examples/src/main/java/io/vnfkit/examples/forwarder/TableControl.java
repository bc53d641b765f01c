package io.vnfkit.examples.forwarder;

import io.vnfkit.dpdk.Forwarding;
import io.vnfkit.dpdk.Forwarding.SubscriberTable;
import io.vnfkit.dpdk.ForwardingCore;
import io.vnfkit.dpdk.RouteTable;
import io.vnfkit.dpdk.table.IpPrefix;
import io.vnfkit.dpdk.table.NextHop;
import io.vnfkit.dpdk.table.Routes;
import io.vnfkit.dpdk.table.Subscribers;
import java.util.List;
import java.util.stream.Stream;

/** Carries out requests on the tables of a forwarding core, while packets flow. */
final class TableControl {

    private final ForwardingCore core;
    private final int outputs;
    private final boolean hasTunnels;

    TableControl(ForwardingCore core, VnfFunction function) {
        this.core = core;
        this.outputs = function.outputs(core.ports().size());
        this.hasTunnels = function.hasTunnels();
    }

    /**
     * Lines to answer, the last of which says how it ended.
     *
     * @throws RuntimeException that says why the request is refused
     */
    List<String> answer(ControlRequest request) {
        if (request instanceof ControlRequest.Put put) {
            put(put.route());
        } else if (request instanceof ControlRequest.Remove remove) {
            remove(remove.prefix());
        } else if (request instanceof ControlRequest.PutSubscriber put) {
            subscribers().put(put.subscriber());
        } else if (request instanceof ControlRequest.RemoveSubscriber remove) {
            subscribers().remove(List.of(remove.subscriber()));
        } else if (request instanceof ControlRequest.CountSubscribers) {
            return List.of(Long.toString(subscribers().size()), ControlServer.OK);
        } else {
            return Stream.concat(routes(), Stream.of(ControlServer.OK)).toList();
        }
        return List.of(ControlServer.OK);
    }

    private Forwarding forwarding() {
        return core.plan().forwarding();
    }

    /** Puts a route in force. */
    void put(Route route) {
        NextHop nextHop = route.nextHop();
        Routes table = table(route.prefix());
        if (nextHop.output() >= outputs) {
            throw new IllegalArgumentException("outputs are 0 to " + (outputs - 1) + ", not " + nextHop.output());
        }
        if (nextHop.tunnel().isPresent() != hasTunnels) {
            throw new IllegalArgumentException(
                    "the routes of this function lead " + (hasTunnels ? "through tunnels" : "through no tunnels"));
        }
        table.put(route.prefix(), nextHop);
    }

    private void remove(IpPrefix prefix) {
        if (!table(prefix).remove(prefix)) {
            throw new IllegalArgumentException("no route to " + prefix);
        }
    }

    private Routes table(IpPrefix prefix) {
        return forwarding().routeTables().stream().filter(table -> table.isIpv4() == prefix.isIpv4()).findFirst()
                .map(table -> core.routes(table.name()))
                .orElseThrow(() -> new IllegalArgumentException(
                        "this function has no routes of " + (prefix.isIpv4() ? "IPv4" : "IPv6")));
    }

    private Stream<String> routes() {
        return forwarding().routeTables().stream().map(RouteTable::name)
                .flatMap(name -> core.routes(name).all().entrySet().stream())
                .map(entry -> new Route(entry.getKey(), entry.getValue()).toString()).sorted();
    }

    private Subscribers subscribers() {
        return forwarding().subscriberTables().stream().map(SubscriberTable::name).findFirst().map(core::subscribers)
                .orElseThrow(() -> new IllegalArgumentException("this function has no subscribers"));
    }
}

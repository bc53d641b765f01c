package io.vnfkit.examples.quickstart;

import io.vnfkit.StandardStreams;
import io.vnfkit.Vnf;
import io.vnfkit.dpdk.EalArguments;
import io.vnfkit.examples.forwarder.ForwarderVnf;
import io.vnfkit.examples.forwarder.VnfFunction;
import io.vnfkit.namespace.NetworkInterface;
import java.util.List;

/** The VNF in the place of testpmd: vnfkit's own l3fwd, with a subnet on each side. */
final class RoutingVnf {

    static final String NAME = "quickstart-router";
    static final String LEFT = "left";
    static final String RIGHT = "right";

    private RoutingVnf() {}

    static Vnf describe(Machine machine, ForwarderVnf forwarder) {
        Vnf.Builder vnf = ForwardingVnf.granted(NAME, machine)
                .namespaces(ns -> ns.isolateAll().hostname("router")
                        .networkInterface(NetworkInterface.veth(LEFT, Neighbours.LEFT_INTERFACE)
                                .peerIn(Neighbours.file(Neighbours.LEFT))
                                .peerAddress(Neighbours.LEFT_ADDRESS + "/24"))
                        .networkInterface(NetworkInterface.veth(RIGHT, Neighbours.RIGHT_INTERFACE)
                                .peerIn(Neighbours.file(Neighbours.RIGHT))
                                .peerAddress(Neighbours.FAR_RIGHT_ADDRESS + "/24")))
                .streams(StandardStreams.PIPES);
        return forwarder.addTo(vnf, EalArguments.fromGrant(), new VnfFunction.L3Forward(), List.of(LEFT, RIGHT)).build();
    }
}

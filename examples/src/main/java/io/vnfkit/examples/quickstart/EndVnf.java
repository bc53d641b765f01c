package io.vnfkit.examples.quickstart;

import io.vnfkit.StandardStreams;
import io.vnfkit.Vnf;
import io.vnfkit.dpdk.EalArguments;
import io.vnfkit.examples.chain.StageFunction;
import io.vnfkit.examples.chain.StageVnf;
import io.vnfkit.namespace.NetworkInterface;
import java.nio.file.Path;
import java.util.Optional;

/**
 * An end of the chain: a VNF with one interface to a neighbour, and with the region that it shares with the other end.
 *
 * @param name of the VNF
 * @param neighbour network namespace beside it
 * @param neighbourInterface interface there
 * @param address of the neighbour
 * @param stage what runs in it
 */
record EndVnf(String name, String neighbour, String neighbourInterface, String address, StageVnf stage) {

    static final String REGION = "quickstart-chain";
    static final String EASTWARD = "eastward";
    static final String WESTWARD = "westward";

    private static final String INTERFACE = "neighbour";

    static EndVnf left(Path shared) {
        return new EndVnf("quickstart-west", Neighbours.LEFT, Neighbours.LEFT_INTERFACE, Neighbours.LEFT_ADDRESS,
                stage(WESTWARD, EASTWARD, shared));
    }

    static EndVnf right(Path shared) {
        return new EndVnf("quickstart-east", Neighbours.RIGHT, Neighbours.RIGHT_INTERFACE, Neighbours.RIGHT_ADDRESS,
                stage(EASTWARD, WESTWARD, shared));
    }

    private static StageVnf stage(String from, String to, Path shared) {
        return new StageVnf(REGION, Optional.of(from), Optional.of(to), StageFunction.NONE, shared);
    }

    Vnf describe(Machine machine) {
        Vnf.Builder vnf = ForwardingVnf.granted(name, machine)
                .namespaces(ns -> ns.isolateAll().hostname(name)
                        .networkInterface(NetworkInterface.veth(INTERFACE, neighbourInterface)
                                .peerIn(Neighbours.file(neighbour)).peerAddress(address + "/24")))
                .streams(StandardStreams.PIPES);
        return stage.addTo(vnf, EalArguments.fromGrant(), "--interface", INTERFACE).build();
    }
}

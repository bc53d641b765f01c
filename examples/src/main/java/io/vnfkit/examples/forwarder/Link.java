package io.vnfkit.examples.forwarder;

import io.vnfkit.dpdk.function.Endpoint;
import io.vnfkit.dpdk.port.Device;
import io.vnfkit.dpdk.port.Port;
import io.vnfkit.linux.KernelFiles;
import io.vnfkit.unit.MacAddress;
import java.util.stream.IntStream;

/**
 * A network interface that a forwarder takes packets from and puts packets on.
 *
 * @param number from 0, in the order of the command line
 * @param name of the interface
 * @param mac its address
 */
public record Link(int number, String name, MacAddress mac) {

    /**
     * An interface of this network namespace.
     *
     * @throws io.vnfkit.linux.KernelFileException if it is not there
     */
    static Link of(int number, String name) {
        // The JDK finds only interfaces that have an IP address.
        String address = KernelFiles.host().read("/sys/class/net/" + name + "/address");
        return new Link(number, name, MacAddress.parse(address.strip()));
    }

    /** The port of this interface. The driver makes as many queues of one direction as of the other. */
    Port port(int queuePairs) {
        return Port.of(name, new Device.AfPacket(number, name, queuePairs)).queues(queuePairs, queuePairs);
    }

    Endpoint queue(int queue) {
        return Endpoint.port(name, queue);
    }

    Endpoint[] queues(int count) {
        return IntStream.range(0, count).mapToObj(this::queue).toArray(Endpoint[]::new);
    }
}

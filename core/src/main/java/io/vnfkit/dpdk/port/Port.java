package io.vnfkit.dpdk.port;

import io.vnfkit.unit.MacAddress;
import java.util.Objects;
import java.util.Optional;

/**
 * A port of a forwarding core: a device under a name, with queues.
 *
 * <p>Immutable and thread-safe: every method returns a new value.
 *
 * @param name how the description calls it
 * @param device what is behind it
 * @param receiveQueues 1 to 64
 * @param transmitQueues 1 to 64
 * @param receiveDescriptors of each queue; 0 for what the driver prefers
 * @param transmitDescriptors of each queue; 0 for what the driver prefers
 * @param mtu longest network layer packet in bytes; 0 to leave it as it is
 * @param promiscuous whether frames for other stations are taken too; a device that has no such mode, such as virtio
 *     without a control queue, is used as it is, with a warning
 * @param spread which packets are spread over several receive queues
 * @param mac address to set; empty to keep that of the device
 * @param channel sending channel in whose buffers packets are received; empty for the mempool of the node
 */
public record Port(String name, Device device, int receiveQueues, int transmitQueues, int receiveDescriptors,
        int transmitDescriptors, int mtu, boolean promiscuous, Spread spread, Optional<MacAddress> mac,
        Optional<String> channel) {

    private static final int MAX_QUEUES = 64;

    /** Packets that receive side scaling spreads, by a hash of what they have; RTE_ETH_RSS_* of rte_ethdev.h. */
    public enum Spread {
        /** None: all packets come to the first queue. */
        NONE(0),
        /** By the addresses of IPv4 and IPv6. */
        IP(1L << 2 | 1L << 3 | 1L << 7 | 1L << 8 | 1L << 9 | 1L << 13),
        /** By addresses and ports of UDP and TCP. */
        FLOW(1L << 2 | 1L << 4 | 1L << 5 | 1L << 8 | 1L << 10 | 1L << 11);

        private final long types;

        Spread(long types) {
            this.types = types;
        }

        /** The bits of rte_eth_rss_conf.rss_hf. */
        public long types() {
            return types;
        }
    }

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if one is exceeded
     */
    public Port {
        Objects.requireNonNull(device, "device");
        Objects.requireNonNull(spread, "spread");
        Objects.requireNonNull(mac, "mac");
        Objects.requireNonNull(channel, "channel");
        if (name.isBlank()) {
            throw new IllegalArgumentException("a port has a name");
        }
        requireRange("receive queues", receiveQueues, 1, MAX_QUEUES);
        requireRange("transmit queues", transmitQueues, 1, MAX_QUEUES);
        requireRange("receive descriptors", receiveDescriptors, 0, 65535);
        requireRange("transmit descriptors", transmitDescriptors, 0, 65535);
        requireRange("bytes of MTU", mtu, 0, 9600);
    }

    private static void requireRange(String what, int value, int lowest, int highest) {
        if (value < lowest || value > highest) {
            throw new IllegalArgumentException(lowest + " to " + highest + " " + what + ", not " + value);
        }
    }

    /**
     * A port with one queue each way, in promiscuous mode like those of DPDK's own programs.
     *
     * @param name how the description calls it
     * @param device what is behind it
     * @return the port
     */
    public static Port of(String name, Device device) {
        return new Port(name, device, 1, 1, 0, 0, 0, true, Spread.NONE, Optional.empty(), Optional.empty());
    }

    /**
     * Sets the numbers of queues.
     *
     * @param receive receive queues
     * @param transmit transmit queues
     * @return the new port
     */
    public Port queues(int receive, int transmit) {
        return new Port(name, device, receive, transmit, receiveDescriptors, transmitDescriptors, mtu, promiscuous,
                spread, mac, channel);
    }

    /**
     * Sets the lengths of the queues.
     *
     * @param receive descriptors of each receive queue
     * @param transmit descriptors of each transmit queue
     * @return the new port
     */
    public Port descriptors(int receive, int transmit) {
        return new Port(name, device, receiveQueues, transmitQueues, receive, transmit, mtu, promiscuous, spread, mac,
                channel);
    }

    /**
     * Sets the MTU.
     *
     * @param bytes longest network layer packet
     * @return the new port
     */
    public Port mtu(int bytes) {
        return new Port(name, device, receiveQueues, transmitQueues, receiveDescriptors, transmitDescriptors, bytes,
                promiscuous, spread, mac, channel);
    }

    /**
     * Switches the promiscuous mode.
     *
     * @param on whether frames for other stations are taken too
     * @return the new port
     */
    public Port promiscuous(boolean on) {
        return new Port(name, device, receiveQueues, transmitQueues, receiveDescriptors, transmitDescriptors, mtu, on,
                spread, mac, channel);
    }

    /**
     * Spreads packets over the receive queues.
     *
     * @param packets which
     * @return the new port
     */
    public Port spread(Spread packets) {
        return new Port(name, device, receiveQueues, transmitQueues, receiveDescriptors, transmitDescriptors, mtu,
                promiscuous, packets, mac, channel);
    }

    /**
     * Sets the MAC address.
     *
     * @param address the address
     * @return the new port
     */
    public Port mac(MacAddress address) {
        return new Port(name, device, receiveQueues, transmitQueues, receiveDescriptors, transmitDescriptors, mtu,
                promiscuous, spread, Optional.of(address), channel);
    }

    /**
     * Receives packets in the buffers of a channel, so that a task sends them there without a copy. The channel needs
     * buffers for the receive queues besides those on their way: packets that the other side does not give back are missing
     * here.
     *
     * @param sender name of a channel in the description, where the forwarding core is the sender
     * @return the new port
     */
    public Port receiveInto(String sender) {
        return new Port(name, device, receiveQueues, transmitQueues, receiveDescriptors, transmitDescriptors, mtu,
                promiscuous, spread, mac, Optional.of(sender));
    }
}

package io.vnfkit.dpdk.port;

import io.vnfkit.unit.PciAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A device behind a port: a physical one, or a virtual one that is made when the forwarding core starts. Names and
 * parameters are those of DPDK's drivers.
 */
public sealed interface Device {

    /** The name that the EAL knows it by. */
    String name();

    /** Parameters of a device that is to be made, in the driver's words; empty for none. */
    default String parameters() {
        return "";
    }

    /** Whether the forwarding core makes the device, and takes it away at the end. */
    default boolean isMade() {
        return true;
    }

    /**
     * A network card, bound to a driver of user space such as vfio-pci and granted to this process.
     *
     * @param address its address
     */
    record Physical(PciAddress address) implements Device {
        /** Checks that it is there. */
        public Physical {
            Objects.requireNonNull(address, "address");
        }

        @Override
        public String name() {
            return address.toString();
        }

        @Override
        public boolean isMade() {
            return false;
        }
    }

    /**
     * A device that the EAL's arguments have made already, with {@code --vdev} or by probing.
     *
     * @param name such as {@code net_tap0}
     */
    record Existing(String name) implements Device {
        /** Checks the name. */
        public Existing {
            DeviceNames.require(name);
        }

        @Override
        public boolean isMade() {
            return false;
        }
    }

    /**
     * Gives an endless stream of packets without content, and takes any.
     *
     * @param number tells devices of this kind apart
     * @param size of the packets, in bytes
     * @param copy whether packets are copied, as real ones are by a card, rather than only passed
     */
    record Null(int number, int size, boolean copy) implements Device {
        /** Checks the ranges. */
        public Null {
            DeviceNames.requireNumber(number);
            if (size < 14 || size > 9600) {
                throw new IllegalArgumentException("a packet has 14 to 9600 bytes, not " + size);
            }
        }

        @Override
        public String name() {
            return "net_null" + number;
        }

        @Override
        public String parameters() {
            return "size=" + size + ",copy=" + (copy ? 1 : 0);
        }
    }

    /**
     * Gives back what was sent to it.
     *
     * @param number tells devices of this kind apart
     */
    record Loop(int number) implements Device {
        /** Checks the range. */
        public Loop {
            DeviceNames.requireNumber(number);
        }

        @Override
        public String name() {
            return "net_ring" + number;
        }
    }

    /**
     * Reads packets from a capture file and writes to one. Needs librte_net_pcap.
     *
     * @param number tells devices of this kind apart
     * @param receive file to read
     * @param transmit file to write
     */
    record Pcap(int number, Path receive, Path transmit) implements Device {
        /** Checks the paths. */
        public Pcap {
            DeviceNames.requireNumber(number);
            DeviceNames.require(receive);
            DeviceNames.require(transmit);
        }

        @Override
        public String name() {
            return "net_pcap" + number;
        }

        @Override
        public String parameters() {
            return "rx_pcap=" + receive + ",tx_pcap=" + transmit;
        }
    }

    /**
     * A network interface of the kernel in this network namespace, through a packet socket. Needs CAP_NET_RAW and
     * CAP_NET_ADMIN, and that the interface is up.
     *
     * <p>The kernel and the driver come between the wire and the tasks. Fragments of IPv4 are put together first
     * (PACKET_FANOUT_FLAG_DEFRAG), also where the result is longer than any MTU. The kernel takes off the outer VLAN tag
     * and says in the header of the packet's slot what it was; the driver of DPDK 22.11 does not read its type there, and
     * puts it back as 802.1Q (0x8100) whatever it was. So a {@code BngUpstream} takes both types, and what only forwards,
     * such as {@code None}, turns an outer tag of 802.1ad (0x88a8) into one of 802.1Q. Tags of packets that are sent stay
     * as they are.
     *
     * @param number tells devices of this kind apart
     * @param networkInterface name of the interface
     * @param queuePairs receive and transmit queues, 1 to 16
     */
    record AfPacket(int number, String networkInterface, int queuePairs) implements Device {
        /** Checks the values. */
        public AfPacket {
            DeviceNames.requireNumber(number);
            DeviceNames.requireInterface(networkInterface);
            DeviceNames.requireQueues(queuePairs, 16);
        }

        @Override
        public String name() {
            return "net_af_packet" + number;
        }

        @Override
        public String parameters() {
            return "iface=" + networkInterface + ",qpairs=" + queuePairs;
        }
    }

    /**
     * A new interface of the kernel in this network namespace. Needs CAP_NET_ADMIN and /dev/net/tun.
     *
     * @param number tells devices of this kind apart
     * @param networkInterface name of the interface to make
     */
    record Tap(int number, String networkInterface) implements Device {
        /** Checks the values. */
        public Tap {
            DeviceNames.requireNumber(number);
            DeviceNames.requireInterface(networkInterface);
        }

        @Override
        public String name() {
            return "net_tap" + number;
        }

        @Override
        public String parameters() {
            return "iface=" + networkInterface;
        }
    }

    /**
     * One end of a shared-memory link to another process.
     *
     * @param number tells devices of this kind apart
     * @param isServer whether it makes the socket and takes the other end in
     * @param socket path of the socket
     * @param id of the link, the same at both ends, from 0
     * @param ringSizeLog2 logarithm of the number of descriptors, 1 to 14
     * @param zeroCopy of a client: whether the server reads its mempools directly, which needs
     *     {@code --single-file-segments}
     */
    record Memif(int number, boolean isServer, Path socket, int id, int ringSizeLog2, boolean zeroCopy)
            implements Device {
        /** Checks the values. */
        public Memif {
            DeviceNames.requireNumber(number);
            DeviceNames.require(socket);
            DeviceNames.requireNumber(id);
            if (ringSizeLog2 < 1 || ringSizeLog2 > 14) {
                throw new IllegalArgumentException("a ring of memif has 2^1 to 2^14 descriptors, not 2^" + ringSizeLog2);
            }
        }

        @Override
        public String name() {
            return "net_memif" + number;
        }

        @Override
        public String parameters() {
            // Abstract sockets belong to a network namespace, and two VNFs have two.
            return "role=" + (isServer ? "server" : "client") + ",id=" + id + ",socket=" + socket
                    + ",socket-abstract=no,rsize=" + ringSizeLog2 + (zeroCopy ? ",zero-copy=yes" : "");
        }
    }

    /**
     * The host side of a virtio device: a virtual machine or a {@link VirtioUser} connects.
     *
     * @param number tells devices of this kind apart
     * @param socket path of the vhost-user socket
     * @param isClient whether it connects rather than listens
     * @param queues pairs of queues, 1 to 64
     */
    record Vhost(int number, Path socket, boolean isClient, int queues) implements Device {
        /** Checks the values. */
        public Vhost {
            DeviceNames.requireNumber(number);
            DeviceNames.require(socket);
            DeviceNames.requireQueues(queues, 64);
        }

        @Override
        public String name() {
            return "net_vhost" + number;
        }

        @Override
        public String parameters() {
            return "iface=" + socket + ",client=" + (isClient ? 1 : 0) + ",queues=" + queues;
        }
    }

    /**
     * The guest side of a virtio device: connects to a {@link Vhost} by its socket, or to the kernel by /dev/vhost-net.
     *
     * @param number tells devices of this kind apart
     * @param path of the socket or device
     * @param isServer whether it makes the socket
     * @param queues pairs of queues, 1 to 64
     */
    record VirtioUser(int number, Path path, boolean isServer, int queues) implements Device {
        /** Checks the values. */
        public VirtioUser {
            DeviceNames.requireNumber(number);
            DeviceNames.require(path);
            DeviceNames.requireQueues(queues, 64);
        }

        @Override
        public String name() {
            return "virtio_user" + number;
        }

        @Override
        public String parameters() {
            List<String> parameters = new ArrayList<>(List.of("path=" + path, "queues=" + queues));
            if (isServer) {
                parameters.add("server=1");
            }
            return String.join(",", parameters);
        }
    }

    /**
     * Any other virtual device.
     *
     * @param name driver and number, such as {@code net_af_xdp0}
     * @param parameters in the driver's words
     */
    record Virtual(String name, String parameters) implements Device {
        /** Checks that nothing is missing. */
        public Virtual {
            DeviceNames.require(name);
            Objects.requireNonNull(parameters, "parameters");
        }
    }
}

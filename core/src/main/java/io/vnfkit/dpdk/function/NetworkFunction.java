package io.vnfkit.dpdk.function;

import java.net.Inet4Address;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What a task does with its packets. */
public sealed interface NetworkFunction {

    /** Moves packets and does not look at them: input i to output i, or all to the one output. */
    record None() implements NetworkFunction {}

    /**
     * Gives packets new MAC addresses: input i to output i, or all to the one output.
     *
     * @param source what becomes of the source address
     * @param destination what becomes of the destination address
     */
    record L2Forward(MacRule source, MacRule destination) implements NetworkFunction {
        /** Checks that nothing is missing. */
        public L2Forward {
            Objects.requireNonNull(source, "source");
            Objects.requireNonNull(destination, "destination");
        }
    }

    /**
     * Routes IPv4 and IPv6 by the longest prefix. The next hop says which output. What cannot be routed is dropped and
     * counted by reason; no ICMP message is sent, and no ARP request is made or answered.
     *
     * <p>From a port, only frames to the MAC address of that port are routed, as in Linux: a port in promiscuous mode
     * takes those of other stations too, which have a router of their own. DPDK's l3fwd leaves that to the card, and in
     * promiscuous mode routes them all. A ring has no address, nor has a port of DPDK's ring driver: all frames from
     * there are routed.
     *
     * <p>A packet that is longer than the MTU which the port of the output had when the task was made is dropped; a ring
     * takes packets of any length. Bytes behind a packet are cut off, except the padding of short frames.
     *
     * @param ipv4Routes name of the table; empty drops IPv4
     * @param ipv6Routes name of the table; empty drops IPv6
     * @param verifyChecksum whether to verify the checksum of IPv4 headers, which some ports do themselves
     * @param anyStation whether to route frames to other stations' MAC addresses too
     */
    record L3Forward(Optional<String> ipv4Routes, Optional<String> ipv6Routes, boolean verifyChecksum,
            boolean anyStation) implements NetworkFunction {
        /** Checks that there is a table. */
        public L3Forward {
            if (ipv4Routes.isEmpty() && ipv6Routes.isEmpty()) {
                throw new IllegalArgumentException("l3fwd needs a table of routes, for IPv4 or IPv6 or both");
            }
        }

        /**
         * A router for frames to its own addresses.
         *
         * @param ipv4Routes name of the table; empty drops IPv4
         * @param ipv6Routes name of the table; empty drops IPv6
         * @param verifyChecksum whether to verify the checksum of IPv4 headers, which some ports do themselves
         */
        public L3Forward(Optional<String> ipv4Routes, Optional<String> ipv6Routes, boolean verifyChecksum) {
            this(ipv4Routes, ipv6Routes, verifyChecksum, false);
        }

        /**
         * Routes frames to any MAC address, for traffic whose source does not know that of the port: a capture file,
         * or a generator in a laboratory.
         *
         * @return the new function
         */
        public L3Forward forAnyStation() {
            return new L3Forward(ipv4Routes, ipv6Routes, verifyChecksum, true);
        }
    }

    /**
     * BNG, from subscribers to the core: takes off the two VLAN tags, finds the subscriber by them, routes by the
     * destination, and puts the packet into the tunnel of the next hop under the subscriber's GRE key.
     *
     * <p>The outer tag may be one of 802.1ad (0x88a8) or of 802.1Q (0x8100); the inner one is of 802.1Q. A subscriber is
     * known by the numbers of the tags alone, since a {@linkplain io.vnfkit.dpdk.port.Device.AfPacket packet socket}
     * does not keep the type of the outer one.
     *
     * @param subscribers name of the table
     * @param routes name of the table of IPv4 routes, whose next hops have tunnels
     * @param mpls whether an MPLS label goes in front
     */
    record BngUpstream(String subscribers, String routes, boolean mpls) implements NetworkFunction {
        /** Checks that nothing is missing. */
        public BngUpstream {
            Objects.requireNonNull(subscribers, "subscribers");
            Objects.requireNonNull(routes, "routes");
        }
    }

    /**
     * BNG, from the core to subscribers: takes off the MPLS label, the outer IPv4 header and GRE, finds the subscriber
     * by the key, and puts the two VLAN tags in front. The MAC address of the output port is the source.
     *
     * @param subscribers name of the table
     * @param tunnelEnd address that tunnels must end at; empty for any
     * @param outerEthertype of the outer tag: 0x88a8 (802.1ad), or 0x8100
     * @param mpls whether an MPLS label is in front
     */
    record BngDownstream(String subscribers, Optional<Inet4Address> tunnelEnd, int outerEthertype, boolean mpls)
            implements NetworkFunction {
        /** Checks that nothing is missing. */
        public BngDownstream {
            Objects.requireNonNull(subscribers, "subscribers");
            Objects.requireNonNull(tunnelEnd, "tunnelEnd");
            requireOuterEthertype(outerEthertype);
        }
    }

    /**
     * Spreads packets over the outputs, those that belong together always to the same one.
     *
     * @param key what belongs together
     */
    record LoadBalancer(Key key) implements NetworkFunction {
        /** What packets that belong together have in common; in the order of enum vnfkit_balancer_key. */
        public enum Key {
            /** Addresses, protocol and ports of IPv4 and IPv6. */
            FIVE_TUPLE,
            /** The two VLAN tags. */
            VLAN_TAGS,
            /** The key of GRE over IPv4, behind an MPLS label or not. */
            GRE_KEY
        }

        /** Checks that nothing is missing. */
        public LoadBalancer {
            Objects.requireNonNull(key, "key");
        }
    }

    /**
     * Makes packets.
     *
     * @param templates taken in turn; several of different lengths make a mix such as IMIX
     * @param rate how fast
     * @param limit after how many packets to stop; 0 for never
     * @param stream number from 0 to 65535 that a {@link Sink} knows its packets by
     * @param flows how many values the field takes that the templates say varies
     */
    record Generator(List<PacketTemplate> templates, Rate rate, long limit, int stream, int flows)
            implements NetworkFunction {
        /** Checks the ranges. */
        public Generator {
            templates = List.copyOf(templates);
            Objects.requireNonNull(rate, "rate");
            if (templates.isEmpty() || templates.size() > 64) {
                throw new IllegalArgumentException("1 to 64 templates, not " + templates.size());
            }
            requireStream(stream);
            if (limit < 0 || flows < 1) {
                throw new IllegalArgumentException("at least one flow and no negative limit: " + flows + ", " + limit);
            }
        }

        /**
         * Packets of one template, without an end.
         *
         * @param template what they look like
         * @param rate how fast
         * @return the function
         */
        public static Generator of(PacketTemplate template, Rate rate) {
            return new Generator(List.of(template), rate, 0, 0, 1);
        }
    }

    /**
     * Takes the packets of a generator: rate, loss, reordering and latency.
     *
     * @param stream number of the generator's packets
     * @param anyPacket whether packets that are none of the stream are fine; they count as drops otherwise
     */
    record Sink(int stream, boolean anyPacket) implements NetworkFunction {
        /** Checks the range. */
        public Sink {
            requireStream(stream);
        }
    }

    private static void requireStream(int stream) {
        if (stream < 0 || stream > 0xffff) {
            throw new IllegalArgumentException("a stream has a number from 0 to 65535, not " + stream);
        }
    }

    private static void requireOuterEthertype(int ethertype) {
        if (ethertype != 0x88a8 && ethertype != 0x8100) {
            throw new IllegalArgumentException(
                    "the outer tag has Ethernet type 0x88a8 or 0x8100, not 0x" + Integer.toHexString(ethertype));
        }
    }
}

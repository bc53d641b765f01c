package io.vnfkit.dpdk.statistics;

/** Why a function dropped a packet; {@code enum vnfkit_drop} of the forwarding core, in its order. */
public enum DropReason {
    /** The output had no room, also after the tries that the task allows. */
    OUTPUT_FULL,
    /** The packet is shorter than its headers say. */
    TRUNCATED,
    /** The headers do not lie in the first segment. */
    SCATTERED,
    /** A protocol that this function does not forward. */
    ETHERTYPE,
    /** Sent to a group, by its link layer or network layer address. */
    MULTICAST,
    /** The version in the IP header is not that of the Ethernet type. */
    IP_VERSION,
    /** The header length or total length is impossible. */
    IP_HEADER,
    /** The checksum of the IPv4 header is wrong. */
    IP_CHECKSUM,
    /** The time to live or hop limit would become 0. */
    TTL,
    /** An address that no router forwards (RFC 1812, 5.3.7). */
    MARTIAN,
    /** No prefix of the table contains the destination; or its next hop has no tunnel where one is needed. */
    NO_ROUTE,
    /** Longer than the MTU of the output. */
    TOO_BIG,
    /** Not exactly the two VLAN tags that are expected. */
    VLAN_TAGS,
    /** No subscriber has these tags or this key. */
    NO_SUBSCRIBER,
    /** No MPLS label, or more than one. */
    MPLS,
    /** A tunnel that does not end here, or GRE with unknown flags. */
    TUNNEL,
    /** A fragment, where reassembly would be needed. */
    FRAGMENT,
    /** No room before the packet for a longer header. */
    NO_HEADROOM,
    /** The buffer has other owners, who must not see it change. */
    SHARED,
    /** A sink took a packet that is none of its stream. */
    FOREIGN,
    /** Sent to another station than the port that took it, which a port in promiscuous mode does. */
    OTHER_HOST,
    /** A channel gave an empty packet, or one that does not lie within its region. */
    DESCRIPTOR,
    /** The other side of the channel that the packet was for breaks the rules, and nothing is sent any more. */
    DAMAGED
}

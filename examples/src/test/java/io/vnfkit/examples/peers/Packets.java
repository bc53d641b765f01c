package io.vnfkit.examples.peers;

import java.util.List;

/** What routers meet: right packets, those at the edge, and wrong ones. */
final class Packets {

    private static final int MORE_FRAGMENTS = 0x2000;
    private static final int DONT_FRAGMENT = 0x4000;

    private Packets() {}

    static final List<Packet> ALL = List.of(
            Ipv4Header.packet("IPv4", h -> { }),
            Ipv4Header.packet("IPv4 with padding", h -> h.padding = new byte[18]),
            Ipv4Header.packet("IPv4 with time to live 2", h -> h.timeToLive = 2),
            Ipv4Header.packet("IPv4 with time to live 1", h -> h.timeToLive = 1),
            Ipv4Header.packet("IPv4 with time to live 0", h -> h.timeToLive = 0),
            Ipv4Header.packet("IPv4 with time to live 255", h -> h.timeToLive = 255),
            Ipv4Header.packet("IPv4 with a wrong checksum", h -> h.checksumError = 1),
            Ipv4Header.packet("IPv4 with a checksum that is off by a byte order", h -> h.checksumError = 0x100),
            Ipv4Header.packet("IPv4 with version 5", h -> h.version = 5),
            Ipv4Header.packet("IPv4 with version 6", h -> h.version = 6),
            Ipv4Header.packet("IPv4 with a header of 16 bytes", h -> h.words = 4),
            Ipv4Header.packet("IPv4 with a header longer than the packet", h -> h.words = 15),
            Ipv4Header.packet("IPv4 longer than the frame", h -> h.totalLength = 100),
            Ipv4Header.packet("IPv4 with a total length below its header", h -> h.totalLength = 19),
            Ipv4Header.packet("IPv4 without payload", h -> h.payload = new byte[0]),
            Ipv4Header.packet("IPv4 of an unknown protocol", h -> h.protocol = 253),
            Ipv4Header.packet("IPv4 with option no-operation", h -> h.options = new byte[] {1, 1, 1, 0}),
            Ipv4Header.packet("IPv4 with 40 bytes of options", h -> h.options = filled(40, 1)),
            Ipv4Header.packet("IPv4 with an unknown option", h -> h.options = new byte[] {(byte) 0x9e, 4, 1, 2}),
            Ipv4Header.packet("IPv4 with option record route", h -> h.options = new byte[] {7, 7, 4, 0, 0, 0, 0, 0}),
            Ipv4Header.packet("IPv4 with option loose source route",
                    h -> h.options = new byte[] {(byte) 0x83, 7, 4, (byte) 198, 51, 100, 9, 0}),
            Ipv4Header.packet("IPv4 with an option longer than the header",
                    h -> h.options = new byte[] {7, 39, 4, 0}),
            Ipv4Header.packet("first fragment", h -> h.fragment = MORE_FRAGMENTS),
            Ipv4Header.packet("fragment in the middle", h -> h.fragment = MORE_FRAGMENTS | 2),
            Ipv4Header.packet("last fragment", h -> h.fragment = 4),
            Ipv4Header.packet("IPv4 not to be fragmented", h -> h.fragment = DONT_FRAGMENT),
            Ipv4Header.packet("IPv4 with the reserved flag", h -> h.fragment = 0x8000),
            Ipv4Header.packet("IPv4 from 127.0.0.1", h -> h.source = "127.0.0.1"),
            Ipv4Header.packet("IPv4 from 0.0.0.0", h -> h.source = "0.0.0.0"),
            Ipv4Header.packet("IPv4 from 0.1.2.3", h -> h.source = "0.1.2.3"),
            Ipv4Header.packet("IPv4 from a group", h -> h.source = "224.0.0.1"),
            Ipv4Header.packet("IPv4 from class E", h -> h.source = "240.0.0.1"),
            Ipv4Header.packet("IPv4 from broadcast", h -> h.source = "255.255.255.255"),
            Ipv4Header.packet("IPv4 to 127.0.0.1", h -> h.destination = "127.0.0.1"),
            Ipv4Header.packet("IPv4 to 0.1.2.3", h -> h.destination = "0.1.2.3"),
            Ipv4Header.packet("IPv4 to a group", h -> h.destination = "224.0.0.5"),
            Ipv4Header.packet("IPv4 to class E", h -> h.destination = "240.0.0.1"),
            Ipv4Header.packet("IPv4 to broadcast", h -> h.destination = "255.255.255.255"),
            Ipv4Header.packet("IPv4 without a route", h -> h.destination = "203.0.113.1"),
            Ipv6Header.packet("IPv6", h -> { }),
            Ipv6Header.packet("IPv6 with padding", h -> h.padding = new byte[10]),
            Ipv6Header.packet("IPv6 with hop limit 2", h -> h.hopLimit = 2),
            Ipv6Header.packet("IPv6 with hop limit 1", h -> h.hopLimit = 1),
            Ipv6Header.packet("IPv6 with hop limit 0", h -> h.hopLimit = 0),
            Ipv6Header.packet("IPv6 with version 4", h -> h.version = 4),
            Ipv6Header.packet("IPv6 longer than the frame", h -> h.excessLength = 1),
            Ipv6Header.packet("IPv6 without payload", h -> {
                h.payload = new byte[0];
                h.nextHeader = 59;
            }),
            Ipv6Header.packet("IPv6 with hop-by-hop padding", h -> {
                h.nextHeader = 0;
                h.extension = new byte[] {17, 0, 1, 4, 0, 0, 0, 0};
            }),
            Ipv6Header.packet("IPv6 fragment", h -> {
                h.nextHeader = 44;
                h.extension = new byte[] {17, 0, 0, 1, 0, 0, 0, 7};
            }),
            Ipv6Header.packet("IPv6 from ::", h -> h.source = "::"),
            Ipv6Header.packet("IPv6 from ::1", h -> h.source = "::1"),
            Ipv6Header.packet("IPv6 from a group", h -> h.source = "ff0e::1"),
            Ipv6Header.packet("IPv6 from a link", h -> h.source = "fe80::1"),
            Ipv6Header.packet("IPv6 from a mapped address", h -> h.source = "::ffff:192.0.2.1"),
            Ipv6Header.packet("IPv6 to ::1", h -> h.destination = "::1"),
            Ipv6Header.packet("IPv6 to ::", h -> h.destination = "::"),
            Ipv6Header.packet("IPv6 to a group", h -> h.destination = "ff0e::1"),
            Ipv6Header.packet("IPv6 to a link", h -> h.destination = "fe80::1"),
            Ipv6Header.packet("IPv6 to a unique local address", h -> h.destination = "fd00::1"),
            Ipv6Header.packet("IPv6 without a route", h -> h.destination = "a000::1"),
            new Packet("IPv4 header cut short", Packet.IPV4, new byte[] {0x45, 0, 0, 40}),
            new Packet("IPv6 header cut short", Packet.IPV6, new byte[] {0x60, 0, 0, 0}),
            new Packet("unknown Ethernet type", 0x88b5, new byte[46]));

    private static byte[] filled(int count, int value) {
        byte[] bytes = new byte[count];
        java.util.Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}

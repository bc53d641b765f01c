package io.vnfkit.examples.peers;

import io.vnfkit.unit.MacAddress;
import java.nio.ByteBuffer;

/** Frames of both sides of a BNG, put together by hand: behind two VLAN tags, and in a tunnel behind an MPLS label. */
final class BngFrames {

    static final int LABEL = 1234;
    static final String BNG = "192.0.2.129";
    static final String CORE_ROUTER = "192.0.2.130";

    static final int SERVICE_TAG = 0x88a8;
    static final int CUSTOMER_TAG = 0x8100;

    private static final int MPLS = 0x8847;
    private static final int BOTTOM_AND_TTL_64 = 0x140;
    private static final int GRE_KEY_PRESENT = 0x2000;

    private BngFrames() {}

    /** A frame with two tags. */
    static byte[] tagged(MacAddress destination, MacAddress source, int outer, int inner, Packet packet) {
        return tagged(destination, source, new int[] {SERVICE_TAG, outer, CUSTOMER_TAG, inner}, packet);
    }

    /** A frame with any tags: types and identifiers in turn. */
    static byte[] tagged(MacAddress destination, MacAddress source, int[] tags, Packet packet) {
        ByteBuffer frame = ByteBuffer.allocate(14 + 2 * tags.length + packet.network().length)
                .put(destination.octets()).put(source.octets());
        for (int tag : tags) {
            frame.putShort((short) tag);
        }
        return frame.putShort((short) packet.etherType()).put(packet.network()).array();
    }

    /** A packet in a tunnel, which may have other flags than the one for a key. */
    static Packet tunnel(String from, String to, int flags, int key, Packet packet) {
        byte[] inner = packet.network();
        ByteBuffer gre = ByteBuffer.allocate(8 + inner.length)
                .putShort((short) flags).putShort((short) packet.etherType()).putInt(key).put(inner);
        return Ipv4Header.packet("tunnel", h -> {
            h.source = from;
            h.destination = to;
            h.protocol = 47;
            h.typeOfService = 0;
            h.identification = 0;
            h.fragment = 0x4000;
            h.payload = gre.array();
        });
    }

    static Packet labelled(int entry, Packet packet) {
        byte[] network = packet.network();
        return new Packet("labelled", MPLS, ByteBuffer.allocate(4 + network.length).putInt(entry).put(network).array());
    }

    /** What a BNG sends to a core router. */
    static Packet toCore(int key, Packet packet) {
        return labelled(LABEL << 12 | BOTTOM_AND_TTL_64, tunnel(BNG, CORE_ROUTER, GRE_KEY_PRESENT, key, packet));
    }

    /** What a core router sends to a BNG. */
    static Packet fromCore(int key, Packet packet) {
        return labelled(LABEL << 12 | BOTTOM_AND_TTL_64, tunnel(CORE_ROUTER, BNG, GRE_KEY_PRESENT, key, packet));
    }
}

package io.vnfkit.dpdk.function;

import io.vnfkit.unit.MacAddress;
import java.net.Inet4Address;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * What a generator's packets look like: headers, then zeros, and in the last 16 bytes a stamp with sequence number and
 * time.
 *
 * <p>Immutable and thread-safe.
 */
public final class PacketTemplate {

    private static final int STAMP_SIZE = 16;
    private static final int MAX_HEADER = 256;
    private static final int SHORTEST = 60;
    private static final int LONGEST = 9018;
    private static final int ETHERNET = 14;
    private static final int IPV4 = 20;
    private static final int UDP = 8;
    /** 58.33 % of 64 bytes, 33.33 % of 594 and 8.33 % of 1518, in an order without runs (lengths with checksum). */
    private static final int[] IMIX = {64, 594, 64, 64, 594, 64, 1518, 64, 594, 64, 64, 594};

    private final byte[] header;
    private final int length;
    private final int ipv4Offset;
    private final int varyOffset;

    private PacketTemplate(byte[] header, int length, int ipv4Offset, int varyOffset) {
        this.header = header;
        this.length = length;
        this.ipv4Offset = ipv4Offset;
        this.varyOffset = varyOffset;
    }

    /**
     * A UDP packet over IPv4.
     *
     * @param source MAC address it comes from
     * @param destination MAC address it goes to
     * @param from IPv4 address it comes from
     * @param to IPv4 address it goes to; with several flows, the first of as many addresses
     * @param frameLength length of the frame with its checksum of 4 bytes, as RFC 2544 counts: 64 to 9022
     * @return the template
     */
    public static PacketTemplate udp(
            MacAddress source, MacAddress destination, Inet4Address from, Inet4Address to, int frameLength) {
        int length = frameLength - 4;
        if (length < SHORTEST || length > LONGEST) {
            throw new IllegalArgumentException("a frame has 64 to 9022 bytes, not " + frameLength);
        }
        ByteBuffer header = ByteBuffer.allocate(ETHERNET + IPV4 + UDP);
        header.put(destination.octets()).put(source.octets()).putShort((short) 0x0800);
        putIpv4(header, length - ETHERNET, from, to);
        // Checksum 0 over IPv4 means that there is none (RFC 768).
        header.putShort((short) 9).putShort((short) 9).putShort((short) (length - ETHERNET - IPV4)).putShort((short) 0);
        return new PacketTemplate(header.array(), length, ETHERNET, ETHERNET + 16);
    }

    private static void putIpv4(ByteBuffer header, int totalLength, Inet4Address from, Inet4Address to) {
        int start = header.position();
        header.put((byte) 0x45).put((byte) 0).putShort((short) totalLength).putInt(0).put((byte) 64).put((byte) 17);
        header.putShort((short) 0).put(from.getAddress()).put(to.getAddress());
        int sum = 0;
        for (int at = start; at < start + IPV4; at += 2) {
            sum += Short.toUnsignedInt(header.getShort(at));
        }
        sum = (sum & 0xffff) + (sum >>> 16);
        header.putShort(start + 10, (short) ~((sum & 0xffff) + (sum >>> 16)));
    }

    /**
     * Any packet.
     *
     * @param header its first bytes, at most 256
     * @param length of the packet without its frame checksum, 60 to 9018
     * @return the template
     */
    public static PacketTemplate raw(byte[] header, int length) {
        if (header.length > MAX_HEADER || header.length < ETHERNET) {
            throw new IllegalArgumentException("a header has 14 to 256 bytes, not " + header.length);
        }
        if (length < Math.max(SHORTEST, header.length) || length > LONGEST) {
            throw new IllegalArgumentException("a packet has 60 to 9018 bytes, and all of its header: not " + length);
        }
        return new PacketTemplate(header.clone(), length, 0, 0);
    }

    /**
     * The simple mix of the Internet: twelve UDP packets, seven of 64, four of 594 and one of 1518 bytes.
     *
     * @param source MAC address they come from
     * @param destination MAC address they go to
     * @param from IPv4 address they come from
     * @param to IPv4 address they go to
     * @return templates for a {@link NetworkFunction.Generator}
     */
    public static List<PacketTemplate> imix(
            MacAddress source, MacAddress destination, Inet4Address from, Inet4Address to) {
        List<PacketTemplate> mix = new ArrayList<>();
        for (int frameLength : IMIX) {
            mix.add(udp(source, destination, from, to, frameLength));
        }
        return List.copyOf(mix);
    }

    /**
     * The same, with a varying field: a word of 32 bits in the order of the wire, to which the number of the flow is
     * added.
     *
     * @param offset of the word from the start of the packet, inside the header; at least 1
     * @return the new template
     */
    public PacketTemplate varying(int offset) {
        // 0 says to the core that nothing varies; there the destination's MAC address begins.
        if (offset < 1 || offset > header.length - 4) {
            throw new IllegalArgumentException(
                    "a word that varies is at 1 to " + (header.length - 4) + ", not at " + offset);
        }
        return new PacketTemplate(header, length, ipv4Offset, offset);
    }

    /**
     * The headers.
     *
     * @return a copy
     */
    public byte[] header() {
        return header.clone();
    }

    /**
     * Length without the frame checksum.
     *
     * @return in bytes
     */
    public int length() {
        return length;
    }

    /**
     * Whether there is room behind the headers for sequence number and time, without which a sink sees neither loss nor
     * latency.
     *
     * @return true if there is
     */
    public boolean hasStamp() {
        return length - STAMP_SIZE >= header.length;
    }

    int stampOffset() {
        return hasStamp() ? length - STAMP_SIZE : 0;
    }

    int ipv4Offset() {
        return ipv4Offset;
    }

    int varyOffset() {
        return varyOffset;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PacketTemplate template && template.length == length
                && template.ipv4Offset == ipv4Offset && template.varyOffset == varyOffset
                && Arrays.equals(template.header, header);
    }

    @Override
    public int hashCode() {
        return Objects.hash(Arrays.hashCode(header), length);
    }

    @Override
    public String toString() {
        return length + 4 + "-byte frames";
    }
}

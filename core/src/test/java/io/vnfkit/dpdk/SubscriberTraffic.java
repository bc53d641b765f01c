package io.vnfkit.dpdk;

import io.vnfkit.dpdk.function.NetworkFunction.Generator;
import io.vnfkit.dpdk.function.PacketTemplate;
import io.vnfkit.dpdk.function.Rate;
import io.vnfkit.dpdk.table.CoreTunnel;
import io.vnfkit.dpdk.table.IpPrefix;
import io.vnfkit.dpdk.table.NextHop;
import io.vnfkit.dpdk.table.Subscriber;
import io.vnfkit.unit.MacAddress;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The subscribers of a BNG and their packets in both directions, from generators. Packet number s of a generator is that
 * of subscriber s modulo {@link #SUBSCRIBERS}.
 */
final class SubscriberTraffic {

    /** 17 has no divisor in common with 4096: a generator that goes round both meets each pair once. */
    private static final int OUTER_TAGS = 17;
    private static final int INNER_TAGS = 4096;
    static final int SUBSCRIBERS = OUTER_TAGS * INNER_TAGS;

    static final int STREAM = 9;

    private static final int FIRST_OUTER_TAG = 100;
    private static final int FIRST_KEY = 0x01020304;
    private static final int LABEL = 1234;
    private static final String LOCAL = "192.0.2.1";
    private static final String REMOTE = "192.0.2.2";
    private static final MacAddress CORE_ROUTER = MacAddress.parse("02:00:00:00:00:0a");
    private static final MacAddress OWN = MacAddress.parse("02:00:00:00:00:0b");
    private static final byte[] REQUEST = Packets.ipv4("10.1.0.1", "10.2.3.4", 64, 32);
    private static final byte[] ANSWER = Packets.ipv4("10.2.3.4", "10.1.0.1", 64, 32);

    private static final int STAMP_SIZE = 16;
    private static final int SEQUENCE_FROM_END = 12;
    /** Behind the destination and source, the type, the outer tag: type and identifier of the inner tag. */
    private static final int INNER_TAG_AT = 16;
    /** Behind Ethernet, MPLS, IPv4, and the flags and type of GRE. */
    private static final int KEY_AT = 14 + 4 + 20 + 4;

    private SubscriberTraffic() {}

    static Subscriber subscriber(int number) {
        byte[] mac = ByteBuffer.allocate(6).put((byte) 2).put((byte) 1).putInt(number).array();
        return new Subscriber(FIRST_OUTER_TAG + number % OUTER_TAGS, number % INNER_TAGS, FIRST_KEY + number,
                MacAddress.of(mac), 0);
    }

    static List<Subscriber> subscribers(int from, int to) {
        return IntStream.range(from, to).mapToObj(SubscriberTraffic::subscriber).toList();
    }

    static Inet4Address tunnelEnd() {
        return ip(LOCAL);
    }

    private static Inet4Address ip(String text) {
        try {
            return (Inet4Address) InetAddress.getByName(text);
        } catch (UnknownHostException failure) {
            throw new AssertionError(failure);
        }
    }

    static IpPrefix coreNetwork() {
        return IpPrefix.parse("10.2.0.0/16");
    }

    static NextHop coreRouter() {
        return NextHop.via(0, CORE_ROUTER, OWN).through(new CoreTunnel(ip(LOCAL), ip(REMOTE), LABEL));
    }

    static Generator upstream(Rate rate, long limit) {
        List<PacketTemplate> templates = IntStream.range(FIRST_OUTER_TAG, FIRST_OUTER_TAG + OUTER_TAGS)
                .mapToObj(outer -> template(Packets.qinq(outer, 0, REQUEST), INNER_TAG_AT)).toList();
        return new Generator(templates, rate, limit, STREAM, INNER_TAGS);
    }

    static Generator downstream(Rate rate, long limit) {
        byte[] frame = Packets.tunnelled(LABEL, REMOTE, LOCAL, FIRST_KEY, ANSWER);
        return new Generator(List.of(template(frame, KEY_AT)), rate, limit, STREAM, SUBSCRIBERS);
    }

    private static PacketTemplate template(byte[] frame, int varying) {
        return PacketTemplate.raw(Arrays.copyOf(frame, frame.length - STAMP_SIZE), frame.length).varying(varying);
    }

    /** What the packet with this number in the stamp must have become on its way to the core. */
    static byte[] expectedAtCore(byte[] frame) {
        Subscriber subscriber = subscriber(sequence(frame) % SUBSCRIBERS);
        byte[] expected = Packets.tunnelled(LABEL, LOCAL, REMOTE, subscriber.greKey(), oneHopLess(REQUEST));
        return finish(expected, CORE_ROUTER, OWN, frame);
    }

    /** What the packet with this number in the stamp must have become on its way to the subscriber. */
    static byte[] expectedAtSubscriber(byte[] frame, MacAddress port) {
        Subscriber subscriber = subscriber(sequence(frame) % SUBSCRIBERS);
        byte[] expected = Packets.qinq(subscriber.outerTag(), subscriber.innerTag(), oneHopLess(ANSWER));
        return finish(expected, subscriber.mac(), port, frame);
    }

    private static byte[] oneHopLess(byte[] ipv4) {
        byte[] forwarded = ipv4.clone();
        forwarded[8]--;
        forwarded[10] = 0;
        forwarded[11] = 0;
        ByteBuffer.wrap(forwarded).putShort(10, Packets.checksum(forwarded, 0, 20));
        return forwarded;
    }

    /** The stamp is taken over as it is: its time cannot be foretold. */
    private static byte[] finish(byte[] expected, MacAddress destination, MacAddress source, byte[] frame) {
        System.arraycopy(destination.octets(), 0, expected, 0, 6);
        System.arraycopy(source.octets(), 0, expected, 6, 6);
        System.arraycopy(frame, frame.length - STAMP_SIZE, expected, expected.length - STAMP_SIZE, STAMP_SIZE);
        return expected;
    }

    /** The number of a packet, from its stamp. */
    static int sequence(byte[] frame) {
        return ByteBuffer.wrap(frame).order(ByteOrder.nativeOrder()).getInt(frame.length - SEQUENCE_FROM_END);
    }
}

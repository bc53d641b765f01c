package io.vnfkit.launch.compile;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A request of rtnetlink: header, a fixed part, attributes that may nest. Every field is aligned to four octets.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/rtnetlink.7.html">rtnetlink(7)</a>
 */
final class NetlinkMessage {

    static final int RTM_NEWLINK = 16;
    static final int RTM_DELLINK = 17;
    static final int RTM_NEWADDR = 20;
    static final int NLM_F_CREATE_EXCLUSIVELY = 0x600;
    static final int IFF_UP = 1;

    /** Offset of ifi_index in a link message, of ifa_index in an address message: behind the header of 16 octets. */
    static final int LINK_INDEX = 16 + 4;
    static final int ADDRESS_INDEX = 16 + 4;

    private static final int NLM_F_REQUEST_ACK = 5;

    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final Deque<Integer> open = new ArrayDeque<>();
    private final int type;
    private final int flags;

    private NetlinkMessage(int type, int flags) {
        this.type = type;
        this.flags = flags;
    }

    /** A message about a link; the index is filled in later or stays 0. */
    static NetlinkMessage link(int flags, boolean up) {
        return new NetlinkMessage(RTM_NEWLINK, flags).linkHeader(up);
    }

    /** A message that removes the link whose index is filled in later. */
    static NetlinkMessage removalOfLink() {
        return new NetlinkMessage(RTM_DELLINK, 0).linkHeader(false);
    }

    /** A message about an address of the link whose index is filled in later. */
    static NetlinkMessage address(int family, int prefixLength, int addressFlags) {
        NetlinkMessage message = new NetlinkMessage(RTM_NEWADDR, NLM_F_CREATE_EXCLUSIVELY);
        message.body.writeBytes(new byte[] {(byte) family, (byte) prefixLength, (byte) addressFlags, 0, 0, 0, 0, 0});
        return message;
    }

    /** A struct ifinfomsg: family, type, index, flags, mask of flags to change. */
    NetlinkMessage linkHeader(boolean up) {
        int change = up ? IFF_UP : 0;
        body.writeBytes(little(16).putInt(0).putInt(0).putInt(change).putInt(change).array());
        return this;
    }

    NetlinkMessage text(int attribute, String value) {
        return bytes(attribute, (value + "\0").getBytes(StandardCharsets.UTF_8));
    }

    NetlinkMessage number(int attribute, int value) {
        return bytes(attribute, little(4).putInt(value).array());
    }

    NetlinkMessage bytes(int attribute, byte[] value) {
        body.writeBytes(little(4).putShort((short) (4 + value.length)).putShort((short) attribute).array());
        body.writeBytes(value);
        align();
        return this;
    }

    /** Where the value of the attribute added next will lie in the message, for one that is filled in later. */
    int nextValueOffset() {
        return 16 + body.size() + 4;
    }

    NetlinkMessage begin(int attribute) {
        open.push(body.size());
        body.writeBytes(little(4).putShort((short) 0).putShort((short) attribute).array());
        return this;
    }

    NetlinkMessage end() {
        int start = open.pop();
        byte[] bytes = body.toByteArray();
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putShort(start, (short) (bytes.length - start));
        body.reset();
        body.writeBytes(bytes);
        return this;
    }

    byte[] toBytes() {
        int length = 16 + body.size();
        ByteBuffer message = little(length).putInt(length).putShort((short) type)
                .putShort((short) (NLM_F_REQUEST_ACK | flags)).putInt(1).putInt(0);
        return message.put(body.toByteArray()).array();
    }

    private void align() {
        while (body.size() % 4 != 0) {
            body.write(0);
        }
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}

package io.vnfkit.ivshmem.memif;

import io.vnfkit.ivshmem.memif.MemifMessage.Ack;
import io.vnfkit.ivshmem.memif.MemifMessage.AddRegion;
import io.vnfkit.ivshmem.memif.MemifMessage.AddRing;
import io.vnfkit.ivshmem.memif.MemifMessage.Connect;
import io.vnfkit.ivshmem.memif.MemifMessage.Connected;
import io.vnfkit.ivshmem.memif.MemifMessage.Disconnect;
import io.vnfkit.ivshmem.memif.MemifMessage.Hello;
import io.vnfkit.ivshmem.memif.MemifMessage.Init;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Messages to bytes and back: 16 bits of type and a packed body, filled with zeros to {@value #BYTES} bytes, little
 * endian as both architectures are. Pure and thread-safe.
 */
public final class MessageCodec {

    /** Length of every message. */
    public static final int BYTES = 128;

    private static final int ACK = 1;
    private static final int HELLO = 2;
    private static final int INIT = 3;
    private static final int ADD_REGION = 4;
    private static final int ADD_RING = 5;
    private static final int CONNECT = 6;
    private static final int CONNECTED = 7;
    private static final int DISCONNECT = 8;
    private static final int BODY = 2;
    private static final int FLAG_CLIENT_TO_SERVER = 1;

    private MessageCodec() {}

    /**
     * Encodes a message.
     *
     * @param message any
     * @return its {@value #BYTES} bytes, from position 0
     */
    public static ByteBuffer encode(MemifMessage message) {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        if (message instanceof Ack) {
            return bytes.putShort(0, (short) ACK);
        }
        if (message instanceof Hello hello) {
            return encode(bytes, hello);
        }
        if (message instanceof Init init) {
            return encode(bytes, init);
        }
        if (message instanceof AddRegion region) {
            return bytes.putShort(0, (short) ADD_REGION).putShort(BODY, (short) region.index())
                    .putLong(BODY + 2, region.size());
        }
        if (message instanceof AddRing ring) {
            return encode(bytes, ring);
        }
        if (message instanceof Connect connect) {
            FixedText.put(bytes.putShort(0, (short) CONNECT), BODY, connect.interfaceName());
            return bytes;
        }
        if (message instanceof Connected connected) {
            FixedText.put(bytes.putShort(0, (short) CONNECTED), BODY, connected.interfaceName());
            return bytes;
        }
        return encode(bytes, (Disconnect) message);
    }

    private static ByteBuffer encode(ByteBuffer bytes, Hello hello) {
        FixedText.put(bytes, BODY, hello.name());
        return bytes.putShort(0, (short) HELLO)
                .putShort(BODY + 32, (short) hello.lowestVersion())
                .putShort(BODY + 34, (short) hello.highestVersion())
                .putShort(BODY + 36, (short) hello.highestRegion())
                .putShort(BODY + 38, (short) hello.highestServerToClient())
                .putShort(BODY + 40, (short) hello.highestClientToServer())
                .put(BODY + 42, (byte) hello.highestLog2());
    }

    private static ByteBuffer encode(ByteBuffer bytes, Init init) {
        FixedText.put(bytes, BODY + 7, init.secret());
        FixedText.put(bytes, BODY + 31, init.name());
        return bytes.putShort(0, (short) INIT)
                .putShort(BODY, (short) init.version())
                .putInt(BODY + 2, (int) init.id())
                .put(BODY + 6, (byte) init.mode());
    }

    private static ByteBuffer encode(ByteBuffer bytes, AddRing ring) {
        int flags = ring.direction() == Direction.CLIENT_TO_SERVER ? FLAG_CLIENT_TO_SERVER : 0;
        return bytes.putShort(0, (short) ADD_RING)
                .putShort(BODY, (short) flags)
                .putShort(BODY + 2, (short) ring.index())
                .putShort(BODY + 4, (short) ring.region())
                .putInt(BODY + 6, (int) ring.offset())
                .put(BODY + 10, (byte) ring.log2Size())
                .putShort(BODY + 11, (short) ring.privateHeader());
    }

    private static ByteBuffer encode(ByteBuffer bytes, Disconnect disconnect) {
        FixedText.put(bytes, BODY + 4, disconnect.reason());
        return bytes.putShort(0, (short) DISCONNECT).putInt(BODY, (int) disconnect.code());
    }

    /**
     * Decodes a message. Bytes that belong to no field are not looked at.
     *
     * @param bytes the message from index 0 to its limit
     * @return what it says
     * @throws MemifProtocolException if it has another length than {@value #BYTES} or a type that there is not
     */
    public static MemifMessage decode(ByteBuffer bytes) {
        if (bytes.limit() != BYTES) {
            throw new MemifProtocolException("a memif message has " + BYTES + " bytes, not " + bytes.limit());
        }
        ByteBuffer message = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        int type = unsigned16(message, 0);
        return switch (type) {
            case ACK -> new Ack();
            case HELLO -> hello(message);
            case INIT -> init(message);
            case ADD_REGION -> new AddRegion(unsigned16(message, BODY), message.getLong(BODY + 2));
            case ADD_RING -> addRing(message);
            case CONNECT -> new Connect(FixedText.get(message, BODY, MemifMessage.NAME_BYTES));
            case CONNECTED -> new Connected(FixedText.get(message, BODY, MemifMessage.NAME_BYTES));
            case DISCONNECT -> new Disconnect(unsigned32(message, BODY),
                    FixedText.get(message, BODY + 4, MemifMessage.REASON_BYTES));
            default -> throw new MemifProtocolException("memif messages have types 1 to 8, not " + type);
        };
    }

    private static Hello hello(ByteBuffer message) {
        return new Hello(FixedText.get(message, BODY, MemifMessage.NAME_BYTES), unsigned16(message, BODY + 32),
                unsigned16(message, BODY + 34), unsigned16(message, BODY + 36), unsigned16(message, BODY + 38),
                unsigned16(message, BODY + 40), message.get(BODY + 42) & 0xff);
    }

    private static Init init(ByteBuffer message) {
        return new Init(unsigned16(message, BODY), unsigned32(message, BODY + 2), message.get(BODY + 6) & 0xff,
                FixedText.get(message, BODY + 7, MemifMessage.SECRET_BYTES),
                FixedText.get(message, BODY + 31, MemifMessage.NAME_BYTES));
    }

    private static AddRing addRing(ByteBuffer message) {
        boolean toServer = (unsigned16(message, BODY) & FLAG_CLIENT_TO_SERVER) != 0;
        return new AddRing(toServer ? Direction.CLIENT_TO_SERVER : Direction.SERVER_TO_CLIENT,
                unsigned16(message, BODY + 2), unsigned16(message, BODY + 4), unsigned32(message, BODY + 6),
                message.get(BODY + 10) & 0xff, unsigned16(message, BODY + 11));
    }

    private static int unsigned16(ByteBuffer message, int at) {
        return message.getShort(at) & 0xffff;
    }

    private static long unsigned32(ByteBuffer message, int at) {
        return message.getInt(at) & 0xffff_ffffL;
    }
}

package io.vnfkit.dpdk.port;

import io.vnfkit.dpdk.port.PortInformation.Link;
import io.vnfkit.unit.MacAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** struct vnfkit_port_info and vnfkit_port_config of forwarder.h. */
public final class PortLayout {

    static final int INFO_SIZE = 216;
    private static final int CONFIG_SIZE = 40;
    private static final int NAME_SIZE = 64;
    private static final int MAC_AT = 128;

    private PortLayout() {}

    static PortInformation information(ByteBuffer buffer) {
        byte[] mac = new byte[6];
        buffer.get(MAC_AT, mac);
        Link link = new Link(buffer.getInt(164) != 0, Integer.toUnsignedLong(buffer.getInt(168)), buffer.getInt(172) != 0);
        return new PortInformation(text(buffer, 0, NAME_SIZE), text(buffer, NAME_SIZE, NAME_SIZE), MacAddress.of(mac),
                Short.toUnsignedInt(buffer.getShort(134)), buffer.getInt(136), buffer.getInt(140), buffer.getInt(144),
                buffer.getInt(148), buffer.getInt(152), buffer.getInt(160), buffer.getInt(176) != 0, link,
                buffer.getLong(184), buffer.getLong(192), buffer.getLong(200));
    }

    /** The structure that a port is configured with. */
    public static ByteBuffer configuration(Port port, int pool) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(CONFIG_SIZE).order(ByteOrder.nativeOrder());
        buffer.putInt(port.receiveQueues()).putInt(port.transmitQueues());
        buffer.putInt(port.receiveDescriptors()).putInt(port.transmitDescriptors());
        buffer.putInt(port.mtu()).putInt(pool).putInt(port.promiscuous() ? 1 : 0).putInt(0);
        buffer.putLong(port.spread().types());
        return buffer.flip();
    }

    static String text(ByteBuffer buffer, int at, int size) {
        byte[] bytes = new byte[size];
        buffer.get(at, bytes);
        int length = 0;
        while (length < size && bytes[length] != 0) {
            length++;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
}

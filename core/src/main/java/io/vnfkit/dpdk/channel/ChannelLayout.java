package io.vnfkit.dpdk.channel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** struct vnfkit_channel_config and vnfkit_channel_info of forwarder.h. */
public final class ChannelLayout {

    static final int CONFIG_SIZE = 144;
    static final int INFO_SIZE = 32;
    private static final int NAME_SIZE = 64;

    private ChannelLayout() {}

    /** The structure that a side is opened with; the name is that of its mempool. */
    public static ByteBuffer configuration(ChannelSide side, String name, int node) {
        ChannelPlace place = side.place();
        ByteBuffer buffer = direct(CONFIG_SIZE);
        buffer.put(name.getBytes(StandardCharsets.UTF_8)).position(NAME_SIZE);
        buffer.putInt(place.descriptor()).putInt(side.direction().ordinal());
        buffer.putLong(place.size()).putLong(place.pageSize()).putLong(place.firstObject());
        buffer.putLong(place.packets()).putLong(place.returned()).putLong(place.buffers());
        buffer.putInt(place.slots()).putInt(place.cacheLine());
        buffer.putInt(place.bufferSize()).putInt(place.bufferCount());
        return buffer.putInt(node).putInt(0).flip();
    }

    static ByteBuffer information() {
        return direct(INFO_SIZE);
    }

    static ChannelInformation information(ByteBuffer buffer) {
        return new ChannelInformation(
                buffer.getLong(0), buffer.getLong(8), buffer.getLong(16) != 0, buffer.getLong(24));
    }

    private static ByteBuffer direct(int size) {
        return ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
    }
}

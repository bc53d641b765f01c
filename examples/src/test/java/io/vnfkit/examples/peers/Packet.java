package io.vnfkit.examples.peers;

import io.vnfkit.unit.MacAddress;
import java.nio.ByteBuffer;

/**
 * A hand-made packet: an Ethernet type, and every byte of the network layer as it shall be, right or wrong.
 *
 * @param name what is special about it
 * @param etherType Ethernet type
 * @param network network layer, with padding behind it or not
 */
record Packet(String name, int etherType, byte[] network) {

    static final int IPV4 = 0x0800;
    static final int IPV6 = 0x86dd;

    /** The frame that carries it. */
    byte[] frame(MacAddress destination, MacAddress source) {
        return ByteBuffer.allocate(14 + network.length)
                .put(destination.octets()).put(source.octets()).putShort((short) etherType).put(network).array();
    }

    @Override
    public String toString() {
        return name;
    }
}

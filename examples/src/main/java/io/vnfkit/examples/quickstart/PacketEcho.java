package io.vnfkit.examples.quickstart;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/**
 * Receives datagrams, sends each back, and prints how many there were. A datagram of one octet ends it.
 *
 * <p>Arguments: the address and the port to listen at.
 */
public final class PacketEcho {

    private PacketEcho() {}

    /**
     * Runs it.
     *
     * @param arguments address and port
     * @throws IOException if the socket fails
     */
    public static void main(String[] arguments) throws IOException {
        try (DatagramChannel channel = DatagramChannel.open()) {
            channel.bind(new InetSocketAddress(arguments[0], Integer.parseInt(arguments[1])));
            System.out.println("listening");
            System.out.println(echo(channel));
        }
    }

    private static long echo(DatagramChannel channel) throws IOException {
        ByteBuffer packet = ByteBuffer.allocateDirect(2048);
        long count = 0;
        while (true) {
            SocketAddress sender = channel.receive(packet.clear());
            if (packet.flip().remaining() == 1) {
                return count;
            }
            count++;
            channel.send(packet, sender);
        }
    }
}

package io.vnfkit.examples.quickstart;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;

/**
 * Sends numbered datagrams to a {@link PacketEcho}, with a limited number on the way, and prints how many were sent, how many
 * came back and how long that took in microseconds.
 *
 * <p>Arguments: the address and port of the echo, the number of datagrams, their size.
 */
public final class PacketSource {

    /** Well below the 512 frames of the driver's ring: a slow machine shall not look like one that loses packets. */
    private static final int WINDOW = 64;

    private static final long PATIENCE_MILLIS = 1000;

    private final DatagramChannel channel;
    private final Selector selector;
    private final ByteBuffer packet;

    private PacketSource(DatagramChannel channel, Selector selector, int size) {
        this.channel = channel;
        this.selector = selector;
        this.packet = ByteBuffer.allocateDirect(size);
    }

    /**
     * Runs it.
     *
     * @param arguments address, port, count and size
     * @throws IOException if the socket fails
     */
    public static void main(String[] arguments) throws IOException {
        try (DatagramChannel channel = DatagramChannel.open(); Selector selector = Selector.open()) {
            channel.connect(new InetSocketAddress(arguments[0], Integer.parseInt(arguments[1])));
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            new PacketSource(channel, selector, Integer.parseInt(arguments[3])).run(Integer.parseInt(arguments[2]));
        }
    }

    private void run(int count) throws IOException {
        long start = System.nanoTime();
        int sent = 0;
        int returned = 0;
        int lost = 0;
        while (returned + lost < count) {
            while (sent < count && sent - returned - lost < WINDOW) {
                channel.write(packet.clear().putInt(0, sent));
                sent++;
            }
            int came = receive();
            returned += came;
            if (came == 0) {
                lost = sent - returned;
            }
        }
        long micros = (System.nanoTime() - start) / 1000;
        channel.write(ByteBuffer.allocate(1));
        System.out.println(sent + " " + returned + " " + micros);
    }

    /** Waits for packets and takes those that are there: none if no packet came in a second. */
    private int receive() throws IOException {
        selector.select(key -> { }, PATIENCE_MILLIS);
        int came = 0;
        while (channel.read(packet.clear()) > 0) {
            came++;
        }
        return came;
    }
}

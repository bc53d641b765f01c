package io.vnfkit.ivshmem.crash;

import io.vnfkit.ivshmem.Region;
import io.vnfkit.ivshmem.memory.SharedWords;
import io.vnfkit.ivshmem.packet.PacketChannel;
import io.vnfkit.ivshmem.packet.PacketReceiver;
import io.vnfkit.ivshmem.packet.PacketSender;
import io.vnfkit.unit.Bytes;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** What a receiver gets is whole and in order; after its death the sender has all its buffers again. */
final class PacketReceiverSubject implements Subject {

    private static final String NAME = "channel";
    /** A word in which a victim says what it has received last. */
    private static final String WITNESS = "witness";
    private static final int BUFFERS = 63;
    private static final int BATCH = 16;

    private final Numbered numbered = new Numbered(200);
    private final long[] packets = new long[BUFFERS + 1];
    private PacketSender sender;
    private ByteBuffer witness;
    private long sent;

    @Override
    public void work(Region region, long from) {
        ByteBuffer received = region.window(region.find(WITNESS).orElseThrow());
        PacketReceiver receiver = PacketChannel.open(region, NAME).receiver();
        byte[] copy = new byte[2048];
        long next = from;
        while (true) {
            int count = receiver.receive(packets, 0, BATCH);
            for (int i = 0; i < count; i++) {
                long number = numbered.numberOf(Arrays.copyOf(copy, receiver.copy(packets[i], copy, 0)));
                Subject.require(number == next, "packet " + number + " came where " + next + " was due");
                SharedWords.longOpaque(received, 0, next++);
            }
            receiver.release(packets, 0, count);
            Subject.require(receiver.lost() == 0, "packets could not be given back");
        }
    }

    @Override
    public void make(Region region) {
        witness = region.window(region.createZone(WITNESS, Bytes.of(4096), "test"));
        sender = PacketChannel.create(region, NAME, 2048, BUFFERS, "test").sender();
    }

    @Override
    public long watch() {
        int claimed = sender.claim(packets, 0, BATCH);
        for (int i = 0; i < claimed; i++) {
            byte[] packet = numbered.message(sent++);
            packets[i] = sender.fill(packets[i], packet, 0, packet.length);
        }
        Subject.require(sender.send(packets, 0, claimed) == claimed, "a claimed buffer could not be sent");
        return SharedWords.longOpaque(witness, 0);
    }

    @Override
    public long settle() {
        Subject.require(!sender.isPeerPresent(), "the dead receiver is said to be there");
        sender.recover();
        Subject.require(sender.pending() == 0, sender.pending() + " packets are on their way to nobody");
        Subject.require(sender.claim(packets, 0, packets.length) == BUFFERS, "buffers are missing");
        sender.unclaim(packets, 0, BUFFERS);
        return sent;
    }

    @Override
    public void close() {
        sender.close();
    }
}

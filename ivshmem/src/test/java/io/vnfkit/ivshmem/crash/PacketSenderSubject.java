package io.vnfkit.ivshmem.crash;

import io.vnfkit.ivshmem.Region;
import io.vnfkit.ivshmem.packet.PacketChannel;
import io.vnfkit.ivshmem.packet.PacketReceiver;
import io.vnfkit.ivshmem.packet.PacketSender;
import java.util.Arrays;

/** What a sender sent arrives whole and in order, and its successor has all buffers when they are released. */
final class PacketSenderSubject implements Subject {

    private static final String NAME = "channel";
    private static final int BUFFERS = 63;
    private static final int BATCH = 16;

    private final Numbered numbered = new Numbered(200);
    private final long[] packets = new long[BATCH];
    private final byte[] copy = new byte[2048];
    private PacketReceiver receiver;
    private long next;

    @Override
    public void work(Region region, long from) {
        PacketSender sender = PacketChannel.open(region, NAME).sender();
        long[] all = new long[BUFFERS];
        Subject.require(sender.claim(all, 0, BUFFERS) == BUFFERS, "buffers are missing");
        sender.unclaim(all, 0, BUFFERS);
        long number = from;
        while (true) {
            int claimed = sender.claim(packets, 0, 1 + (int) (number % BATCH));
            for (int i = 0; i < claimed; i++) {
                byte[] packet = numbered.message(number + i);
                packets[i] = sender.fill(packets[i], packet, 0, packet.length);
            }
            int sent = sender.send(packets, 0, claimed);
            sender.unclaim(packets, sent, claimed - sent);
            number += sent;
        }
    }

    @Override
    public void make(Region region) {
        receiver = PacketChannel.create(region, NAME, 2048, BUFFERS, "test").receiver();
    }

    @Override
    public long watch() {
        int received = receiver.receive(packets, 0, BATCH);
        for (int i = 0; i < received; i++) {
            long number = numbered.numberOf(Arrays.copyOf(copy, receiver.copy(packets[i], copy, 0)));
            Subject.require(number == next, "packet " + number + " came where " + next + " was due");
            next++;
        }
        receiver.release(packets, 0, received);
        return next;
    }

    @Override
    public long settle() {
        Subject.require(!receiver.isPeerPresent(), "the dead sender is said to be there");
        while (receiver.size() > 0) {
            watch();
        }
        Subject.require(receiver.lost() == 0, receiver.lost() + " packets could not be given back");
        return next;
    }

    @Override
    public void close() {
        receiver.close();
    }
}

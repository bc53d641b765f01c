package io.vnfkit.ivshmem.crash;

import io.vnfkit.ivshmem.packet.PacketChannel;
import io.vnfkit.ivshmem.packet.PacketReceiver;
import io.vnfkit.ivshmem.packet.PacketSender;
import io.vnfkit.unit.Bytes;

/** Senders of packets are killed; what they sent arrives, and their successor has every buffer. */
public final class PacketSenderLife extends RegionLife {

    private static final String NAME = "channel";
    private static final int BUFFERS = 7;

    private final Numbered numbered = new Numbered(60);
    private final Expected expected = new Expected();
    private final PacketReceiver receiver;
    private long next;

    public PacketSenderLife(int variant) {
        super(Bytes.kibibytes(64));
        PacketChannel channel = PacketChannel.create(region, NAME, 2048, BUFFERS, "test");
        receiver = channel.receiver();
        try (PacketSender sender = channel.sender()) {
            for (int i = 0; i < variant; i++) {
                send(sender, 3);
                survivors();
            }
        }
    }

    private void send(PacketSender sender, int count) {
        long[] packets = new long[count];
        int claimed = sender.claim(packets, 0, count);
        for (int i = 0; i < claimed; i++) {
            byte[] packet = numbered.message(next + i);
            packets[i] = sender.fill(packets[i], packet, 0, packet.length);
        }
        expected.begin(next, claimed);
        next += claimed;
        int sent = sender.send(packets, 0, claimed);
        expected.end(sent);
        sender.unclaim(packets, sent, claimed - sent);
    }

    @Override
    public void prepare() {
        // A successor needs a channel where no packet is on its way.
        survivors();
    }

    @Override
    public void victim() {
        PacketSender sender = PacketChannel.open(newVictim(), NAME).sender();
        send(sender, 2);
        send(sender, 4);
        sender.claim(new long[2], 0, 2);
        send(sender, 3);
    }

    @Override
    public void survivors() {
        long[] packets = new long[3];
        byte[] copy = new byte[2048];
        int received;
        while ((received = receiver.receive(packets, 0, packets.length)) > 0) {
            for (int i = 0; i < received; i++) {
                int length = receiver.copy(packets[i], copy, 0);
                expected.arrived(numbered.numberOf(java.util.Arrays.copyOf(copy, length)));
            }
            receiver.release(packets, 0, received);
        }
        expected.quiet();
        require(receiver.lost() == 0, "packets could not be given back");
    }

    @Override
    public void finish() {
        survivors();
        try (PacketSender sender = PacketChannel.open(region, NAME).sender()) {
            long[] all = new long[BUFFERS + 1];
            require(sender.claim(all, 0, all.length) == BUFFERS, "buffers are missing");
            sender.unclaim(all, 0, BUFFERS);
            for (int i = 0; i < 20; i++) {
                send(sender, 1 + i % BUFFERS);
                survivors();
            }
        }
    }
}

package io.vnfkit.ivshmem.crash;

import io.vnfkit.ivshmem.RegionException;
import io.vnfkit.ivshmem.packet.PacketChannel;
import io.vnfkit.ivshmem.packet.PacketReceiver;
import io.vnfkit.ivshmem.packet.PacketSender;
import io.vnfkit.unit.Bytes;
import java.util.Arrays;

/** Receivers of packets are killed; the sender takes every buffer back, and their successor gets whole packets. */
public final class PacketReceiverLife extends RegionLife {

    private static final String NAME = "channel";
    private static final int BUFFERS = 7;

    private final Numbered numbered = new Numbered(60);
    private final PacketSender sender;
    private final boolean isRecoveredAtOnce;
    private long next;
    private long least;

    /** With odd variants the sender takes everything back before it looks whether a successor needs that. */
    public PacketReceiverLife(int variant) {
        super(Bytes.kibibytes(64));
        isRecoveredAtOnce = variant % 2 == 1;
        PacketChannel channel = PacketChannel.create(region, NAME, 2048, BUFFERS, "test");
        sender = channel.sender();
        try (PacketReceiver receiver = channel.receiver()) {
            for (int i = 0; i < variant; i++) {
                send(3);
                receive(receiver, 3);
            }
        }
        send(BUFFERS);
    }

    private void send(int count) {
        long[] packets = new long[count];
        int claimed = sender.claim(packets, 0, count);
        for (int i = 0; i < claimed; i++) {
            byte[] packet = numbered.message(next++);
            packets[i] = sender.fill(packets[i], packet, 0, packet.length);
        }
        require(sender.send(packets, 0, claimed) == claimed, "a claimed buffer could not be sent");
    }

    private void receive(PacketReceiver receiver, int count) {
        long[] packets = new long[count];
        byte[] copy = new byte[2048];
        int received = receiver.receive(packets, 0, count);
        for (int i = 0; i < received; i++) {
            long number = numbered.numberOf(Arrays.copyOf(copy, receiver.copy(packets[i], copy, 0)));
            require(number >= least, "packet " + number + " came again");
            least = number + 1;
        }
        receiver.release(packets, 0, received);
    }

    /** What was taken and not released comes again only if its taking was not published, so after a death it may. */
    @Override
    public void prepare() {
        least = 0;
        if (isRecoveredAtOnce) {
            recover();
            return;
        }
        try {
            PacketChannel.open(region, NAME).receiver().close();
        } catch (RegionException unreleased) {
            require(unreleased.getMessage().contains("recover"), "it is not said what to do");
            recover();
        }
    }

    @Override
    public void victim() {
        PacketReceiver receiver = PacketChannel.open(newVictim(), NAME).receiver();
        receive(receiver, 2);
        receive(receiver, 1);
        receive(receiver, 4);
    }

    private void recover() {
        sender.recover();
        require(sender.pending() == 0, sender.pending() + " packets are on their way to nobody");
        send(5);
    }

    @Override
    public void survivors() {
        send(2);
    }

    @Override
    public void finish() {
        recover();
        try (PacketReceiver receiver = PacketChannel.open(region, NAME).receiver()) {
            least = 0;
            for (int i = 0; i < 20; i++) {
                receive(receiver, BUFFERS);
                require(receiver.size() == 0, "more was sent than there are buffers");
                send(1 + i % BUFFERS);
            }
            receive(receiver, BUFFERS);
            require(least == next, "packet " + next + " has not come");
            long[] all = new long[BUFFERS + 1];
            require(sender.claim(all, 0, all.length) == BUFFERS, "buffers are missing");
        }
    }
}

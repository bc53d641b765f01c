package io.vnfkit.ivshmem.crash;

import io.vnfkit.ivshmem.Region;
import io.vnfkit.ivshmem.RegionException;
import io.vnfkit.ivshmem.packet.PacketChannel;
import io.vnfkit.ivshmem.packet.PacketReceiver;
import io.vnfkit.ivshmem.packet.PacketSender;
import io.vnfkit.unit.Bytes;
import java.util.Arrays;

/** Sender and receiver of packets are killed at once, also while the one recovers from the death of the other. */
public final class PacketBothLife extends RegionLife {

    private static final String NAME = "channel";
    private static final int BUFFERS = 7;

    private final Numbered numbered = new Numbered(60);
    private final int variant;
    private long next;
    private long least;

    /** The variant decides what is on its way when the receiver ends, and which side comes first in the end. */
    public PacketBothLife(int variant) {
        super(Bytes.kibibytes(64));
        this.variant = variant;
        PacketChannel channel = PacketChannel.create(region, NAME, 2048, BUFFERS, "test");
        if (variant >= 16) {
            try (PacketSender sender = channel.sender(); PacketReceiver receiver = channel.receiver()) {
                send(sender, 5);
                receive(receiver, 5, 5);
                sender.claim(new long[BUFFERS], 0, BUFFERS);
            }
        }
    }

    private void send(PacketSender sender, int count) {
        long[] packets = new long[count];
        int claimed = sender.claim(packets, 0, count);
        for (int i = 0; i < claimed; i++) {
            byte[] packet = numbered.message(next++);
            packets[i] = sender.fill(packets[i], packet, 0, packet.length);
        }
        require(sender.send(packets, 0, claimed) == claimed, "a claimed buffer could not be sent");
    }

    private long receive(PacketReceiver receiver, int count, int released) {
        long[] packets = new long[count];
        byte[] copy = new byte[2048];
        int received = receiver.receive(packets, 0, count);
        long number = -1;
        for (int i = 0; i < received; i++) {
            number = numbered.numberOf(Arrays.copyOf(copy, receiver.copy(packets[i], copy, 0)));
            require(number >= least, "packet " + number + " came again");
            least = number + 1;
        }
        receiver.release(packets, 0, Math.min(received, released));
        return number;
    }

    @Override
    public void victim() {
        Region both = newVictim();
        PacketSender sender = PacketChannel.open(both, NAME).sender();
        least = next;
        send(sender, 4);
        try (PacketReceiver receiver = PacketChannel.open(both, NAME).receiver()) {
            receive(receiver, 1 + variant % 4, variant / 4 % 4);
        }
        sender.recover();
        least = next;
        send(sender, 3);
        try (PacketReceiver receiver = PacketChannel.open(both, NAME).receiver()) {
            receive(receiver, 3, 3);
            send(sender, 5);
        }
    }

    @Override
    public void survivors() {
        // Nobody is left.
    }

    @Override
    public void finish() {
        bury();
        PacketReceiver early = variant % 2 == 0 ? null : receiverThatMayBeRefused();
        if (early != null) {
            receiveOld(early);
        }
        try (PacketSender sender = PacketChannel.open(region, NAME).sender();
                PacketReceiver receiver = early != null ? early : PacketChannel.open(region, NAME).receiver()) {
            long[] all = new long[BUFFERS + 1];
            require(sender.claim(all, 0, all.length) == BUFFERS, "buffers are missing");
            sender.unclaim(all, 0, BUFFERS);
            for (int i = 0; i < 20; i++) {
                send(sender, 1 + i % BUFFERS);
                require(receive(receiver, BUFFERS, BUFFERS) == next - 1, "packet " + next + " has not come");
            }
            require(sender.claim(all, 0, all.length) == BUFFERS, "buffers are missing");
        }
    }

    private PacketReceiver receiverThatMayBeRefused() {
        try {
            return PacketChannel.open(region, NAME).receiver();
        } catch (RegionException unreleased) {
            require(unreleased.getMessage().contains("recover"), "it is not said what to do");
            return null;
        }
    }

    /** What a dead sender had sent is whole. */
    private void receiveOld(PacketReceiver receiver) {
        long[] packets = new long[BUFFERS];
        byte[] copy = new byte[2048];
        int received = receiver.receive(packets, 0, BUFFERS);
        for (int i = 0; i < received; i++) {
            numbered.numberOf(Arrays.copyOf(copy, receiver.copy(packets[i], copy, 0)));
        }
        receiver.release(packets, 0, received);
    }
}

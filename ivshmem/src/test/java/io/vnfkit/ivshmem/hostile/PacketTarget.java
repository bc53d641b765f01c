package io.vnfkit.ivshmem.hostile;

import io.vnfkit.ivshmem.packet.PacketChannel;
import io.vnfkit.ivshmem.packet.PacketReceiver;
import io.vnfkit.ivshmem.packet.PacketSender;
import java.util.Random;

/** Both sides of a packet channel. A packet may lie anywhere in the region, so loads may go anywhere; stores may not. */
public final class PacketTarget extends RegionTarget {

    private static final String NAME = "channel";
    private static final int BUFFERS = 7;

    private final PacketChannel channel;

    public PacketTarget() {
        super(NAME);
        channel = PacketChannel.create(region, NAME, 2048, BUFFERS, "test");
        guard();
    }

    /** Packets that were forged lie anywhere. */
    @Override
    public int directoryEnd() {
        return memory().capacity();
    }

    @Override
    public void use(Random random) {
        try (PacketSender sender = opened(channel::sender)) {
            for (int round = 0; sender != null && round < 4; round++) {
                send(sender, random);
                try (PacketReceiver receiver = opened(channel::receiver)) {
                    receive(receiver, random);
                    send(sender, random);
                }
                repeat(1, i -> sender.recover() >= 0);
            }
        }
    }

    private static void send(PacketSender sender, Random random) {
        byte[] bytes = new byte[sender.maxLength()];
        long[] packets = new long[BUFFERS];
        repeat(3, i -> {
            int claimed = sender.claim(packets, 0, 1 + random.nextInt(BUFFERS));
            for (int k = 0; k < claimed; k++) {
                packets[k] = sender.fill(packets[k], bytes, 0, random.nextInt(100));
            }
            int sent = 0;
            try {
                sent = sender.send(packets, 0, claimed);
            } finally {
                require(sender.pending() >= 0, "fewer than none are on their way");
            }
            sender.unclaim(packets, sent, claimed - sent);
            require(sender.returned(packets, 0, BUFFERS) == 0, "packets of other channels came back");
            return true;
        });
    }

    private static void receive(PacketReceiver receiver, Random random) {
        if (receiver == null) {
            return;
        }
        byte[] copy = new byte[65536];
        long[] packets = new long[BUFFERS];
        repeat(4, i -> {
            int received = receiver.receive(packets, 0, 1 + random.nextInt(BUFFERS));
            for (int k = 0; k < received; k++) {
                int length = receiver.copy(packets[k], copy, 0);
                require(receiver.packet(packets[k]).remaining() == length, "a packet has two lengths");
            }
            receiver.release(packets, 0, received);
            return receiver.size() > 0;
        });
    }
}

package io.vnfkit.ivshmem.packet;

import io.vnfkit.dpdk.channel.ChannelPlace;
import io.vnfkit.dpdk.channel.ChannelSide;
import io.vnfkit.dpdk.channel.Direction;
import io.vnfkit.ivshmem.Role;
import java.util.function.LongSupplier;

/** One side of a packet channel for a forwarding core, which is the side from its start until it is closed. */
record ForwardingSide(PacketChannel channel, Direction direction, ChannelPlace place) implements ChannelSide {

    @Override
    public Hold take() {
        return direction == Direction.SENDER
                ? channel.takeAsSender(Holding::new) : channel.takeAsReceiver(Holding::new);
    }

    @Override
    public String toString() {
        return channel.toString();
    }

    private final class Holding implements Hold {

        private final Role role;

        Holding(Role role) {
            this.role = role;
        }

        @Override
        public boolean isPeerPresent() {
            return role.isPeerPresent();
        }

        @Override
        public long whileNobodyReceives(LongSupplier restart) {
            return channel.whileNobodyReceives(restart);
        }

        @Override
        public void close() {
            role.close();
        }
    }
}

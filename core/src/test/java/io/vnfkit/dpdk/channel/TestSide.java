package io.vnfkit.dpdk.channel;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** A side of a channel that lies nowhere, and says what was done with it. */
public final class TestSide implements ChannelSide {

    private final Direction direction;
    private final ChannelPlace place;
    private final List<String> events = new ArrayList<>();
    private RuntimeException refusal;
    private boolean hasPeer;

    public TestSide(Direction direction, ChannelPlace place) {
        this.direction = direction;
        this.place = place;
    }

    /** A channel at an offset, with so many buffers of some size. */
    public static TestSide of(Direction direction, long at, int bufferSize, int bufferCount) {
        int slots = Math.max(2, Integer.highestOneBit(bufferCount) << 1);
        return new TestSide(direction, new ChannelPlace(77, 64 << 20, 2 << 20, 65536, at, at + 1024, slots, 64, at + 4096,
                bufferSize, bufferCount));
    }

    public static TestSide sender(long at) {
        return of(Direction.SENDER, at, 2048, 7);
    }

    public static TestSide receiver(long at) {
        return of(Direction.RECEIVER, at, 2048, 7);
    }

    /** Lets the next ones fail who want to take it. */
    public void refuse(RuntimeException failure) {
        refusal = failure;
    }

    public void peer(boolean isPresent) {
        hasPeer = isPresent;
    }

    public List<String> events() {
        return events;
    }

    @Override
    public Direction direction() {
        return direction;
    }

    @Override
    public ChannelPlace place() {
        return place;
    }

    @Override
    public Hold take() {
        if (refusal != null) {
            throw refusal;
        }
        events.add("take");
        return new Hold() {
            @Override
            public boolean isPeerPresent() {
                return hasPeer;
            }

            @Override
            public long whileNobodyReceives(LongSupplier restart) {
                return hasPeer ? 0 : restart.getAsLong();
            }

            @Override
            public void close() {
                events.add("close");
            }
        };
    }

    @Override
    public String toString() {
        return "a test's channel";
    }
}

package io.vnfkit.dpdk.table;

import io.vnfkit.VnfkitException;
import io.vnfkit.dpdk.DpdkException;
import io.vnfkit.dpdk.binding.Forwarder;
import io.vnfkit.dpdk.binding.Forwarder.Applied;
import io.vnfkit.linux.Errno;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * The subscribers of a BNG, changed while packets flow, without a lock in the data path.
 *
 * <p>Thread-safe: changes are made one call at a time.
 */
public final class Subscribers {

    private static final int SIZE = 32;
    private static final int REMOVE_AT = 16;

    private final Forwarder forwarder;
    private final int handle;
    private final String name;
    private boolean isClosed;

    /** For the forwarding core. */
    public Subscribers(Forwarder forwarder, int handle, String name) {
        this.forwarder = forwarder;
        this.handle = handle;
        this.name = name;
    }

    /** The handle in the core. */
    public int handle() {
        return handle;
    }

    /** Frees the table in the core, which no task uses any more. */
    public synchronized void free() {
        isClosed = true;
        forwarder.freeSubscribers(handle);
    }

    private void requireOpen() {
        // The number of the handle may be that of another core's table by now.
        if (isClosed) {
            throw new IllegalStateException(
                    "the forwarding core of the table of subscribers \"" + name + "\" is closed");
        }
    }

    /**
     * Adds subscribers with one call into the core, or replaces those with the same two tags.
     *
     * @param subscribers the subscribers, in this order
     * @throws TableFullException if one does not fit; those before it are in force
     * @throws VnfkitException if another subscriber has the same GRE key; those before it are in force
     * @throws IllegalStateException if the forwarding core is closed
     */
    public synchronized void put(List<Subscriber> subscribers) {
        apply(subscribers, 0);
    }

    /**
     * Adds a subscriber, or replaces the one with the same two tags.
     *
     * @param subscriber the subscriber
     * @throws TableFullException if it does not fit
     * @throws VnfkitException if another subscriber has the same GRE key
     * @throws IllegalStateException if the forwarding core is closed
     */
    public void put(Subscriber subscriber) {
        put(List.of(subscriber));
    }

    /**
     * Removes subscribers by their two tags, with one call into the core.
     *
     * @param subscribers only the tags matter
     * @throws VnfkitException if one is not there; those before it are removed
     * @throws IllegalStateException if the forwarding core is closed
     */
    public synchronized void remove(List<Subscriber> subscribers) {
        apply(subscribers, 1);
    }

    private void apply(List<Subscriber> subscribers, int remove) {
        requireOpen();
        if (subscribers.isEmpty()) {
            return;
        }
        ByteBuffer encoded = ByteBuffer.allocateDirect(subscribers.size() * SIZE).order(ByteOrder.nativeOrder());
        IntConsumer encode = i -> encode(encoded, i * SIZE, subscribers.get(i), remove);
        for (int i = 0; i < subscribers.size(); i++) {
            encode.accept(i);
        }
        Applied applied = forwarder.applySubscribers(handle, encoded, subscribers.size());
        if (applied.result() < 0) {
            throw refused(subscribers.get(applied.done()), applied);
        }
    }

    static void encode(ByteBuffer buffer, int at, Subscriber subscriber, int remove) {
        buffer.putShort(at, (short) subscriber.outerTag()).putShort(at + 2, (short) subscriber.innerTag());
        buffer.putInt(at + 4, subscriber.greKey()).put(at + 8, subscriber.mac().octets());
        buffer.putShort(at + 14, (short) subscriber.output()).putInt(at + REMOVE_AT, remove);
    }

    private VnfkitException refused(Subscriber subscriber, Applied applied) {
        String what = "subscriber " + subscriber.outerTag() + "/" + subscriber.innerTag() + " in table \"" + name + "\"";
        Errno errno = Errno.of(-applied.result());
        if (errno == Errno.ENOSPC) {
            return new TableFullException("no room for " + what + ": describe a larger table", applied.done());
        }
        if (errno == Errno.EEXIST) {
            return new DpdkException("put " + what, -applied.result(),
                    "another subscriber has the GRE key " + Integer.toUnsignedString(subscriber.greKey()));
        }
        return new DpdkException("change " + what, -applied.result(), "");
    }

    /**
     * How many subscribers there are.
     *
     * @return their number
     * @throws IllegalStateException if the forwarding core is closed
     */
    public synchronized long size() {
        requireOpen();
        return forwarder.countSubscribers(handle);
    }
}

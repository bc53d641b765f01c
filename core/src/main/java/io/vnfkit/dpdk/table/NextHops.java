package io.vnfkit.dpdk.table;

import io.vnfkit.dpdk.binding.Forwarder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * The table of next hops that the routes of a forwarding core share. Each distinct next hop has one slot for as long as
 * a route leads there. A slot that no route names any more may still be in the hands of a burst, so it waits for a
 * grace period before it is written again.
 *
 * <p>Thread-safe.
 */
public final class NextHops {

    private static final int SIZE = 32;

    private static final class Slot {
        private final int number;
        private int users;

        private Slot(int number) {
            this.number = number;
        }
    }

    private final Forwarder forwarder;
    private final int handle;
    private final int capacity;
    private final Map<NextHop, Slot> slots = new HashMap<>();
    private final Deque<Integer> free = new ArrayDeque<>();
    private final Deque<Integer> retired = new ArrayDeque<>();
    private int untouched;
    private boolean isClosed;

    /** For the forwarding core. */
    public NextHops(Forwarder forwarder, int handle, int capacity) {
        this.forwarder = forwarder;
        this.handle = handle;
        this.capacity = capacity;
    }

    /** The handle in the core. */
    public int handle() {
        return handle;
    }

    /** Frees the table in the core, which no task uses any more. */
    public synchronized void free() {
        isClosed = true;
        forwarder.freeNextHops(handle);
    }

    /** The slot of a next hop for one more route; -1 if there is no room. */
    synchronized int acquire(NextHop nextHop) {
        // The number of the handle may be that of another core's table by now.
        if (isClosed) {
            throw new IllegalStateException("the forwarding core of these next hops is closed");
        }
        Slot slot = slots.get(nextHop);
        if (slot == null) {
            int number = take();
            if (number < 0) {
                return -1;
            }
            write(number, nextHop);
            slot = new Slot(number);
            slots.put(nextHop, slot);
        }
        slot.users++;
        return slot.number;
    }

    private void write(int number, NextHop nextHop) {
        try {
            forwarder.setNextHop(handle, number, encode(nextHop));
        } catch (RuntimeException failure) {
            free.addFirst(number);
            throw failure;
        }
    }

    synchronized int slotOf(NextHop nextHop) {
        return slots.get(nextHop).number;
    }

    synchronized void release(NextHop nextHop) {
        Slot slot = slots.get(nextHop);
        slot.users--;
        if (slot.users == 0) {
            slots.remove(nextHop);
            retired.add(slot.number);
        }
    }

    private int take() {
        if (!free.isEmpty()) {
            return free.remove();
        }
        if (untouched < capacity) {
            return untouched++;
        }
        if (retired.isEmpty()) {
            return -1;
        }
        forwarder.synchronize();
        free.addAll(retired);
        retired.clear();
        return free.remove();
    }

    static ByteBuffer encode(NextHop nextHop) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(SIZE).order(ByteOrder.nativeOrder());
        buffer.put(0, nextHop.destination().octets()).put(6, nextHop.source().octets());
        buffer.putShort(12, (short) nextHop.output());
        nextHop.tunnel().ifPresent(tunnel -> {
            buffer.put(16, tunnel.local().getAddress()).put(20, tunnel.remote().getAddress());
            buffer.putInt(24, tunnel.label());
        });
        return buffer;
    }
}

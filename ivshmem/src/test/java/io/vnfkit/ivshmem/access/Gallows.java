package io.vnfkit.ivshmem.access;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;

/**
 * Kills a process before one of its stores: that one and all behind it are not made, whatever is in a finally block.
 *
 * <p>The compiler may also have made a store later than it stands in the program, so that it is missing though one behind
 * it was made. {@link #leaveOut} leaves out some, as the orders of the others allow.
 */
public final class Gallows implements Observer {

    private final int last;
    private final List<Store> stores = new ArrayList<>();
    private int made;
    private boolean dead;

    /** Lets so many stores be made. */
    public Gallows(int last) {
        this.last = last;
    }

    private record Store(int at, int size, Order order, long value, boolean isFence) {}

    @Override
    public void store(int at, int size, Order order, ByteBuffer memory, int index, long value) {
        if (dead || made >= last) {
            dead = true;
            throw new Killed();
        }
        made++;
        stores.add(new Store(at, size, order, value, false));
        Accesses.rawStore(memory, index, size, value);
    }

    @Override
    public void fence(Order order) {
        if (order != Order.ACQUIRE) {
            stores.add(new Store(-1, 0, order, 0, true));
        }
    }

    /** How many stores were made. */
    public int made() {
        return made;
    }

    /** Goes back to what was before and makes the stores again, without some of them. */
    public void leaveOut(ByteBuffer region, byte[] before, Random random) {
        BitSet kept = keep(random);
        region.put(0, before);
        ByteBuffer memory = region.duplicate().order(ByteOrder.nativeOrder());
        for (int i = 0; i < stores.size(); i++) {
            Store store = stores.get(i);
            if (kept.get(i) && !store.isFence) {
                Accesses.rawStore(memory, store.at, store.size, store.value);
            }
        }
    }

    /**
     * From the last one back: whoever sees a store with release order, or one behind a fence, sees all before those. What
     * is before a full fence was made.
     */
    private BitSet keep(Random random) {
        BitSet kept = new BitSet();
        boolean isSeenBehindFence = false;
        boolean isAnySeen = false;
        for (int i = stores.size() - 1; i >= 0; i--) {
            Store store = stores.get(i);
            if (store.isFence) {
                isSeenBehindFence |= isAnySeen || store.order == Order.FULL;
                continue;
            }
            boolean isSeen = isSeenBehindFence || random.nextInt(3) > 0;
            kept.set(i, isSeen);
            isAnySeen |= isSeen;
            isSeenBehindFence |= isSeen && store.order == Order.RELEASE;
        }
        return kept;
    }
}

package io.vnfkit.dpdk.table;

import io.vnfkit.dpdk.binding.Forwarder.Applied;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * What the core would answer after the changes that it was sent, found without a trie: each address of a small space is
 * asked for by itself. It holds each change to the contract, and is full beyond a number of prefixes.
 */
final class ModelTable {

    /** Depth and slot that an address reads. */
    record Entry(int depth, int slot) {}

    private static final int CHANGE_SIZE = 24;
    private static final int ENOSPC = 28;

    private final Map<IpPrefix, Integer> slots = new HashMap<>();
    private final int capacity;

    ModelTable(int capacity) {
        this.capacity = capacity;
    }

    Applied apply(ByteBuffer changes, int count) {
        ByteBuffer buffer = changes.duplicate().order(ByteOrder.nativeOrder());
        for (int i = 0; i < count; i++) {
            if (!applyOne(buffer, i * CHANGE_SIZE)) {
                return new Applied(i, -ENOSPC);
            }
        }
        return new Applied(count, 0);
    }

    private boolean applyOne(ByteBuffer buffer, int at) {
        byte[] octets = new byte[16];
        buffer.get(at, octets);
        IpPrefix prefix = IpPrefix.of(Arrays.copyOf(octets, 4), buffer.get(at + 16));
        int slot = buffer.getInt(at + 20);
        if (buffer.get(at + 17) == 0) {
            if (slots.size() == capacity && !slots.containsKey(prefix)) {
                return false;
            }
            slots.put(prefix, slot);
            return true;
        }
        if (slots.remove(prefix) == null) {
            throw new AssertionError(prefix + " is removed and was not there");
        }
        // What the change says about the parent must be what this model knows about it.
        Entry parent = prefix.depth() == 0 ? new Entry(0, -1) : longest(prefix.octets(), prefix.depth() - 1, 1);
        if (buffer.get(at + 18) != parent.depth() || slot != parent.slot()) {
            throw new AssertionError(prefix + " falls back to " + parent + ", not to depth " + buffer.get(at + 18)
                    + " slot " + slot);
        }
        return true;
    }

    /** The slot that an address leads to; -1 for none. */
    int lookup(byte[] address) {
        return longest(address, 32, 0).slot();
    }

    private Entry longest(byte[] address, int deepest, int shallowest) {
        for (int depth = deepest; depth >= shallowest; depth--) {
            Integer slot = slots.get(IpPrefix.of(address, depth));
            if (slot != null) {
                return new Entry(depth, slot);
            }
        }
        return new Entry(0, -1);
    }

    int size() {
        return slots.size();
    }
}

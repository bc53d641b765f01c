package io.vnfkit.dpdk.table;

import io.vnfkit.dpdk.DpdkException;
import io.vnfkit.dpdk.binding.Forwarder;
import io.vnfkit.dpdk.binding.Forwarder.Applied;
import io.vnfkit.linux.Errno;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A table of routes of one family, changed while packets flow. The data path takes no lock: it sees each route as it was
 * or as it is, and what a change frees is used again only after every lcore has finished its burst.
 *
 * <p>Thread-safe: changes are made one call at a time.
 */
public final class Routes {

    private static final int CHANGE_SIZE = 24;
    private static final int DEPTH_AT = 16;
    private static final int REMOVE_AT = 17;
    private static final int PARENT_DEPTH_AT = 18;
    private static final int NEXT_HOP_AT = 20;
    private static final int NO_NEXT_HOP = -1;

    /** What the change of this index did to the list of routes, to be able to undo it. */
    private record Done(int index, IpPrefix prefix, Optional<NextHop> before, Optional<NextHop> after) {}

    private final Forwarder forwarder;
    private final int handle;
    private final boolean isIpv4;
    private final String name;
    private final NextHops nextHops;
    private final RouteList list = new RouteList();
    private boolean isClosed;

    /** For the forwarding core. */
    public Routes(Forwarder forwarder, int handle, boolean isIpv4, String name, NextHops nextHops) {
        this.forwarder = forwarder;
        this.handle = handle;
        this.isIpv4 = isIpv4;
        this.name = name;
        this.nextHops = nextHops;
    }

    /** The handle in the core. */
    public int handle() {
        return handle;
    }

    /** Frees the table in the core, which no task uses any more. What was in it can still be read. */
    public synchronized void free() {
        isClosed = true;
        forwarder.freeRoutes(handle);
    }

    private void requireOpen() {
        // The number of the handle may be that of another core's table by now.
        if (isClosed) {
            throw new IllegalStateException("the forwarding core of the table of routes \"" + name + "\" is closed");
        }
    }

    /**
     * Adds a route, or gives the route of this prefix another next hop.
     *
     * @param prefix where to
     * @param nextHop how
     * @throws TableFullException if the table of routes or that of next hops is full
     * @throws IllegalStateException if the forwarding core is closed
     */
    public void put(IpPrefix prefix, NextHop nextHop) {
        apply(List.of(new RouteChange.Put(prefix, nextHop)));
    }

    /**
     * Removes a route.
     *
     * @param prefix where to
     * @return false if there was none
     * @throws IllegalStateException if the forwarding core is closed
     */
    public synchronized boolean remove(IpPrefix prefix) {
        boolean exists = list.get(prefix).isPresent();
        apply(List.of(new RouteChange.Remove(prefix)));
        return exists;
    }

    /**
     * Applies many changes in their order, with one call into the core. Each is in force for itself; packets may see
     * some of them before the others. Removing a route that is not there changes nothing.
     *
     * @param changes the changes
     * @throws IllegalArgumentException if one is of the other family; nothing was changed then
     * @throws TableFullException if one does not fit; those before it are in force
     * @throws IllegalStateException if the forwarding core is closed
     */
    public synchronized void apply(List<RouteChange> changes) {
        requireOpen();
        changes.forEach(change -> requireFamily(change.prefix()));
        ByteBuffer encoded = ByteBuffer.allocateDirect(Math.max(1, changes.size()) * CHANGE_SIZE)
                .order(ByteOrder.nativeOrder());
        List<Done> done = new ArrayList<>();
        int staged = stage(changes, encoded, done);
        commit(encoded, done);
        if (staged < changes.size()) {
            throw new TableFullException("no room for another next hop beside those of the " + list.all().size()
                    + " routes of \"" + name + "\": describe more next hops", staged);
        }
    }

    /** Enters changes until one does not fit; returns how many it entered. */
    private int stage(List<RouteChange> changes, ByteBuffer encoded, List<Done> done) {
        try {
            int index = 0;
            while (index < changes.size() && stage(index, changes.get(index), encoded, done)) {
                index++;
            }
            return index;
        } catch (RuntimeException failure) {
            undo(done, 0);
            throw failure;
        }
    }

    private void requireFamily(IpPrefix prefix) {
        if (prefix.isIpv4() != isIpv4) {
            throw new IllegalArgumentException(
                    prefix + " does not go into the table \"" + name + "\" of " + (isIpv4 ? "IPv4" : "IPv6"));
        }
    }

    /** Enters a change into the list and the buffer; false if there is no slot for its next hop. */
    private boolean stage(int index, RouteChange change, ByteBuffer encoded, List<Done> done) {
        IpPrefix prefix = change.prefix();
        if (change instanceof RouteChange.Put put) {
            int slot = nextHops.acquire(put.nextHop());
            if (slot < 0) {
                return false;
            }
            encode(encoded, done.size(), prefix, slot);
            done.add(new Done(index, prefix, list.put(prefix, put.nextHop()), Optional.of(put.nextHop())));
            return true;
        }
        Optional<NextHop> before = list.remove(prefix);
        if (before.isPresent()) {
            encodeRemoval(encoded, done.size(), prefix);
            done.add(new Done(index, prefix, before, Optional.empty()));
        }
        return true;
    }

    private static void encode(ByteBuffer encoded, int index, IpPrefix prefix, int slot) {
        int at = index * CHANGE_SIZE;
        encoded.put(at, prefix.octets());
        encoded.put(at + DEPTH_AT, (byte) prefix.depth()).putInt(at + NEXT_HOP_AT, slot);
    }

    private void encodeRemoval(ByteBuffer encoded, int index, IpPrefix prefix) {
        int at = index * CHANGE_SIZE;
        Optional<IpPrefix> parent = list.parent(prefix);
        // The default route is no entry of the trie: what falls back to it reads as empty.
        Optional<IpPrefix> entry = parent.filter(found -> found.depth() > 0);
        int slot = entry.flatMap(list::get).map(nextHops::slotOf).orElse(NO_NEXT_HOP);
        encode(encoded, index, prefix, slot);
        encoded.put(at + REMOVE_AT, (byte) 1);
        encoded.put(at + PARENT_DEPTH_AT, entry.map(found -> (byte) found.depth()).orElse((byte) 0));
    }

    private void commit(ByteBuffer encoded, List<Done> staged) {
        if (staged.isEmpty()) {
            return;
        }
        Applied applied;
        try {
            applied = forwarder.applyRoutes(handle, encoded, staged.size());
        } catch (RuntimeException failure) {
            undo(staged, 0);
            throw failure;
        }
        undo(staged, applied.done());
        // Only what is really gone from the table gives its slot back.
        staged.subList(0, applied.done()).forEach(done -> done.before().ifPresent(nextHops::release));
        if (applied.result() == -Errno.ENOSPC.number()) {
            throw new TableFullException("no room in the table of routes \"" + name + "\" with " + list.all().size()
                    + " routes: describe it with more routes", staged.get(applied.done()).index());
        }
        if (applied.result() < 0) {
            throw new DpdkException("change the table of routes \"" + name + "\"", -applied.result(), "");
        }
    }

    private void undo(List<Done> staged, int first) {
        for (int i = staged.size() - 1; i >= first; i--) {
            undo(staged.get(i));
        }
    }

    private void undo(Done done) {
        if (done.before().isPresent()) {
            list.put(done.prefix(), done.before().get());
        } else {
            list.remove(done.prefix());
        }
        done.after().ifPresent(nextHops::release);
    }

    /**
     * The routes of the table.
     *
     * @return a copy
     */
    public synchronized Map<IpPrefix, NextHop> all() {
        return Map.copyOf(list.all());
    }

    /**
     * How many routes there are.
     *
     * @return their number
     */
    public synchronized int size() {
        return list.all().size();
    }
}

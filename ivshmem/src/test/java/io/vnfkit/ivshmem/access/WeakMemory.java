package io.vnfkit.ivshmem.access;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A memory that is as weak as its users allow: a load gives any value that was ever stored, unless an order forbids it. So a
 * release or an acquire that is missing shows on every machine. On x86-64 itself none does, since it changes the order of no
 * two stores and of no two loads, and an emulator of another machine that runs there is no weaker.
 *
 * <p>The views are those of the release and acquire part of C11: a thread has a view, the oldest value of each word that
 * it may still see; a store with release order, or one behind a release fence, carries the view of who made it; a load
 * with acquire order, or an acquire fence behind the load, takes it over. All stores of a word are in one order.
 *
 * <p>Not shown: a load that is made later than a store behind it. That a consumer gives no room back before it has read
 * what is there is to be tested in another way.
 */
public final class WeakMemory implements Observer {

    /** An order that is to be left out, to see whether that is noticed. */
    public enum Weakening {
        NONE, RELEASE_STORE, RELEASE_FENCE, ACQUIRE_LOAD, ACQUIRE_FENCE
    }

    private final Random random;
    private final ByteBuffer region;
    private final Weakening weakening;
    private final int words;
    private final Map<Integer, List<Version>> versions = new HashMap<>();
    private final View[] views;
    private View now;

    /** A value that a word had, and what who sees it sees as well. */
    private record Version(long value, int[] view) {}

    /** What a thread may see: the oldest version of each word. */
    private static final class View {

        private int[] seen;
        private int[] toAcquire;
        private int[] released;

        View(int words) {
            seen = new int[words];
            toAcquire = new int[words];
            released = new int[words];
        }
    }

    /** So many threads, none of which runs at the same time as another. */
    public WeakMemory(Random random, ByteBuffer region, int threads, Weakening weakening) {
        this.random = random;
        this.region = region.duplicate().order(ByteOrder.nativeOrder());
        this.weakening = weakening;
        this.words = region.capacity() / Long.BYTES;
        this.views = new View[threads];
        for (int i = 0; i < threads; i++) {
            views[i] = new View(words);
        }
        now = views[0];
    }

    /** From now on another thread runs. */
    public void runAs(int thread) {
        now = views[thread];
    }

    /** A thread sees all that was stored: enough time has passed. */
    public void catchUp(int thread) {
        versions.forEach((word, all) -> {
            views[thread].seen[word] = all.size() - 1;
            join(views[thread].seen, all.get(all.size() - 1).view);
        });
    }

    private static void join(int[] target, int[] other) {
        for (int i = 0; i < target.length; i++) {
            target[i] = Math.max(target[i], other[i]);
        }
    }

    private List<Version> versionsOf(int word) {
        return versions.computeIfAbsent(word, unseen -> new ArrayList<>(List.of(
                new Version(region.getLong(word * Long.BYTES), new int[words]))));
    }

    @Override
    public long load(int at, int size, Order order, ByteBuffer memory, int index) {
        if (at % size != 0) {
            // Byte for byte, in the order of the machine.
            ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
            for (int i = 0; i < size; i++) {
                bytes.put(i, (byte) load(at + i, 1, order, memory, index + i));
            }
            return Accesses.rawLoad(bytes, 0, size);
        }
        int word = at / Long.BYTES;
        Version version = choose(word);
        join(order == Order.ACQUIRE && weakening != Weakening.ACQUIRE_LOAD ? now.seen : now.toAcquire, version.view);
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder()).putLong(0, version.value);
        return Accesses.rawLoad(bytes, at % Long.BYTES, size);
    }

    /** Often the newest, and now and then any that it may be. */
    private Version choose(int word) {
        List<Version> all = versionsOf(word);
        int newest = all.size() - 1;
        int oldest = now.seen[word];
        int chosen = random.nextInt(3) > 0 ? newest : oldest + random.nextInt(newest - oldest + 1);
        now.seen[word] = chosen;
        return all.get(chosen);
    }

    @Override
    public void store(int at, int size, Order order, ByteBuffer memory, int index, long value) {
        if (at % size != 0) {
            throw new AssertionError("a store of " + size + " bytes at " + at);
        }
        int word = at / Long.BYTES;
        List<Version> all = versionsOf(word);
        Version last = all.get(all.size() - 1);
        now.seen[word] = all.size();
        boolean isRelease = order == Order.RELEASE && weakening != Weakening.RELEASE_STORE;
        int[] view = (isRelease ? now.seen : now.released).clone();
        view[word] = all.size();
        if (size < Long.BYTES) {
            // The other part of the word is that of the version before.
            join(view, last.view);
        }
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder()).putLong(0, last.value);
        Accesses.rawStore(bytes, at % Long.BYTES, size, value);
        all.add(new Version(bytes.getLong(0), view));
        Accesses.rawStore(memory, index, size, value);
    }

    @Override
    public void fence(Order order) {
        if (order != Order.RELEASE && weakening != Weakening.ACQUIRE_FENCE) {
            join(now.seen, now.toAcquire);
        }
        if (order != Order.ACQUIRE && weakening != Weakening.RELEASE_FENCE) {
            now.released = Arrays.copyOf(now.seen, words);
        }
    }
}

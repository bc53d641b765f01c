package io.vnfkit.ivshmem.access;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.vnfkit.ivshmem.memory.SharedWords;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * What observed classes call in the place of {@link SharedWords}, of fences, and of the methods of {@link ByteBuffer} that
 * load or store. Each is made as it was meant where nobody observes, or where the memory is no part of a region.
 */
public final class Accesses {

    /** All that Java tells of an address are its low bits, which are asked first because that is quick. */
    private static final int MODULUS = 1 << 30;

    private static Observer observer;
    private static final List<Mapping> MAPPINGS = new ArrayList<>();
    /** What the views that observed classes made are views of. */
    private static final Map<LongBuffer, ByteBuffer> VIEWED = new IdentityHashMap<>();

    private Accesses() {}

    private record Mapping(int base, long address, int length) {}

    /** From now on accesses of a region, through this mapping, are observed. */
    public static synchronized void map(ByteBuffer wholeRegion) {
        MAPPINGS.add(new Mapping(low(wholeRegion), address(wholeRegion), wholeRegion.capacity()));
    }

    /** No mapping is known any more, and nobody observes. */
    public static synchronized void forget() {
        MAPPINGS.clear();
        VIEWED.clear();
        observer = null;
    }

    /** Sets who observes; null for nobody. */
    public static synchronized void observe(Observer now) {
        observer = now;
    }

    private static int low(ByteBuffer buffer) {
        return buffer.alignmentOffset(0, MODULUS);
    }

    private static long address(ByteBuffer buffer) {
        return Pointer.nativeValue(Native.getDirectBufferPointer(buffer));
    }

    /** Where in its region a byte is, or -1. */
    private static int find(ByteBuffer buffer, int index) {
        if (observer == null || !buffer.isDirect() || buffer.capacity() == 0) {
            return -1;
        }
        int address = low(buffer) + index;
        for (Mapping mapping : MAPPINGS) {
            int at = address - mapping.base & MODULUS - 1;
            // A buffer of the heap's neighbourhood may have the same low bits as a region, once in some thousand tests.
            if (at < mapping.length && address(buffer) + index == mapping.address + at) {
                return at;
            }
        }
        return -1;
    }

    static long rawLoad(ByteBuffer memory, int index, int size) {
        return switch (size) {
            case 1 -> memory.get(index);
            case 2 -> memory.getShort(index);
            case 4 -> memory.getInt(index);
            default -> memory.getLong(index);
        };
    }

    static void rawStore(ByteBuffer memory, int index, int size, long value) {
        switch (size) {
            case 1 -> memory.put(index, (byte) value);
            case 2 -> memory.putShort(index, (short) value);
            case 4 -> memory.putInt(index, (int) value);
            default -> memory.putLong(index, value);
        }
    }

    /** As the handle of a whole word does. */
    private static void requireAligned(ByteBuffer memory, int index, int size, Order order) {
        if (order != Order.PLAIN && memory.isDirect() && memory.alignmentOffset(index, size) != 0) {
            throw new IllegalStateException("Misaligned access at index: " + index);
        }
    }

    private static long load(ByteBuffer memory, int index, int size, Order order) {
        requireAligned(memory, index, size, order);
        int at = find(memory, index);
        return at < 0 ? rawLoad(memory, index, size) : observer.load(at, size, order, memory, index);
    }

    private static void store(ByteBuffer memory, int index, int size, long value, Order order) {
        requireAligned(memory, index, size, order);
        int at = find(memory, index);
        if (at < 0) {
            rawStore(memory, index, size, value);
        } else {
            observer.store(at, size, order, memory, index, value);
        }
    }

    private static void fence(Order order) {
        if (observer != null) {
            observer.fence(order);
        }
    }

    // SharedWords

    public static int shortAcquire(ByteBuffer memory, int at) {
        return (int) load(memory, at, 2, Order.ACQUIRE) & 0xffff;
    }

    public static int shortOpaque(ByteBuffer memory, int at) {
        return (int) load(memory, at, 2, Order.OPAQUE) & 0xffff;
    }

    public static void shortRelease(ByteBuffer memory, int at, int value) {
        store(memory, at, 2, value, Order.RELEASE);
    }

    public static int intOpaque(ByteBuffer memory, int at) {
        return (int) load(memory, at, 4, Order.OPAQUE);
    }

    public static void intOpaque(ByteBuffer memory, int at, int value) {
        store(memory, at, 4, value, Order.OPAQUE);
    }

    public static int intAcquire(ByteBuffer memory, int at) {
        return (int) load(memory, at, 4, Order.ACQUIRE);
    }

    public static void intRelease(ByteBuffer memory, int at, int value) {
        store(memory, at, 4, value, Order.RELEASE);
    }

    public static long longOpaque(ByteBuffer memory, int at) {
        return load(memory, at, 8, Order.OPAQUE);
    }

    public static void longOpaque(ByteBuffer memory, int at, long value) {
        store(memory, at, 8, value, Order.OPAQUE);
    }

    public static long longAcquire(ByteBuffer memory, int at) {
        return load(memory, at, 8, Order.ACQUIRE);
    }

    public static void longRelease(ByteBuffer memory, int at, long value) {
        store(memory, at, 8, value, Order.RELEASE);
    }

    // VarHandle

    public static void fullFence() {
        fence(Order.FULL);
    }

    public static void acquireFence() {
        fence(Order.ACQUIRE);
    }

    public static void releaseFence() {
        fence(Order.RELEASE);
    }

    // ByteBuffer

    public static byte get(ByteBuffer memory, int index) {
        return (byte) load(memory, index, 1, Order.PLAIN);
    }

    public static short getShort(ByteBuffer memory, int index) {
        return (short) load(memory, index, 2, Order.PLAIN);
    }

    public static int getInt(ByteBuffer memory, int index) {
        return (int) load(memory, index, 4, Order.PLAIN);
    }

    public static long getLong(ByteBuffer memory, int index) {
        return load(memory, index, 8, Order.PLAIN);
    }

    public static ByteBuffer get(ByteBuffer memory, int index, byte[] target) {
        return get(memory, index, target, 0, target.length);
    }

    public static ByteBuffer get(ByteBuffer memory, int index, byte[] target, int from, int length) {
        put(ByteBuffer.wrap(target), from, memory, index, length);
        return memory;
    }

    public static ByteBuffer put(ByteBuffer memory, int index, byte value) {
        store(memory, index, 1, value, Order.PLAIN);
        return memory;
    }

    public static ByteBuffer putShort(ByteBuffer memory, int index, short value) {
        store(memory, index, 2, value, Order.PLAIN);
        return memory;
    }

    public static ByteBuffer putInt(ByteBuffer memory, int index, int value) {
        store(memory, index, 4, value, Order.PLAIN);
        return memory;
    }

    public static ByteBuffer putLong(ByteBuffer memory, int index, long value) {
        store(memory, index, 8, value, Order.PLAIN);
        return memory;
    }

    public static ByteBuffer put(ByteBuffer memory, int index, byte[] source) {
        return put(memory, index, source, 0, source.length);
    }

    public static ByteBuffer put(ByteBuffer memory, int index, byte[] source, int from, int length) {
        return put(memory, index, ByteBuffer.wrap(source), from, length);
    }

    /** A copy is as many loads and stores as it has words, and bytes beyond them. */
    public static ByteBuffer put(ByteBuffer memory, int index, ByteBuffer source, int from, int length) {
        java.util.Objects.checkFromIndexSize(index, length, memory.limit());
        java.util.Objects.checkFromIndexSize(from, length, source.limit());
        ByteBuffer to = memory.duplicate().order(ByteOrder.nativeOrder());
        ByteBuffer of = source.duplicate().order(ByteOrder.nativeOrder());
        int size;
        for (int i = 0; i < length; i += size) {
            size = length - i >= Long.BYTES ? Long.BYTES : 1;
            store(to, index + i, size, load(of, from + i, size, Order.PLAIN), Order.PLAIN);
        }
        return memory;
    }

    // LongBuffer

    public static synchronized LongBuffer asLongBuffer(ByteBuffer memory) {
        LongBuffer view = memory.asLongBuffer();
        VIEWED.put(view, memory.slice().order(memory.order()));
        return view;
    }

    private static synchronized ByteBuffer viewed(LongBuffer view) {
        ByteBuffer memory = VIEWED.get(view);
        if (memory == null) {
            throw new AssertionError("a view of unknown memory: " + view);
        }
        return memory;
    }

    public static LongBuffer put(LongBuffer view, int index, long value) {
        store(viewed(view), index * Long.BYTES, Long.BYTES, value, Order.PLAIN);
        return view;
    }

    /** A copy is as many stores as it has words. */
    public static LongBuffer put(LongBuffer view, int index, long[] source, int from, int length) {
        java.util.Objects.checkFromIndexSize(index, length, view.limit());
        for (int i = 0; i < length; i++) {
            put(view, index + i, source[from + i]);
        }
        return view;
    }

    public static LongBuffer get(LongBuffer view, int index, long[] target, int from, int length) {
        java.util.Objects.checkFromIndexSize(index, length, view.limit());
        ByteBuffer memory = viewed(view);
        for (int i = 0; i < length; i++) {
            target[from + i] = load(memory, (index + i) * Long.BYTES, Long.BYTES, Order.PLAIN);
        }
        return view;
    }

    /** Observed classes put at the position of buffers that lie in no region alone. */
    public static ByteBuffer put(ByteBuffer memory, byte[] source) {
        if (find(memory, memory.position()) >= 0) {
            throw new AssertionError("a store at the position of a buffer is not observed");
        }
        return memory.put(source);
    }
}

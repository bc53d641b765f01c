package io.vnfkit.ivshmem.memory;

import io.vnfkit.linux.SharedMemoryCalls;
import io.vnfkit.linux.SystemCallException;
import io.vnfkit.unit.NodeSet;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * A mapping of a shared file, of any length, with a deterministic end.
 *
 * <p>{@link #close} gives the pages back at once, though other threads may be in the middle of a load or store: the
 * addresses stay mapped, to memory of zeros that is shared with nobody, until no buffer over them is reachable any more.
 * So a late access reads zeros or writes to nowhere, and never ends the JVM. The data path pays nothing for it.
 *
 * <p>If the file is made shorter under the mapping, the kernel answers an access with SIGBUS, and the JVM goes on with
 * whatever was in the register, and throws an {@link InternalError} some instructions later, or some calls. Where that
 * matters and nothing has to be fast, {@link #guarded} throws a {@link MemoryLostException} instead; the data path asks
 * for the length of the file now and then, as {@code Region.state()} does, or has a file that is sealed against getting
 * shorter. Native code that is handed an address has no such protection.
 *
 * <p>Thread-safe.
 */
public final class MappedMemory implements AutoCloseable {

    private static final ReferenceQueue<ByteBuffer> UNREACHABLE = new ReferenceQueue<>();
    private static final long LARGEST_SMALL_PAGE = 64 << 10;
    private static final Set<Window> WINDOWS = ConcurrentHashMap.newKeySet();

    // A field, so that the compiler does not leave the allocation out.
    private static volatile byte[] arrival;

    private final SharedMemoryCalls calls;
    private final Access access;
    private final Mapping mapping;
    private volatile boolean closed;

    private MappedMemory(SharedMemoryCalls calls, Access access, Mapping mapping) {
        this.calls = calls;
        this.access = access;
        this.mapping = mapping;
    }

    /** Addresses, and how many buffers over them are reachable: one more while the mapping is open. */
    private record Mapping(SharedMemoryCalls calls, long address, long length, AtomicInteger users) {

        void release() {
            if (users.decrementAndGet() == 0) {
                calls.unmap(address, length);
            }
        }
    }

    private static final class Window extends PhantomReference<ByteBuffer> {

        private final Mapping mapping;

        Window(ByteBuffer buffer, Mapping mapping) {
            super(buffer, UNREACHABLE);
            this.mapping = mapping;
        }
    }

    /**
     * Maps a file from its beginning. On hugepages this reserves what the file does not have yet.
     *
     * @param calls the seam to the kernel
     * @param descriptor the file; it can be closed afterwards
     * @param length how much: a multiple of the file's page size
     * @param access what may be done with it
     * @return the mapping
     * @throws SystemCallException if the kernel refuses, for instance with ENOMEM where there are not enough hugepages
     * @throws IllegalArgumentException if the length is not positive
     */
    public static MappedMemory map(SharedMemoryCalls calls, int descriptor, long length, Access access) {
        if (length <= 0) {
            throw new IllegalArgumentException("a mapping has at least one byte, not " + length);
        }
        releaseUnreachable();
        long address = calls.map(0, length, protection(access), SharedMemoryCalls.MAP_SHARED, descriptor, 0);
        return new MappedMemory(calls, access, new Mapping(calls, address, length, new AtomicInteger(1)));
    }

    private static int protection(Access access) {
        return SharedMemoryCalls.PROT_READ | (access == Access.READ_WRITE ? SharedMemoryCalls.PROT_WRITE : 0);
    }

    /** No thread waits for buffers to become unreachable: each map and close looks. */
    private static void releaseUnreachable() {
        while (UNREACHABLE.poll() instanceof Window window) {
            WINDOWS.remove(window);
            window.mapping.release();
        }
    }

    /**
     * A buffer over a part of the memory, in native byte order, from index 0.
     *
     * @param offset where the part begins
     * @param length its length
     * @return a direct buffer; read-only if the mapping is
     * @throws IndexOutOfBoundsException if the part does not lie in the mapping
     * @throws IllegalStateException if the mapping is closed
     */
    public ByteBuffer window(long offset, int length) {
        requireWithin(offset, length);
        if (length == 0) {
            return ByteBuffer.allocateDirect(0);
        }
        // Counted before it is asked whether the mapping is open, so that a close in between leaves the addresses alone.
        mapping.users.incrementAndGet();
        if (closed) {
            mapping.release();
            throw new IllegalStateException("the mapping is closed");
        }
        ByteBuffer buffer = calls.view(mapping.address + offset, length);
        WINDOWS.add(new Window(buffer, mapping));
        return access == Access.READ_ONLY
                ? buffer.asReadOnlyBuffer().order(ByteOrder.nativeOrder())
                : buffer;
    }

    private void requireWithin(long offset, long length) {
        if (length < 0 || offset < 0 || offset > mapping.length - length) {
            throw new IndexOutOfBoundsException("bytes " + offset + " to " + (offset + length) + " do not lie in the "
                    + mapping.length + " bytes of this mapping");
        }
    }

    /**
     * The length.
     *
     * @return bytes
     */
    public long length() {
        return mapping.length;
    }

    /**
     * Where it lies in this process, for native code.
     *
     * @return the address of its first byte
     */
    public long address() {
        return mapping.address;
    }

    /**
     * What may be done with it.
     *
     * @return reading alone, or writing too
     */
    public Access access() {
        return access;
    }

    /**
     * Tells whether it is closed.
     *
     * @return true after {@link #close}
     */
    public boolean isClosed() {
        return closed;
    }

    /**
     * Gives every page of the mapping, on the given nodes: an empty pool is an error here, and no SIGBUS later.
     *
     * @param nodes the NUMA nodes; empty for any
     * @throws SystemCallException EFAULT if there are not enough pages
     */
    public void populate(NodeSet nodes) {
        if (!nodes.isEmpty()) {
            calls.bind(mapping.address, mapping.length, nodes);
        }
        calls.populate(mapping.address, mapping.length);
    }

    /**
     * Accesses a part of the memory and, where a page has gone, says so. For the control path: it costs two system calls,
     * some microseconds.
     *
     * <p>The kernel is asked whether the part can be read before it is touched, so memory that is lost is not touched and the
     * JVM has nothing to throw later. It is asked once more afterwards: what was read of pages that went away in between is
     * no result. Only in that case may the JVM throw an {@link InternalError} in this thread later on.
     *
     * @param offset where the part begins
     * @param length its length
     * @param work loads through windows of this mapping, within the part
     * @param <T> what it gives
     * @return its result
     * @throws MemoryLostException if a page of the part was not there, or is not there any more
     * @throws IndexOutOfBoundsException if the part does not lie in the mapping
     */
    public <T> T guarded(long offset, long length, Supplier<T> work) {
        requireWithin(offset, length);
        // The addresses of a closed mapping that nobody uses may be somebody else's by now.
        mapping.users.incrementAndGet();
        try {
            return accessed(offset, length, work);
        } finally {
            mapping.release();
        }
    }

    private <T> T accessed(long offset, long length, Supplier<T> work) {
        if (!canRead(offset, length)) {
            throw new MemoryLostException(null);
        }
        try {
            T result = work.get();
            if (canRead(offset, length)) {
                return result;
            }
            letFaultArrive();
        } catch (InternalError fault) {
            throw new MemoryLostException(fault);
        }
        throw new MemoryLostException(null);
    }

    private boolean canRead(long offset, long length) {
        // Whatever the size of a page is: the mapping begins at one, and this is a multiple of all sizes.
        long from = offset & -LARGEST_SMALL_PAGE;
        // A closed mapping reads as zeros.
        return closed || calls.canRead(mapping.address + from, offset + length - from);
    }

    /**
     * The JVM throws the error not where the fault was, but when the thread next comes back from the VM. Which calls that
     * is depends on its release and on whether this code is compiled: always one of a native method and an array that is too
     * large for the thread's own piece of the heap. So the error nearly always arrives here rather than in the caller.
     */
    private static void letFaultArrive() {
        Thread.yield();
        arrival = new byte[1 << 20];
        arrival = null;
    }

    /** Gives the pages back. Idempotent. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        if (mapping.users.get() > 1) {
            calls.map(mapping.address, mapping.length, SharedMemoryCalls.PROT_READ | SharedMemoryCalls.PROT_WRITE,
                    SharedMemoryCalls.MAP_PRIVATE | SharedMemoryCalls.MAP_ANONYMOUS | SharedMemoryCalls.MAP_FIXED
                            | SharedMemoryCalls.MAP_NORESERVE, -1, 0);
        }
        mapping.release();
        releaseUnreachable();
    }
}

package io.vnfkit.linux;

import com.sun.jna.Native;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/**
 * read(2), pread(2) and write(2) between a descriptor and a buffer. A buffer on the heap goes through memory outside of
 * it, since the garbage collector may move it during the call. Stateless.
 */
final class HostTransfer {

    /** Stands for "from the file's own position", which is what read(2) does. */
    static final long AT_POSITION = -1;

    /**
     * More than this in one read into a heap buffer is left for the next; read(2) may return less than asked for
     * anyway.
     */
    private static final int HEAP_READ_SIZE = 8 << 10;

    private HostTransfer() {}

    static int read(int descriptor, ByteBuffer target, long offset) {
        if (target.isReadOnly()) {
            throw new IllegalArgumentException("cannot read into a read-only buffer");
        }
        if (target.isDirect()) {
            int count = read(descriptor, CallMemory.addressOf(target) + target.position(), target.remaining(), offset);
            Reference.reachabilityFence(target);
            target.position(target.position() + count);
            return count;
        }
        try (CallMemory memory = CallMemory.begin()) {
            ByteBuffer part = memory.take(Math.min(HEAP_READ_SIZE, target.remaining()));
            int count = read(descriptor, CallMemory.addressOf(part), part.remaining(), offset);
            target.put(part.limit(count));
            return count;
        }
    }

    private static int read(int descriptor, long address, int size, long offset) {
        while (true) {
            long count = offset == AT_POSITION
                    ? CLibrary.read(descriptor, address, size)
                    : CLibrary.pread(descriptor, address, size, offset);
            if (count >= 0) {
                return (int) count;
            }
            int number = Native.getLastError();
            if (number != Errno.EINTR.number()) {
                throw offset == AT_POSITION
                        ? HostSyscalls.failed("read", descriptor + ", " + size, number)
                        : HostSyscalls.failed("pread", descriptor + ", " + size + ", " + offset, number);
            }
        }
    }

    static int write(int descriptor, ByteBuffer source) {
        int count;
        if (source.isDirect()) {
            count = write(descriptor, CallMemory.addressOf(source) + source.position(), source.remaining());
            Reference.reachabilityFence(source);
        } else {
            try (CallMemory memory = CallMemory.begin()) {
                // Whole, however large: a file of the kernel must get its value in one write.
                ByteBuffer copy = memory.take(source.remaining());
                copy.put(source.duplicate());
                count = write(descriptor, CallMemory.addressOf(copy), source.remaining());
            }
        }
        source.position(source.position() + count);
        return count;
    }

    private static int write(int descriptor, long address, int size) {
        while (true) {
            long count = CLibrary.write(descriptor, address, size);
            if (count >= 0) {
                return (int) count;
            }
            int number = Native.getLastError();
            if (number != Errno.EINTR.number()) {
                throw HostSyscalls.failed("write", descriptor + ", " + size + " bytes", number);
            }
        }
    }
}

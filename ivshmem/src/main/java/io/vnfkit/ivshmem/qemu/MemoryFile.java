package io.vnfkit.ivshmem.qemu;

import io.vnfkit.ivshmem.memory.Access;
import io.vnfkit.ivshmem.memory.MappedMemory;
import io.vnfkit.linux.Errno;
import io.vnfkit.linux.LinuxConstants;
import io.vnfkit.linux.SharedMemoryCalls.OpenFile;
import io.vnfkit.linux.SharedMemoryCalls.Seal;
import io.vnfkit.linux.SystemCallException;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.PageSize;
import java.nio.file.Path;
import java.util.Set;

/**
 * A file of shared memory that QEMU can map as the BAR of a device.
 *
 * <p>Its length is a power of two of at least 4 KiB, because that is what a BAR can be: QEMU aborts at the assertion in
 * {@code pci_register_bar} otherwise. All its pages are there from the beginning, so that an exhausted pool is an error
 * here instead of a SIGBUS in somebody's guest.
 *
 * <p>Thread-safe.
 */
public final class MemoryFile implements AutoCloseable {

    private static final long SMALLEST = 4096;

    private final Kernel kernel;
    private final int descriptor;
    private final long size;
    private boolean closed;

    private MemoryFile(Kernel kernel, int descriptor, long size) {
        this.kernel = kernel;
        this.descriptor = descriptor;
        this.size = size;
    }

    /**
     * Memory without a name, sealed against getting shorter or longer. Who was not sent it cannot have it, and who was
     * cannot make the others fault.
     *
     * @param name shown in /proc/PID/maps
     * @param size a power of two
     * @return the file
     * @throws IllegalArgumentException if no BAR can be of this size
     * @throws SystemCallException if the kernel refuses
     */
    public static MemoryFile sealed(String name, Bytes size) {
        Kernel kernel = Kernel.host();
        requireBarSize(size.value());
        return sealed(kernel, kernel.memory().memfd(name), size.value());
    }

    /**
     * Memory without a name on hugepages, sealed against getting shorter or longer.
     *
     * @param name shown in /proc/PID/maps
     * @param pageSize a size that this machine has pages of
     * @param size a power of two, at least one page
     * @return the file
     * @throws IllegalArgumentException if no BAR, or no file of such pages, can be of this size
     * @throws SystemCallException if the kernel refuses, with ENOSPC where there are not enough free pages
     */
    public static MemoryFile sealedOnHugepages(String name, PageSize pageSize, Bytes size) {
        Kernel kernel = Kernel.host();
        requireBarSize(size.value());
        if (size.value() < pageSize.bytes()) {
            throw new IllegalArgumentException("memory of " + size + " is less than one page of " + pageSize);
        }
        return sealed(kernel, kernel.memory().hugepageMemfd(name, pageSize), size.value());
    }

    private static MemoryFile sealed(Kernel kernel, int memfd, long size) {
        try {
            fill(kernel, memfd, size);
            kernel.memory().addSeals(memfd, Set.of(Seal.SEAL, Seal.SHRINK, Seal.GROW));
            return new MemoryFile(kernel, memfd, size);
        } catch (RuntimeException failure) {
            kernel.calls().close(memfd);
            throw failure;
        }
    }

    /**
     * A named file, for instance on hugetlbfs or in /dev/shm, which QEMU's {@code mem-path} and processes without the
     * socket can open too. It is made, for its owner alone, if it does not exist. It stays after {@link #close}.
     *
     * @param path the file
     * @param size a power of two; on hugetlbfs at least one page
     * @return the file
     * @throws IllegalArgumentException if no BAR can be of this size, or the file exists and is of another
     * @throws SystemCallException if the kernel refuses, with ENOSPC where there is not enough memory; then a file
     *     that was made is gone again
     */
    public static MemoryFile named(Path path, Bytes size) {
        Kernel kernel = Kernel.host();
        requireBarSize(size.value());
        int flags = LinuxConstants.O_RDWR | LinuxConstants.O_CREAT | LinuxConstants.O_EXCL;
        int made;
        try {
            made = kernel.calls().open(path, flags, 0600);
        } catch (SystemCallException failure) {
            if (failure.is(Errno.EEXIST)) {
                return existing(kernel, path, size.value());
            }
            throw failure;
        }
        try {
            fill(kernel, made, size.value());
        } catch (RuntimeException failure) {
            kernel.calls().unlink(path);
            kernel.calls().close(made);
            throw failure;
        }
        return new MemoryFile(kernel, made, size.value());
    }

    private static MemoryFile existing(Kernel kernel, Path path, long size) {
        MemoryFile file = owning(kernel, kernel.calls().open(path, LinuxConstants.O_RDWR, 0));
        if (file.size != size) {
            file.close();
            throw new IllegalArgumentException(path + " exists and has " + file.size + " bytes, not " + size
                    + ": remove it if nobody uses it, or ask for its size");
        }
        try {
            kernel.memory().allocate(file.descriptor, 0, size);
        } catch (RuntimeException failure) {
            file.close();
            throw failure;
        }
        return file;
    }

    private static void fill(Kernel kernel, int descriptor, long size) {
        kernel.calls().ftruncate(descriptor, size);
        kernel.memory().allocate(descriptor, 0, size);
    }

    /**
     * Memory that somebody else made.
     *
     * @param descriptor an ordinary file or a memfd, open for reading and writing; it stays the caller's
     * @return the file, with a descriptor of its own
     * @throws IllegalArgumentException if it is no ordinary file, or of a size that no BAR can have
     */
    public static MemoryFile duplicateOf(int descriptor) {
        Kernel kernel = Kernel.host();
        return owning(kernel, kernel.calls().duplicate(descriptor, 0));
    }

    private static MemoryFile owning(Kernel kernel, int descriptor) {
        try {
            OpenFile status = kernel.memory().status(descriptor);
            if (!status.isRegular()) {
                throw new IllegalArgumentException("descriptor " + descriptor + " is no ordinary file (mode 0"
                        + Integer.toOctalString(status.mode()) + ")");
            }
            requireBarSize(status.size());
            return new MemoryFile(kernel, descriptor, status.size());
        } catch (RuntimeException failure) {
            kernel.calls().close(descriptor);
            throw failure;
        }
    }

    static void requireBarSize(long size) {
        if (size < SMALLEST || Long.bitCount(size) != 1) {
            throw new IllegalArgumentException("memory for QEMU has the size of a BAR, a power of two of at least "
                    + SMALLEST + " bytes, not " + size);
        }
    }

    /**
     * Its length.
     *
     * @return a power of two
     */
    public Bytes size() {
        return Bytes.of(size);
    }

    /**
     * Maps all of it.
     *
     * @param access what may be done with it
     * @return the mapping, which the caller closes; it outlives this file
     * @throws IllegalStateException if the file is closed
     */
    public MappedMemory map(Access access) {
        synchronized (this) {
            return MappedMemory.map(kernel.memory(), descriptor(), size, access);
        }
    }

    /** Only while this file is not closed, so callers that race with {@link #close} hold its monitor. */
    int descriptor() {
        if (closed) {
            throw new IllegalStateException("the memory file is closed");
        }
        return descriptor;
    }

    /** A descriptor of the caller's own. */
    synchronized int duplicate() {
        return kernel.calls().duplicate(descriptor(), 0);
    }

    /** Closes the descriptor. Mappings and those who were sent it keep the memory. Idempotent. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            kernel.calls().close(descriptor);
        }
    }
}

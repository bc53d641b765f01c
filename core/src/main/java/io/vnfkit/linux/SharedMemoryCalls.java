package io.vnfkit.linux;

import io.vnfkit.unit.NodeSet;
import io.vnfkit.unit.PageSize;
import java.nio.ByteBuffer;
import java.util.Set;

/**
 * The system calls about memory that processes share: files on hugepages, their mappings, seals and locks.
 *
 * <p>A part of the seam to the kernel, beside {@link Syscalls}: production code takes an instance, tests hand in one of
 * their own. Every method throws {@link SystemCallException} when the kernel refuses. Thread-safe.
 */
public interface SharedMemoryCalls {

    /** mmap(2): the pages can be read. */
    int PROT_READ = 1;
    /** mmap(2): the pages can be written. */
    int PROT_WRITE = 2;
    /** mmap(2): changes reach the file and everybody who maps it. */
    int MAP_SHARED = 0x01;
    /** mmap(2): changes are seen by this process alone. */
    int MAP_PRIVATE = 0x02;
    /** mmap(2): at this very address, in place of what was there. */
    int MAP_FIXED = 0x10;
    /** mmap(2): memory without a file. */
    int MAP_ANONYMOUS = 0x20;
    /** mmap(2): nothing is reserved for it. */
    int MAP_NORESERVE = 0x4000;

    /**
     * The kernel of this machine.
     *
     * @return the shared instance
     * @throws UnsupportedPlatformException if the native binding cannot be loaded
     */
    static SharedMemoryCalls host() {
        return HostSharedMemory.instance();
    }

    /** What a memfd can be protected from (fcntl(2), F_ADD_SEALS). Seals stay as long as the file. */
    enum Seal {
        /** Further seals. */
        SEAL(0x1),
        /** Getting shorter. */
        SHRINK(0x2),
        /** Getting longer. */
        GROW(0x4),
        /** Every write. Refused while a writable mapping exists. */
        WRITE(0x8),
        /** Writes, except through writable mappings that exist. Linux 5.1. */
        FUTURE_WRITE(0x10);

        final int bit;

        Seal(int bit) {
            this.bit = bit;
        }
    }

    /**
     * A file in memory, on hugepages, that can be sealed: memfd_create(2) with MFD_HUGETLB. It has no pages yet.
     *
     * @param name shown in /proc/PID/maps
     * @param pageSize a size that this machine has
     * @return the descriptor
     */
    int hugepageMemfd(String name, PageSize pageSize);

    /**
     * A file in memory on ordinary pages that can be sealed: memfd_create(2).
     *
     * @param name shown in /proc/PID/maps
     * @return the descriptor
     */
    int memfd(String name);

    /**
     * Adds seals to a memfd.
     *
     * @param descriptor the memfd
     * @param seals the seals
     */
    void addSeals(int descriptor, Set<Seal> seals);

    /**
     * The seals of a file.
     *
     * @param descriptor any descriptor
     * @return its seals; empty for a file of a file system that knows none
     */
    Set<Seal> seals(int descriptor);

    /**
     * What statx(2) says of an open file.
     *
     * @param descriptor any descriptor
     * @return its status
     */
    OpenFile status(int descriptor);

    /**
     * An open file.
     *
     * @param device number of the file system's device
     * @param inode number of the file on it; both together say which file it is
     * @param mode type and permissions, as in {@code st_mode}
     * @param size length in bytes
     * @param blockSize preferred size of transfers: the page size where the file lies on hugepages
     */
    record OpenFile(long device, long inode, int mode, long size, long blockSize) {

        private static final int TYPE = 0170000;
        private static final int REGULAR = 0100000;

        /**
         * Tells whether it is an ordinary file, as those on hugetlbfs and memfds are.
         *
         * @return true if it is
         */
        public boolean isRegular() {
            return (mode & TYPE) == REGULAR;
        }
    }

    /**
     * fallocate(2): gives a range of the file its pages, or fails with ENOSPC.
     *
     * @param descriptor a file
     * @param offset where the range begins
     * @param length its length
     */
    void allocate(int descriptor, long offset, long length);

    /**
     * mmap(2).
     *
     * @param address where, for MAP_FIXED; otherwise 0
     * @param length how much: for hugepages a multiple of their size, because unmapping takes nothing else
     * @param protection PROT_ constants
     * @param flags MAP_ constants
     * @param descriptor the file; -1 for anonymous memory
     * @param offset where in the file
     * @return the address
     */
    long map(long address, long length, int protection, int flags, int descriptor, long offset);

    /**
     * munmap(2).
     *
     * @param address where the mapping begins
     * @param length its whole length
     */
    void unmap(long address, long length);

    /**
     * A buffer over mapped memory, in native byte order. It does not keep the mapping: whoever unmaps makes sure that
     * no buffer over it is used any more.
     *
     * @param address where it begins
     * @param length its length
     * @return a direct buffer
     */
    ByteBuffer view(long address, int length);

    /**
     * mbind(2) with MPOL_BIND: pages of this mapping come from these nodes. For shared memory the policy stays with the
     * file and holds for every process. Pages that are there already stay where they are.
     *
     * @param address where the mapping begins
     * @param length its length
     * @param nodes the NUMA nodes
     */
    void bind(long address, long length, NodeSet nodes);

    /**
     * madvise(2) with MADV_POPULATE_WRITE (Linux 5.14): all pages are there afterwards, or it fails. A pool or control
     * group without enough gives EFAULT, where touching would have given SIGBUS.
     *
     * @param address where the mapping begins
     * @param length its length
     */
    void populate(long address, long length);

    /**
     * madvise(2) with MADV_POPULATE_READ (Linux 5.14): whether all pages can be read. What would give SIGBUS when it is
     * touched is found out without a signal: pages beyond the end of the file, and such as no hugepage can be had for.
     *
     * @param address where to begin: a multiple of the machine's page size
     * @param length how many bytes, all of them mapped
     * @return false if one cannot be read
     */
    boolean canRead(long address, long length);

    /**
     * The NUMA node that a page lies on: get_mempolicy(2) with MPOL_F_NODE | MPOL_F_ADDR.
     *
     * @param address an address in a page that is there
     * @return number of the node
     */
    int nodeOf(long address);

    /**
     * fcntl(2) with F_OFD_SETLK: locks bytes of a file, without waiting. The lock belongs to the open file description,
     * other processes see it whatever their pid namespace, and the kernel gives it up when the last descriptor of the
     * description is closed, also by kill -9.
     *
     * @param descriptor the file, open for writing for an exclusive lock, for reading for a shared one
     * @param offset where the range begins; may lie beyond the end
     * @param length its length
     * @param exclusive whether nobody else may hold a lock there, not even a shared one
     * @return false if another open file description holds a lock that keeps this one off
     */
    boolean tryLock(int descriptor, long offset, long length, boolean exclusive);

    /**
     * fcntl(2) with F_OFD_SETLK and F_UNLCK.
     *
     * @param descriptor the file
     * @param offset where the range begins
     * @param length its length
     */
    void unlock(int descriptor, long offset, long length);

    /**
     * fcntl(2) with F_OFD_GETLK: whether another open file description holds any lock on a range. A descriptor that is
     * open for reading alone is enough.
     *
     * @param descriptor the file
     * @param offset where the range begins
     * @param length its length
     * @return true if it does
     */
    boolean isLockedByOther(int descriptor, long offset, long length);
}

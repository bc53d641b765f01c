package io.vnfkit.linux;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.vnfkit.unit.NodeSet;
import io.vnfkit.unit.PageSize;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/** Shared memory of this machine. Stateless. */
final class HostSharedMemory implements SharedMemoryCalls {

    private static final HostSharedMemory INSTANCE = new HostSharedMemory();

    private static final int MFD_CLOEXEC = 0x1;
    private static final int MFD_ALLOW_SEALING = 0x2;
    private static final int MFD_HUGETLB = 0x4;
    private static final int MAP_HUGE_SHIFT = 26;
    private static final int F_ADD_SEALS = 1033;
    private static final int F_GET_SEALS = 1034;
    private static final int F_OFD_GETLK = 36;
    private static final int F_OFD_SETLK = 37;
    private static final short F_RDLCK = 0;
    private static final short F_WRLCK = 1;
    private static final short F_UNLCK = 2;
    private static final int MADV_POPULATE_READ = 22;
    private static final int MADV_POPULATE_WRITE = 23;
    private static final int MPOL_BIND = 2;
    private static final int MPOL_F_NODE = 1;
    private static final int MPOL_F_ADDR = 2;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int STATX_BASIC_STATS = 0x7ff;
    private static final int STATX_SIZE = 256;
    // struct flock on 64-bit: l_type, l_whence, l_start@8, l_len@16, l_pid@24.
    private static final int FLOCK_SIZE = 32;
    private static final int LIMIT_NODES = 1024;

    private final boolean isAarch64 = System.getProperty("os.arch").equals("aarch64");
    private final long mbindNumber = isAarch64 ? 235 : 237;
    private final long getMempolicyNumber = isAarch64 ? 236 : 239;
    private final long statxNumber = isAarch64 ? 291 : 332;

    private HostSharedMemory() {}

    static SharedMemoryCalls instance() {
        // Loads the binding, or says why not.
        HostSyscalls.instance();
        return INSTANCE;
    }

    @Override
    public int hugepageMemfd(String name, PageSize pageSize) {
        int log = Long.numberOfTrailingZeros(pageSize.bytes());
        return memfd(name, MFD_HUGETLB | log << MAP_HUGE_SHIFT, "|MFD_HUGETLB, pages of " + pageSize);
    }

    @Override
    public int memfd(String name) {
        return memfd(name, 0, "");
    }

    private static int memfd(String name, int flags, String shown) {
        try (CallMemory memory = CallMemory.begin()) {
            int descriptor = CLibrary.memfd_create(memory.text(name), MFD_CLOEXEC | MFD_ALLOW_SEALING | flags);
            if (descriptor < 0) {
                throw HostSyscalls.failed("memfd_create", HostSyscalls.quoted(name)
                        + ", MFD_CLOEXEC|MFD_ALLOW_SEALING" + shown, Native.getLastError());
            }
            return descriptor;
        }
    }

    @Override
    public void addSeals(int descriptor, Set<Seal> seals) {
        int bits = seals.stream().mapToInt(seal -> seal.bit).reduce(0, (left, right) -> left | right);
        if (CLibrary.fcntl(descriptor, F_ADD_SEALS, bits) != 0) {
            int number = Native.getLastError();
            throw HostSyscalls.failed("fcntl", descriptor + ", F_ADD_SEALS, "
                    + seals.stream().map(Seal::name).collect(Collectors.joining("|")), number);
        }
    }

    @Override
    public Set<Seal> seals(int descriptor) {
        int bits = CLibrary.fcntl(descriptor, F_GET_SEALS, 0);
        Set<Seal> seals = EnumSet.noneOf(Seal.class);
        if (bits < 0) {
            int number = Native.getLastError();
            if (number == Errno.EINVAL.number()) {
                return seals;
            }
            throw HostSyscalls.failed("fcntl", descriptor + ", F_GET_SEALS", number);
        }
        for (Seal seal : Seal.values()) {
            if ((bits & seal.bit) != 0) {
                seals.add(seal);
            }
        }
        return seals;
    }

    @Override
    public OpenFile status(int descriptor) {
        try (CallMemory memory = CallMemory.begin()) {
            ByteBuffer status = memory.take(STATX_SIZE);
            long result = CLibrary.syscall(statxNumber, descriptor, memory.text(""), AT_EMPTY_PATH, STATX_BASIC_STATS,
                    CallMemory.addressOf(status), 0);
            if (result != 0) {
                throw HostSyscalls.failed("statx", descriptor + ", \"\", AT_EMPTY_PATH", Native.getLastError());
            }
            // struct statx: stx_blksize@4, stx_mode@28, stx_ino@32, stx_size@40, stx_dev_major@136, stx_dev_minor@140.
            long device = (long) status.getInt(136) << 32 | Integer.toUnsignedLong(status.getInt(140));
            return new OpenFile(device, status.getLong(32), Short.toUnsignedInt(status.getShort(28)),
                    status.getLong(40), Integer.toUnsignedLong(status.getInt(4)));
        }
    }

    @Override
    public void allocate(int descriptor, long offset, long length) {
        while (CLibrary.fallocate(descriptor, 0, offset, length) != 0) {
            int number = Native.getLastError();
            // A signal, such as one that a profiler sends, ends a long allocation; the pages so far stay.
            if (number != Errno.EINTR.number()) {
                throw HostSyscalls.failed("fallocate", descriptor + ", 0, " + offset + ", " + length, number);
            }
        }
    }

    @Override
    public long map(long address, long length, int protection, int flags, int descriptor, long offset) {
        long result = CLibrary.mmap(address, length, protection, flags, descriptor, offset);
        if (result == -1) {
            int number = Native.getLastError();
            throw HostSyscalls.failed("mmap", String.format("0x%x, %d, %s, 0x%x, %d, %d", address, length,
                    shownProtection(protection), flags, descriptor, offset), number);
        }
        return result;
    }

    private static String shownProtection(int protection) {
        return (protection & PROT_WRITE) != 0 ? "PROT_READ|PROT_WRITE" : "PROT_READ";
    }

    @Override
    public void unmap(long address, long length) {
        if (CLibrary.munmap(address, length) != 0) {
            throw HostSyscalls.failed("munmap", String.format("0x%x, %d", address, length), Native.getLastError());
        }
    }

    @Override
    public ByteBuffer view(long address, int length) {
        return new Pointer(address).getByteBuffer(0, length).order(ByteOrder.nativeOrder());
    }

    @Override
    public void bind(long address, long length, NodeSet nodes) {
        try (CallMemory memory = CallMemory.begin()) {
            ByteBuffer mask = memory.take(LIMIT_NODES / Byte.SIZE);
            for (int i = 0; i < mask.capacity(); i++) {
                mask.put(i, (byte) 0);
            }
            nodes.stream().forEach(node -> mask.put(node / 8, (byte) (mask.get(node / 8) | 1 << node % 8)));
            // The kernel takes one bit less than it is told, see mbind(2), "C library/kernel differences".
            long result = CLibrary.syscall(mbindNumber, address, length, MPOL_BIND, CallMemory.addressOf(mask),
                    LIMIT_NODES + 1, 0);
            if (result != 0) {
                throw HostSyscalls.failed("mbind", String.format("0x%x, %d, MPOL_BIND, nodes %s", address, length,
                        nodes), Native.getLastError());
            }
        }
    }

    @Override
    public void populate(long address, long length) {
        int number = populate(address, length, MADV_POPULATE_WRITE);
        if (number != 0) {
            throw populateFailed(address, length, "MADV_POPULATE_WRITE", number);
        }
    }

    @Override
    public boolean canRead(long address, long length) {
        int number = populate(address, length, MADV_POPULATE_READ);
        // EHWPOISON: memory that the hardware has reported as broken.
        if (number == Errno.EFAULT.number() || number == Errno.EHWPOISON.number()) {
            return false;
        }
        if (number != 0) {
            throw populateFailed(address, length, "MADV_POPULATE_READ", number);
        }
        return true;
    }

    /** Gives the number of the error, 0 for none. */
    private static int populate(long address, long length, int advice) {
        while (CLibrary.madvise(address, length, advice) != 0) {
            int number = Native.getLastError();
            if (number != Errno.EINTR.number() && number != Errno.EAGAIN.number()) {
                return number;
            }
        }
        return 0;
    }

    private static SystemCallException populateFailed(long address, long length, String advice, int number) {
        return HostSyscalls.failed("madvise", String.format("0x%x, %d, %s", address, length, advice), number);
    }

    @Override
    public int nodeOf(long address) {
        try (CallMemory memory = CallMemory.begin()) {
            ByteBuffer node = memory.take(Integer.BYTES);
            long result = CLibrary.syscall(getMempolicyNumber, CallMemory.addressOf(node), 0, 0, address,
                    MPOL_F_NODE | MPOL_F_ADDR, 0);
            if (result != 0) {
                throw HostSyscalls.failed("get_mempolicy", String.format("MPOL_F_NODE|MPOL_F_ADDR, 0x%x", address),
                        Native.getLastError());
            }
            return node.getInt(0);
        }
    }

    @Override
    public boolean tryLock(int descriptor, long offset, long length, boolean exclusive) {
        try (CallMemory memory = CallMemory.begin()) {
            ByteBuffer lock = range(memory, exclusive ? F_WRLCK : F_RDLCK, offset, length);
            if (CLibrary.fcntl(descriptor, F_OFD_SETLK, CallMemory.addressOf(lock)) == 0) {
                return true;
            }
            int number = Native.getLastError();
            if (number == Errno.EAGAIN.number() || number == Errno.EACCES.number()) {
                return false;
            }
            throw HostSyscalls.failed("fcntl", descriptor + ", F_OFD_SETLK, "
                    + (exclusive ? "F_WRLCK " : "F_RDLCK ") + offset + "+" + length, number);
        }
    }

    @Override
    public void unlock(int descriptor, long offset, long length) {
        try (CallMemory memory = CallMemory.begin()) {
            ByteBuffer lock = range(memory, F_UNLCK, offset, length);
            if (CLibrary.fcntl(descriptor, F_OFD_SETLK, CallMemory.addressOf(lock)) != 0) {
                throw HostSyscalls.failed("fcntl", descriptor + ", F_OFD_SETLK, F_UNLCK " + offset + "+" + length,
                        Native.getLastError());
            }
        }
    }

    @Override
    public boolean isLockedByOther(int descriptor, long offset, long length) {
        try (CallMemory memory = CallMemory.begin()) {
            ByteBuffer lock = range(memory, F_WRLCK, offset, length);
            if (CLibrary.fcntl(descriptor, F_OFD_GETLK, CallMemory.addressOf(lock)) != 0) {
                throw HostSyscalls.failed("fcntl", descriptor + ", F_OFD_GETLK, " + offset + "+" + length,
                        Native.getLastError());
            }
            return lock.getShort(0) != F_UNLCK;
        }
    }

    private static ByteBuffer range(CallMemory memory, short type, long offset, long length) {
        ByteBuffer lock = memory.take(FLOCK_SIZE);
        // l_whence 0 is SEEK_SET; l_pid must be 0 for locks of open file descriptions.
        return lock.putShort(0, type).putShort(2, (short) 0).putLong(8, offset).putLong(16, length).putInt(24, 0);
    }
}

package io.vnfkit.linux;

import com.sun.jna.Native;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * The system calls of this machine. Each method makes its call, reads errno on the next line where the result says that
 * it failed, and throws. Texts for messages are put together only then.
 */
final class HostSyscalls implements Syscalls {

    private static final int LOCK_SH = 1;
    private static final int LOCK_EX = 2;
    private static final int LOCK_NB = 4;
    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int F_ADD_SEALS = 1033;
    private static final int F_SEAL_SEAL = 0x1;
    private static final int F_SEAL_SHRINK = 0x2;
    private static final int F_SEAL_GROW = 0x4;
    private static final int F_SEAL_WRITE = 0x8;
    private static final int MFD_CLOEXEC = 0x1;
    private static final int MFD_ALLOW_SEALING = 0x2;
    private static final int MFD_EXEC = 0x10;
    private static final int EFD_CLOEXEC = LinuxConstants.O_CLOEXEC;
    private static final int STATFS_SIZE = 120;

    private final HostProcesses processes = new HostProcesses();
    private final long bpfNumber = System.getProperty("os.arch").equals("aarch64") ? 280 : 321;

    private HostSyscalls() {}

    /** Loads the binding at the first call and keeps either it or the reason why it cannot be loaded. */
    private static final class Loaded {

        static final Object RESULT = load();

        private static Object load() {
            try {
                PlatformCheck.require();
                // A call that cannot fail, so that CLibrary is bound here rather than in the middle of a launch.
                CLibrary.geteuid();
                return new HostSyscalls();
            } catch (LinkageError | RuntimeException failure) {
                return PlatformCheck.diagnose(failure);
            }
        }
    }

    static Syscalls instance() {
        if (Loaded.RESULT instanceof UnsupportedPlatformException refusal) {
            throw new UnsupportedPlatformException(refusal.getMessage(), refusal.getCause());
        }
        return (Syscalls) Loaded.RESULT;
    }

    @Override
    public int open(Path path, int flags, int mode) {
        try (CallMemory memory = CallMemory.begin()) {
            long name = memory.text(path.toString());
            int descriptor;
            while ((descriptor = CLibrary.open(name, flags | LinuxConstants.O_CLOEXEC, mode)) < 0) {
                int number = Native.getLastError();
                if (number != Errno.EINTR.number()) {
                    throw failed("open", quoted(path) + ", " + FlagNames.ofOpen(flags) + ", 0"
                            + Integer.toOctalString(mode), number);
                }
            }
            return descriptor;
        }
    }

    @Override
    public void close(int descriptor) {
        if (CLibrary.close(descriptor) != 0) {
            int number = Native.getLastError();
            if (number != Errno.EINTR.number()) {
                throw failed("close", "" + descriptor, number);
            }
        }
    }

    @Override
    public int read(int descriptor, ByteBuffer target) {
        return HostTransfer.read(descriptor, target, HostTransfer.AT_POSITION);
    }

    @Override
    public int pread(int descriptor, ByteBuffer target, long offset) {
        if (offset < 0) {
            throw failed("pread", descriptor + ", " + target.remaining() + ", " + offset, Errno.EINVAL.number());
        }
        return HostTransfer.read(descriptor, target, offset);
    }

    @Override
    public int write(int descriptor, ByteBuffer source) {
        return HostTransfer.write(descriptor, source);
    }

    @Override
    public void ftruncate(int descriptor, long length) {
        if (CLibrary.ftruncate(descriptor, length) != 0) {
            throw failed("ftruncate", descriptor + ", " + length, Native.getLastError());
        }
    }

    @Override
    public void mkdir(Path path, int mode) {
        try (CallMemory memory = CallMemory.begin()) {
            if (CLibrary.mkdir(memory.text(path.toString()), mode) != 0) {
                int number = Native.getLastError();
                throw failed("mkdir", quoted(path) + ", 0" + Integer.toOctalString(mode), number);
            }
        }
    }

    @Override
    public void rmdir(Path path) {
        try (CallMemory memory = CallMemory.begin()) {
            if (CLibrary.rmdir(memory.text(path.toString())) != 0) {
                throw failed("rmdir", quoted(path), Native.getLastError());
            }
        }
    }

    @Override
    public void unlink(Path path) {
        try (CallMemory memory = CallMemory.begin()) {
            if (CLibrary.unlink(memory.text(path.toString())) != 0) {
                throw failed("unlink", quoted(path), Native.getLastError());
            }
        }
    }

    @Override
    public boolean tryLockExclusively(int descriptor) {
        return tryLock(descriptor, LOCK_EX, "LOCK_EX|LOCK_NB");
    }

    @Override
    public boolean tryLockShared(int descriptor) {
        return tryLock(descriptor, LOCK_SH, "LOCK_SH|LOCK_NB");
    }

    private static boolean tryLock(int descriptor, int kind, String shown) {
        if (CLibrary.flock(descriptor, kind | LOCK_NB) == 0) {
            return true;
        }
        int number = Native.getLastError();
        if (number == Errno.EAGAIN.number()) {
            return false;
        }
        throw failed("flock", descriptor + ", " + shown, number);
    }

    @Override
    public void lockExclusively(int descriptor) {
        while (CLibrary.flock(descriptor, LOCK_EX) != 0) {
            int number = Native.getLastError();
            if (number != Errno.EINTR.number()) {
                throw failed("flock", descriptor + ", LOCK_EX", number);
            }
        }
    }

    @Override
    public int duplicate(int descriptor, int minimum) {
        int duplicate = CLibrary.fcntl(descriptor, F_DUPFD_CLOEXEC, minimum);
        if (duplicate < 0) {
            throw failed("fcntl", descriptor + ", F_DUPFD_CLOEXEC, " + minimum, Native.getLastError());
        }
        return duplicate;
    }

    @Override
    public Pipe pipe() {
        try (CallMemory memory = CallMemory.begin()) {
            ByteBuffer ends = memory.take(2 * Integer.BYTES);
            if (CLibrary.pipe2(CallMemory.addressOf(ends), LinuxConstants.O_CLOEXEC) != 0) {
                throw failed("pipe2", "O_CLOEXEC", Native.getLastError());
            }
            return new Pipe(ends.getInt(0), ends.getInt(Integer.BYTES));
        }
    }

    @Override
    public int memfd(String name) {
        try (CallMemory memory = CallMemory.begin()) {
            long text = memory.text(name);
            int flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
            int descriptor = CLibrary.memfd_create(text, flags | MFD_EXEC);
            if (descriptor < 0 && Native.getLastError() == Errno.EINVAL.number()) {
                // Kernels before 6.3 do not know MFD_EXEC; there every memfd can be executed.
                descriptor = CLibrary.memfd_create(text, flags);
            }
            if (descriptor < 0) {
                throw failed("memfd_create", quoted(name) + ", MFD_CLOEXEC|MFD_ALLOW_SEALING|MFD_EXEC",
                        Native.getLastError());
            }
            return descriptor;
        }
    }

    @Override
    public void seal(int descriptor) {
        if (CLibrary.fcntl(descriptor, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) != 0) {
            throw failed("fcntl", descriptor + ", F_ADD_SEALS, SEAL|SHRINK|GROW|WRITE", Native.getLastError());
        }
    }

    @Override
    public int spawn(SpawnRequest request) {
        return processes.spawn(request);
    }

    @Override
    public WaitStatus waitFor(int pid) {
        return processes.waitFor(pid, true);
    }

    @Override
    public WaitStatus waitForNow(int pid) {
        return processes.waitFor(pid, false);
    }

    @Override
    public int pidfdOpen(int pid) {
        return processes.pidfdOpen(pid);
    }

    @Override
    public void pidfdSendSignal(int pidfd, int signal) {
        processes.pidfdSendSignal(pidfd, signal);
    }

    @Override
    public OptionalInt poll(Duration timeout, int... descriptors) {
        return processes.poll(timeout, descriptors);
    }

    @Override
    public int eventfd() {
        int descriptor = CLibrary.eventfd(0, EFD_CLOEXEC);
        if (descriptor < 0) {
            throw failed("eventfd", "0, EFD_CLOEXEC", Native.getLastError());
        }
        return descriptor;
    }

    @Override
    public FileSystemStatus statfs(Path path) {
        try (CallMemory memory = CallMemory.begin()) {
            ByteBuffer status = memory.take(STATFS_SIZE);
            if (CLibrary.statfs(memory.text(path.toString()), CallMemory.addressOf(status)) != 0) {
                throw failed("statfs", quoted(path), Native.getLastError());
            }
            // struct statfs of 64-bit architectures: f_type, f_bsize, f_blocks, f_bfree, f_bavail.
            return new FileSystemStatus(
                    status.getLong(0), status.getLong(8), status.getLong(16), status.getLong(24), status.getLong(32));
        }
    }

    @Override
    public void mount(String source, Path target, String type, long flags, String data) {
        try (CallMemory memory = CallMemory.begin()) {
            int result = CLibrary.mount(memory.text(source), memory.text(target.toString()), memory.text(type), flags,
                    memory.text(data));
            if (result != 0) {
                int number = Native.getLastError();
                throw failed("mount", quoted(source) + ", " + quoted(target) + ", " + quoted(type) + ", "
                        + FlagNames.ofMount(flags) + ", " + quoted(data), number);
            }
        }
    }

    @Override
    public void umount(Path target, int flags) {
        try (CallMemory memory = CallMemory.begin()) {
            if (CLibrary.umount2(memory.text(target.toString()), flags) != 0) {
                throw failed("umount2", quoted(target) + ", " + FlagNames.ofUmount(flags), Native.getLastError());
            }
        }
    }

    @Override
    public int bpf(int command, ByteBuffer attributes) {
        if (!attributes.isDirect() || attributes.order() != ByteOrder.nativeOrder()) {
            throw new IllegalArgumentException("attributes of bpf must be a direct buffer in native byte order");
        }
        long address = addressOf(attributes) + attributes.position();
        long result = CLibrary.syscall(bpfNumber, command, address, attributes.remaining(), 0);
        int number = result < 0 ? Native.getLastError() : 0;
        Reference.reachabilityFence(attributes);
        if (result < 0) {
            throw failed("bpf", command + ", " + attributes.remaining() + " bytes of attributes", number);
        }
        return (int) result;
    }

    @Override
    public long addressOf(ByteBuffer buffer) {
        if (!Objects.requireNonNull(buffer, "buffer").isDirect()) {
            throw new IllegalArgumentException("a buffer on the heap has no address");
        }
        return CallMemory.addressOf(buffer);
    }

    @Override
    public void chown(Path path, int uid, int gid) {
        if (CallMemory.isAscii(path.toString())) {
            PosixLibrary.chown(path.toString(), uid, gid);
            return;
        }
        int descriptor = open(path, LinuxConstants.O_PATH, 0);
        try {
            PosixLibrary.chown("/proc/self/fd/" + descriptor, uid, gid);
        } finally {
            close(descriptor);
        }
    }

    @Override
    public int effectiveUserId() {
        // jnr-posix has this call too, but its start-up would delay the first plan, which asks for root rights.
        return CLibrary.geteuid();
    }

    @Override
    public ResourceLimit getrlimit(int resource) {
        return PosixLibrary.getrlimit(resource);
    }

    static String quoted(Object text) {
        return "\"" + text + "\"";
    }

    static SystemCallException failed(String call, String arguments, int number) {
        return new SystemCallException(call, arguments, number, FailureHints.of(call, number));
    }
}

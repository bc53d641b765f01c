package io.vnfkit.linux;

import com.sun.jna.Native;
import io.vnfkit.linux.Syscalls.WaitStatus;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** The system calls about processes: start, wait, signal, poll. Stateless. */
final class HostProcesses {

    // sizeof in glibc and musl, on x86-64 and aarch64 alike.
    private static final int SIGNAL_SET_SIZE = 128;
    private static final int FILE_ACTIONS_SIZE = 80;
    private static final int ATTRIBUTES_SIZE = 336;

    private static final short POSIX_SPAWN_SETSIGDEF = 0x04;
    private static final short POSIX_SPAWN_SETSIGMASK = 0x08;
    private static final short POSIX_SPAWN_SETSID = 0x80;

    // siginfo_t of the kernel on 64-bit architectures.
    private static final int SIGINFO_SIZE = 128;
    private static final int SI_CODE = 8;
    private static final int SI_PID = 16;
    private static final int SI_STATUS = 24;

    private static final int P_PID = 1;
    private static final int WNOHANG = 1;
    private static final int WEXITED = 4;
    private static final int CLD_EXITED = 1;

    // No wrapper in musl, and in glibc only since 2.36. The numbers are the same on both architectures.
    private static final long SYS_PIDFD_SEND_SIGNAL = 424;
    private static final long SYS_PIDFD_OPEN = 434;

    int spawn(SpawnRequest request) {
        try (CallMemory memory = CallMemory.begin()) {
            long path = memory.text(request.executable());
            long arguments = memory.texts(request.arguments());
            long environment = memory.texts(List.of());
            long actions = memory.zeroed(FILE_ACTIONS_SIZE);
            long attributes = attributes(memory, request);
            ByteBuffer pid = memory.take(Integer.BYTES);
            check(CLibrary.posix_spawn_file_actions_init(actions), request);
            try {
                addDescriptors(actions, request);
                // posix_spawn(3) gives the error number as its result, errno is not set.
                check(CLibrary.posix_spawn(
                        CallMemory.addressOf(pid), path, actions, attributes, arguments, environment), request);
            } finally {
                CLibrary.posix_spawn_file_actions_destroy(actions);
            }
            return pid.getInt(0);
        }
    }

    private static long attributes(CallMemory memory, SpawnRequest request) {
        // A thread of the JVM has signals blocked, and the JVM has dispositions of its own: the child inherits neither.
        // The C library's own fill function leaves out the two signals that it needs for itself.
        long none = memory.zeroed(SIGNAL_SET_SIZE);
        long all = memory.zeroed(SIGNAL_SET_SIZE);
        long attributes = memory.zeroed(ATTRIBUTES_SIZE);
        CLibrary.sigfillset(all);
        check(CLibrary.posix_spawnattr_init(attributes), request);
        check(CLibrary.posix_spawnattr_setsigmask(attributes, none), request);
        check(CLibrary.posix_spawnattr_setsigdefault(attributes, all), request);
        int flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID;
        check(CLibrary.posix_spawnattr_setflags(attributes, (short) flags), request);
        return attributes;
    }

    private static void addDescriptors(long actions, SpawnRequest request) {
        List<Integer> descriptors = request.descriptors();
        for (int number = 0; number < descriptors.size(); number++) {
            check(CLibrary.posix_spawn_file_actions_adddup2(actions, descriptors.get(number), number), request);
        }
    }

    private static void check(int result, SpawnRequest request) {
        if (result != 0) {
            throw HostSyscalls.failed("posix_spawn", HostSyscalls.quoted(request.executable()) + ", "
                    + request.arguments() + ", descriptors " + request.descriptors(), result);
        }
    }

    /** Null while the child runs, which happens only without waiting. */
    WaitStatus waitFor(int pid, boolean block) {
        try (CallMemory memory = CallMemory.begin()) {
            ByteBuffer information = memory.take(SIGINFO_SIZE);
            // POSIX leaves the structure undefined when WNOHANG finds nothing, so it has to be zero before.
            information.putInt(SI_PID, 0);
            long address = CallMemory.addressOf(information);
            int options = WEXITED | (block ? 0 : WNOHANG);
            while (CLibrary.waitid(P_PID, pid, address, options) != 0) {
                int number = Native.getLastError();
                if (number != Errno.EINTR.number()) {
                    throw HostSyscalls.failed("waitid", "P_PID, " + pid + ", WEXITED" + (block ? "" : "|WNOHANG"),
                            number);
                }
            }
            if (information.getInt(SI_PID) == 0) {
                return null;
            }
            return new WaitStatus(information.getInt(SI_CODE) != CLD_EXITED, information.getInt(SI_STATUS));
        }
    }

    int pidfdOpen(int pid) {
        long descriptor = CLibrary.syscall(SYS_PIDFD_OPEN, pid, 0, 0, 0);
        if (descriptor < 0) {
            throw HostSyscalls.failed("pidfd_open", pid + ", 0", Native.getLastError());
        }
        return (int) descriptor;
    }

    void pidfdSendSignal(int pidfd, int signal) {
        if (CLibrary.syscall(SYS_PIDFD_SEND_SIGNAL, pidfd, signal, 0, 0) != 0) {
            throw HostSyscalls.failed("pidfd_send_signal", pidfd + ", " + signal, Native.getLastError());
        }
    }

    OptionalInt poll(Duration timeout, int... descriptors) {
        try (CallMemory memory = CallMemory.begin()) {
            PollEntries entries = PollEntries.take(memory, descriptors.length);
            for (int i = 0; i < descriptors.length; i++) {
                entries.set(i, descriptors[i], PollEntries.POLLIN);
            }
            return entries.await(timeout) ? firstReady(entries, descriptors.length) : OptionalInt.empty();
        }
    }

    private static OptionalInt firstReady(PollEntries entries, int count) {
        return IntStream.range(0, count).filter(i -> entries.eventsOf(i) != 0).findFirst();
    }
}

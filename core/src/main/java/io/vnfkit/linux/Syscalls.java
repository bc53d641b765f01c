package io.vnfkit.linux;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;

/**
 * The system calls that vnfkit makes in the JVM's own process.
 *
 * <p>This is the seam to the kernel: production code takes an instance, tests hand in one that records. Every method
 * throws {@link SystemCallException} with the errno when the kernel refuses; none returns an error value. Every
 * descriptor is opened close-on-exec. Thread-safe.
 *
 * <p>Nothing here forks, changes the working directory, the umask, signal handlers or namespaces of the JVM: all that
 * happens in the launch init, a process of its own.
 */
public interface Syscalls {

    /**
     * The kernel of this machine. The native binding is loaded at the first call, not before.
     *
     * @return the shared instance
     * @throws UnsupportedPlatformException if this is not 64-bit Linux on x86-64 or aarch64, or the native binding
     *     cannot be loaded
     */
    static Syscalls host() {
        return HostSyscalls.instance();
    }

    /**
     * open(2) with O_CLOEXEC added.
     *
     * @param path the file
     * @param flags O_ constants of {@link LinuxConstants}
     * @param mode permissions of a file that is created
     * @return the descriptor
     */
    int open(Path path, int flags, int mode);

    /**
     * close(2). Never retried: on Linux the descriptor is gone even after EINTR.
     *
     * @param descriptor the descriptor
     */
    void close(int descriptor);

    /**
     * read(2), again after EINTR.
     *
     * @param descriptor the descriptor
     * @param target where the bytes go, from its position to its limit; the position advances
     * @return number of bytes; 0 at the end
     */
    int read(int descriptor, ByteBuffer target);

    /**
     * pread(2), again after EINTR.
     *
     * @param descriptor the descriptor
     * @param target where the bytes go, from its position to its limit; the position advances
     * @param offset where in the file to start
     * @return number of bytes; 0 at the end
     */
    int pread(int descriptor, ByteBuffer target, long offset);

    /**
     * One write(2), again after EINTR: files of the kernel take a value whole or not at all.
     *
     * @param descriptor the descriptor
     * @param source the bytes, from its position to its limit; the position advances
     * @return number of bytes written
     */
    int write(int descriptor, ByteBuffer source);

    /**
     * ftruncate(2).
     *
     * @param descriptor the descriptor
     * @param length the new length
     */
    void ftruncate(int descriptor, long length);

    /**
     * mkdir(2).
     *
     * @param path the directory
     * @param mode permissions before the umask
     */
    void mkdir(Path path, int mode);

    /**
     * rmdir(2).
     *
     * @param path the directory
     */
    void rmdir(Path path);

    /**
     * unlink(2).
     *
     * @param path the file
     */
    void unlink(Path path);

    /**
     * flock(2) with LOCK_EX | LOCK_NB.
     *
     * @param descriptor the descriptor; the lock belongs to its open file description and lives as long as any
     *     duplicate
     * @return false if another open file description holds it
     */
    boolean tryLockExclusively(int descriptor);

    /**
     * flock(2) with LOCK_SH | LOCK_NB, for looking whether somebody holds a lock exclusively: those who only look do not keep
     * each other off.
     *
     * @param descriptor the descriptor
     * @return false if another open file description holds the lock exclusively
     */
    boolean tryLockShared(int descriptor);

    /**
     * flock(2) with LOCK_EX: waits until no other open file description holds the lock. Again after EINTR.
     *
     * @param descriptor the descriptor
     */
    void lockExclusively(int descriptor);

    /**
     * fcntl(F_DUPFD_CLOEXEC).
     *
     * @param descriptor the descriptor
     * @param minimum the lowest number that the duplicate may have
     * @return the duplicate
     */
    int duplicate(int descriptor, int minimum);

    /**
     * pipe2(O_CLOEXEC).
     *
     * @return the read end and the write end
     */
    Pipe pipe();

    /**
     * Both ends of a pipe.
     *
     * @param readEnd descriptor to read from
     * @param writeEnd descriptor to write to
     */
    record Pipe(int readEnd, int writeEnd) {}

    /**
     * An anonymous file in memory that can be executed: memfd_create(2) with MFD_ALLOW_SEALING and, where the kernel
     * knows it (6.3), MFD_EXEC.
     *
     * @param name shown in /proc/PID/maps
     * @return the descriptor
     */
    int memfd(String name);

    /**
     * Seals a memfd against every change: fcntl(F_ADD_SEALS) with SEAL, SHRINK, GROW and WRITE.
     *
     * @param descriptor the memfd
     */
    void seal(int descriptor);

    /**
     * Starts a program with posix_spawn(3). The C library does it with CLONE_VM | CLONE_VFORK inside C code; no Java
     * frame ever runs in the child. The child has an empty signal mask, default dispositions (except that glibc ignores
     * its own signals 32 and 33), a session of its own, an empty environment and the descriptors asked for under the
     * numbers from 0 on.
     *
     * <p>No other descriptor that this interface opened reaches the child. But the JDK opens jars, files and sockets
     * without O_CLOEXEC: the program must begin with close_range(2) if what it starts must not have them.
     *
     * @param request what to start
     * @return the child's process id; a child of this JVM until {@link #waitFor} reaps it
     */
    int spawn(SpawnRequest request);

    /**
     * Waits for a child of this JVM and reaps it: waitid(P_PID, WEXITED), again after EINTR.
     *
     * @param pid the child
     * @return how it ended
     */
    WaitStatus waitFor(int pid);

    /**
     * Reaps a child if it has ended: waitid(P_PID, WEXITED | WNOHANG).
     *
     * @param pid the child
     * @return how it ended; null while it runs
     */
    WaitStatus waitForNow(int pid);

    /**
     * How a child ended.
     *
     * @param signaled true if a signal ended it
     * @param value exit code, or the signal's number
     */
    record WaitStatus(boolean signaled, int value) {

        /**
         * The exit code as shells give it.
         *
         * @return 0 to 255; 128 + n for signal n
         */
        public int exitCode() {
            return signaled ? 128 + value : value;
        }
    }

    /**
     * pidfd_open(2).
     *
     * @param pid the process
     * @return a descriptor that stays with this process, whatever becomes of the number; readable when it has ended
     */
    int pidfdOpen(int pid);

    /**
     * pidfd_send_signal(2).
     *
     * @param pidfd the process
     * @param signal the signal's number; 0 only checks
     */
    void pidfdSendSignal(int pidfd, int signal);

    /**
     * poll(2) for readability, again after EINTR.
     *
     * @param timeout how long to wait at most; negative waits for ever
     * @param descriptors what to wait for
     * @return index of the first descriptor that is readable, hung up or in error; empty after the timeout
     */
    OptionalInt poll(Duration timeout, int... descriptors);

    /**
     * eventfd(2), initially 0, for waking up a thread that polls.
     *
     * @return the descriptor
     */
    int eventfd();

    /**
     * statfs(2).
     *
     * @param path any path on the file system
     * @return what the kernel says of it
     */
    FileSystemStatus statfs(Path path);

    /**
     * mount(2) in the JVM's own mount namespace, for volumes that several VNFs share. Needs CAP_SYS_ADMIN.
     *
     * @param source device or a word for /proc/mounts
     * @param target where
     * @param type file system type
     * @param flags MS_ constants of {@link LinuxConstants}
     * @param data options of the file system; may be empty
     */
    void mount(String source, Path target, String type, long flags, String data);

    /**
     * umount2(2). Needs CAP_SYS_ADMIN.
     *
     * @param target the mount point
     * @param flags MNT_ constants of {@link LinuxConstants}
     */
    void umount(Path target, int flags);

    /**
     * bpf(2).
     *
     * @param command BPF_ constant of {@link LinuxConstants}
     * @param attributes the command's part of {@code union bpf_attr}, direct, in native order; its rest must be zero.
     *     The kernel writes results into it.
     * @return the call's result, for instance a descriptor
     */
    int bpf(int command, ByteBuffer attributes);

    /**
     * Address of a direct buffer, for the pointer fields of {@link #bpf}. Keep the buffer reachable until the call
     * returned.
     *
     * @param buffer a direct buffer
     * @return its address
     */
    long addressOf(ByteBuffer buffer);

    /**
     * chown(2).
     *
     * @param path the file
     * @param uid new owner
     * @param gid new group
     */
    void chown(Path path, int uid, int gid);

    /**
     * geteuid(2).
     *
     * @return the effective user id
     */
    int effectiveUserId();

    /**
     * getrlimit(2).
     *
     * @param resource RLIMIT_ constant of {@link LinuxConstants}
     * @return soft and hard limit
     */
    ResourceLimit getrlimit(int resource);

    /**
     * A soft and a hard limit.
     *
     * @param soft the limit in force; -1 for infinity
     * @param hard what the soft limit may be raised to; -1 for infinity
     */
    record ResourceLimit(long soft, long hard) {}
}

package io.vnfkit.linux;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/**
 * The C library's functions, mapped directly: a {@code static native} method is bound to the function of the same name.
 *
 * <p>Only primitives cross. On the supported platforms every pointer, {@code long}, {@code size_t} and {@code off_t} is
 * a Java {@code long}, so nothing is boxed, no {@code String} is encoded and no structure is reflected on.
 * {@link PlatformCheck} has made sure of that before this class is touched.
 *
 * <p>open, fcntl and syscall are variadic in C. A direct mapping calls them like functions with fixed parameters. That
 * is right on the two supported platforms: the x86-64 psABI passes variadic integers like others (libffi sets AL, the
 * number of vector registers), and AAPCS64 on Linux does so too. It would be wrong on Apple's aarch64, which passes
 * them on the stack.
 *
 * <p>Only through {@link HostSyscalls}: a caller here must check the result and read errno before anything else
 * happens.
 */
final class CLibrary {

    static {
        // The process itself rather than a file name: libc.so.6 with glibc, libc.musl-x86_64.so.1 with musl.
        Native.register(CLibrary.class, NativeLibrary.getProcess());
    }

    private CLibrary() {}

    static native int open(long path, int flags, int mode);

    static native int close(int descriptor);

    static native long read(int descriptor, long buffer, long size);

    static native long pread(int descriptor, long buffer, long size, long offset);

    static native long write(int descriptor, long buffer, long size);

    static native int ftruncate(int descriptor, long length);

    static native int mkdir(long path, int mode);

    static native int rmdir(long path);

    static native int unlink(long path);

    static native int flock(int descriptor, int operation);

    static native int fcntl(int descriptor, int command, long argument);

    static native int pipe2(long descriptors, int flags);

    static native int memfd_create(long name, int flags);

    static native int waitid(int idType, int id, long information, int options);

    static native int poll(long descriptors, long count, int timeout);

    static native int eventfd(int initial, int flags);

    static native int statfs(long path, long buffer);

    static native int mount(long source, long target, long type, long flags, long data);

    static native int umount2(long target, int flags);

    static native int geteuid();

    static native int sigfillset(long set);

    static native int posix_spawn(
            long pid, long path, long fileActions, long attributes, long arguments, long environment);

    static native int posix_spawn_file_actions_init(long fileActions);

    static native int posix_spawn_file_actions_adddup2(long fileActions, int descriptor, int newDescriptor);

    static native int posix_spawn_file_actions_destroy(long fileActions);

    static native int posix_spawnattr_init(long attributes);

    static native int posix_spawnattr_setflags(long attributes, short flags);

    static native int posix_spawnattr_setsigmask(long attributes, long set);

    static native int posix_spawnattr_setsigdefault(long attributes, long set);

    static native int fchmod(int descriptor, int mode);

    static native int fallocate(int descriptor, int mode, long offset, long length);

    static native long mmap(long address, long length, int protection, int flags, int descriptor, long offset);

    static native int munmap(long address, long length);

    static native int madvise(long address, long length, int advice);

    static native int socket(int domain, int type, int protocol);

    static native int socketpair(int domain, int type, int protocol, long descriptors);

    static native int bind(int descriptor, long address, int length);

    static native int listen(int descriptor, int backlog);

    static native int accept4(int descriptor, long address, long length, int flags);

    static native int connect(int descriptor, long address, int length);

    static native int getsockopt(int descriptor, int level, int name, long value, long length);

    static native long sendmsg(int descriptor, long message, int flags);

    static native long recvmsg(int descriptor, long message, int flags);

    static native long syscall(long number, long first, long second, long third, long fourth);

    static native long syscall(
            long number, long first, long second, long third, long fourth, long fifth, long sixth);
}

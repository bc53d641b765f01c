package io.vnfkit.ivshmem.qemu;

import io.vnfkit.linux.KernelFiles;
import io.vnfkit.linux.SharedMemoryCalls;
import io.vnfkit.linux.Syscalls;
import io.vnfkit.linux.UnixSocketCalls;

/**
 * The parts of the seam to the kernel that this package uses.
 *
 * @param calls descriptors and files
 * @param memory shared memory
 * @param sockets sockets and eventfds
 */
record Kernel(Syscalls calls, SharedMemoryCalls memory, UnixSocketCalls sockets) {

    private static final String EVENTFD = "anon_inode:[eventfd]";

    static Kernel host() {
        return new Kernel(Syscalls.host(), SharedMemoryCalls.host(), UnixSocketCalls.host());
    }

    /** Whatever else a peer sends instead might block, or mean something when written to. */
    boolean isEventfd(int descriptor) {
        return KernelFiles.host().readLink("/proc/self/fd/" + descriptor).toString().equals(EVENTFD);
    }

    void closeAll(Iterable<Integer> descriptors) {
        descriptors.forEach(calls::close);
    }
}

package io.vnfkit.ivshmem.memif;

import io.vnfkit.linux.SharedMemoryCalls;
import io.vnfkit.linux.Syscalls;
import io.vnfkit.linux.UnixSocketCalls;

/** The parts of the seam to the kernel that a link needs. */
record Kernel(Syscalls files, SharedMemoryCalls memory, UnixSocketCalls sockets) {

    static Kernel host() {
        return new Kernel(Syscalls.host(), SharedMemoryCalls.host(), UnixSocketCalls.host());
    }

    EventDescriptor eventOf(int descriptor) {
        return new EventDescriptor(sockets, files, descriptor);
    }

    EventDescriptor newEvent() {
        return eventOf(sockets.eventfd());
    }
}

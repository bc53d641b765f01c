package io.vnfkit.ivshmem;

import io.vnfkit.linux.SharedMemoryCalls;
import io.vnfkit.linux.Syscalls;

/** The two parts of the seam to the kernel that regions need. */
record Kernel(Syscalls syscalls, SharedMemoryCalls memory) {

    static Kernel host() {
        return new Kernel(Syscalls.host(), SharedMemoryCalls.host());
    }
}

package io.vnfkit.ivshmem.memif;

import io.vnfkit.linux.Syscalls;

/** A descriptor that came with a message: whoever wants it takes it, otherwise it is closed. */
final class HeldDescriptor implements AutoCloseable {

    private final Syscalls kernel;
    private int descriptor;

    /** @param descriptor -1 for none */
    HeldDescriptor(Syscalls kernel, int descriptor) {
        this.kernel = kernel;
        this.descriptor = descriptor;
    }

    boolean isPresent() {
        return descriptor >= 0;
    }

    int descriptor() {
        return descriptor;
    }

    int take() {
        int taken = descriptor;
        descriptor = -1;
        return taken;
    }

    @Override
    public void close() {
        if (isPresent()) {
            kernel.close(take());
        }
    }
}

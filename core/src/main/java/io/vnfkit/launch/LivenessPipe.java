package io.vnfkit.launch;

import io.vnfkit.linux.Syscalls;

/**
 * A pipe that nobody ever writes to. Its write end stays open as long as this JVM lives, so its read end, which every supervisor
 * holds, reads end-of-file when the JVM is gone, however it went. One for the whole JVM, since it stands for the JVM.
 */
final class LivenessPipe {

    private static Syscalls.Pipe pipe;

    private LivenessPipe() {}

    static synchronized int readEnd(Syscalls syscalls) {
        if (pipe == null) {
            pipe = syscalls.pipe();
        }
        return pipe.readEnd();
    }
}

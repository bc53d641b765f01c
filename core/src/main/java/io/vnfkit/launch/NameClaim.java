package io.vnfkit.launch;

import io.vnfkit.linux.Syscalls;

/** A name that this JVM holds, with the descriptor of its lock. The supervisor inherits the descriptor and writes the exit record. */
final class NameClaim implements AutoCloseable {

    private final Syscalls syscalls;
    private final StateDirectory directory;
    private final String name;
    private final int lock;
    private boolean closed;

    NameClaim(Syscalls syscalls, StateDirectory directory, String name, int lock) {
        this.syscalls = syscalls;
        this.directory = directory;
        this.name = name;
        this.lock = lock;
    }

    String name() {
        return name;
    }

    synchronized boolean isOpen() {
        return !closed;
    }

    int lock() {
        return lock;
    }

    void write(VnfRecord record) {
        directory.write(name, record);
    }

    /** Forgets the exit code of the name's last owner. */
    void clearExitRecord() {
        syscalls.ftruncate(lock, 0);
    }

    /** Gives the name up and removes its traces. */
    synchronized void release() {
        if (!closed) {
            // The file goes while the lock is held, so nobody can mistake it for a name in use.
            directory.remove(name);
            close();
        }
    }

    /** Gives the lock up and leaves the record, for a VNF that goes on without this JVM. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            syscalls.close(lock);
        }
    }
}

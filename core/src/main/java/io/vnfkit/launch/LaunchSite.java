package io.vnfkit.launch;

import io.vnfkit.linux.Errno;
import io.vnfkit.linux.Host;
import io.vnfkit.linux.SystemCallException;
import io.vnfkit.linux.Syscalls;

/** What all launches on a host share. Thread-safe; nothing native is loaded before the first use. */
final class LaunchSite {

    private final Host host;
    private StateDirectory state;
    private ExitWatcher watcher;
    private InitImage init;

    LaunchSite(Host host) {
        this.host = host;
    }

    Host host() {
        return host;
    }

    Syscalls syscalls() {
        return host.syscalls();
    }

    synchronized StateDirectory state() {
        if (state == null) {
            state = new StateDirectory(syscalls(), host.files().resolve(StateDirectory.DEFAULT));
        }
        return state;
    }

    synchronized ExitWatcher watcher() {
        if (watcher == null) {
            watcher = new ExitWatcher(syscalls());
        }
        return watcher;
    }

    synchronized InitImage init() {
        if (init == null) {
            init = InitImage.load(syscalls());
        }
        return init;
    }

    /** A descriptor of a process, or -1 if it has ended already, or its id stands for another one now. */
    int openProcess(long pid, long startTime) {
        int descriptor;
        try {
            descriptor = syscalls().pidfdOpen(Math.toIntExact(pid));
        } catch (SystemCallException refusal) {
            if (refusal.is(Errno.ESRCH)) {
                return -1;
            }
            throw refusal;
        }
        // The descriptor came first, so an id that is right now was right then.
        if (processes().isAlive(pid, startTime)) {
            return descriptor;
        }
        syscalls().close(descriptor);
        return -1;
    }

    SharedVolumes volumes() {
        return new SharedVolumes(host, state());
    }

    ProcessTable processes() {
        return new ProcessTable(host.files());
    }
}

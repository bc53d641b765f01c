package io.vnfkit.launch;

import io.vnfkit.linux.Errno;
import io.vnfkit.linux.Host;
import io.vnfkit.linux.SystemCallException;
import io.vnfkit.linux.Syscalls;
import java.util.OptionalInt;

/** What all launches on a host share. Thread-safe; nothing native is loaded before the first use. */
final class LaunchSite {

    private final Host host;
    private final Handles handles = new Handles();
    private StateDirectory state;
    private ExitWatcher watcher;
    private InitImage init;
    private ProcessIdentity self;

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

    NameLocks names() {
        return new NameLocks(syscalls(), state());
    }

    Handles handles() {
        return handles;
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

    /** This JVM. */
    synchronized ProcessIdentity self() {
        if (self == null) {
            self = processes().identify(ProcessHandle.current().pid());
        }
        return self;
    }

    /** A descriptor of a process; empty if it has ended already, or its id stands for another one now. */
    OptionalInt openProcess(ProcessIdentity process) {
        int descriptor;
        try {
            descriptor = syscalls().pidfdOpen(Math.toIntExact(process.pid()));
        } catch (SystemCallException refusal) {
            if (refusal.is(Errno.ESRCH)) {
                return OptionalInt.empty();
            }
            throw refusal;
        }
        // The descriptor came first, so an id that is right now was right then.
        if (processes().isAlive(process)) {
            return OptionalInt.of(descriptor);
        }
        syscalls().close(descriptor);
        return OptionalInt.empty();
    }

    SharedVolumes volumes() {
        return new SharedVolumes(host, state());
    }

    ProcessTable processes() {
        return new ProcessTable(host.files());
    }
}

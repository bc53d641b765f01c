package io.vnfkit.launch;

import io.vnfkit.VnfkitException;
import io.vnfkit.cgroup.Polling;
import io.vnfkit.launch.step.HostStep.MountSharedVolume;
import io.vnfkit.linux.Errno;
import io.vnfkit.linux.Host;
import io.vnfkit.linux.LinuxConstants;
import io.vnfkit.linux.SystemCallException;
import io.vnfkit.linux.Syscalls;
import io.vnfkit.mount.Mountinfo;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Volumes that several VNFs share: mounted on the host by the first, unmounted after the last. Who uses one is told by the records
 * of the VNFs. Thread-safe, also between JVMs.
 */
final class SharedVolumes {

    private static final Logger LOG = LoggerFactory.getLogger(SharedVolumes.class);

    /** What /proc/mounts shows for the mounts that vnfkit made. */
    private static final String SOURCE = "vnfkit";

    private static final int PRIVATE_DIRECTORY = 0700;

    private static final Duration BUSY_LIMIT = Duration.ofSeconds(2);

    private final Host host;
    private final StateDirectory state;

    SharedVolumes(Host host, StateDirectory state) {
        this.host = host;
        this.state = state;
    }

    void mount(MountSharedVolume step) {
        // Its directory is made and removed with it, which must not happen to a directory of somebody else.
        if (!step.target().getParent().equals(StateDirectory.VOLUMES)) {
            throw new VnfkitException("shared volume " + step.target() + " lies outside " + StateDirectory.VOLUMES);
        }
        locked(() -> {
            Optional<Mountinfo.Mount> mounted = mounted(step.target());
            if (mounted.isPresent()) {
                requireSame(step, mounted.get());
            } else {
                mountNew(step);
            }
        });
    }

    private static void requireSame(MountSharedVolume step, Mountinfo.Mount mounted) {
        if (!mounted.source().equals(SOURCE)) {
            throw new VnfkitException("at " + step.target() + " a " + mounted.type() + " is mounted that vnfkit did not mount:"
                    + " unmount it, or use another name for the volume");
        }
        if (!mounted.type().equals(step.type())) {
            throw new VnfkitException("shared volume " + step.target() + " is a " + mounted.type() + " already, not a "
                    + step.type() + ": use another name for the volume");
        }
    }

    private void mountNew(MountSharedVolume step) {
        makeDirectories(step.target());
        try {
            host.syscalls().mount(SOURCE, step.target(), step.type(),
                    LinuxConstants.MS_NOSUID | LinuxConstants.MS_NODEV, step.options());
        } catch (SystemCallException refusal) {
            removeDirectories(step.target());
            throw refusal;
        }
    }

    /** Unmounts a volume unless a VNF other than this one uses it. */
    void release(Path target, String user) {
        locked(() -> {
            if (isUsedByOthers(target, user)) {
                return;
            }
            Optional<Mountinfo.Mount> mounted = mounted(target);
            if (mounted.isPresent() && !mounted.get().source().equals(SOURCE)) {
                return;
            }
            if (mounted.isPresent()) {
                unmount(target);
            }
            removeDirectories(target);
        });
    }

    /** Whoever looks into a volume at this moment (a backup, updatedb) keeps it busy for an instant. */
    private void unmount(Path target) {
        SystemCallException[] last = new SystemCallException[1];
        boolean unmounted = Polling.until(() -> {
            try {
                host.syscalls().umount(target, 0);
                return true;
            } catch (SystemCallException refusal) {
                if (!refusal.is(Errno.EBUSY)) {
                    throw refusal;
                }
                last[0] = refusal;
                return false;
            }
        }, BUSY_LIMIT);
        if (!unmounted) {
            throw last[0];
        }
    }

    private boolean isUsedByOthers(Path target, String user) {
        return state.names().stream().filter(name -> !name.equals(user)).anyMatch(name -> mayUse(name, target));
    }

    private boolean mayUse(String name, Path target) {
        try {
            return state.record(name).filter(record -> record.volumes().contains(target)).isPresent();
        } catch (VnfkitException damaged) {
            LOG.warn("Shared volume {} stays mounted, since VNF \"{}\" may use it: {}", target, name, damaged.getMessage());
            return true;
        }
    }

    private Optional<Mountinfo.Mount> mounted(Path target) {
        return Mountinfo.read(host.files()).at(target);
    }

    private void makeDirectories(Path target) {
        for (Path directory : new Path[] {target.getParent(), target}) {
            ignoring(Errno.EEXIST, () -> host.syscalls().mkdir(directory, PRIVATE_DIRECTORY));
        }
    }

    private void removeDirectories(Path target) {
        ignoring(Errno.ENOENT, () -> host.syscalls().rmdir(target));
        ignoring(Errno.ENOENT, () -> ignoring(Errno.ENOTEMPTY, () -> host.syscalls().rmdir(target.getParent())));
    }

    /** The state directory itself is the lock. It cannot vanish meanwhile, since the caller holds a name in it. */
    private void locked(Runnable action) {
        Syscalls syscalls = host.syscalls();
        int descriptor = syscalls.open(state.path(), LinuxConstants.O_RDONLY, 0);
        try {
            syscalls.lockExclusively(descriptor);
            action.run();
        } finally {
            syscalls.close(descriptor);
        }
    }

    private static void ignoring(Errno errno, Runnable call) {
        try {
            call.run();
        } catch (SystemCallException failure) {
            if (!failure.is(errno)) {
                throw failure;
            }
        }
    }
}

package io.vnfkit.launch;

import io.vnfkit.VnfkitException;
import io.vnfkit.launch.step.HostStep.MountSharedVolume;
import io.vnfkit.linux.Errno;
import io.vnfkit.linux.Host;
import io.vnfkit.linux.LinuxConstants;
import io.vnfkit.linux.SystemCallException;
import io.vnfkit.linux.Syscalls;
import io.vnfkit.mount.Mountinfo;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Volumes that several VNFs share: mounted on the host by the first, unmounted after the last. Who uses one is told by the records
 * of the VNFs. Thread-safe, also between JVMs.
 */
final class SharedVolumes {

    private static final int PRIVATE_DIRECTORY = 0700;

    private final Host host;
    private final StateDirectory state;

    SharedVolumes(Host host, StateDirectory state) {
        this.host = host;
        this.state = state;
    }

    void mount(MountSharedVolume step) {
        makeDirectories(step.target());
        locked(() -> {
            Optional<Mountinfo.Mount> mounted = mounted(step.target());
            if (mounted.isEmpty()) {
                host.syscalls().mount("vnfkit", step.target(), step.type(),
                        LinuxConstants.MS_NOSUID | LinuxConstants.MS_NODEV, step.options());
            } else if (!mounted.get().type().equals(step.type())) {
                throw new VnfkitException("shared volume " + step.target() + " is a " + mounted.get().type()
                        + " already, not a " + step.type() + ": use another name for the volume");
            }
        });
    }

    /** Unmounts a volume unless a VNF other than this one uses it. */
    void release(Path target, String user) {
        locked(() -> {
            if (isUsedByOthers(target, user)) {
                return;
            }
            if (mounted(target).isPresent()) {
                host.syscalls().umount(target, 0);
            }
            remove(target);
        });
    }

    private boolean isUsedByOthers(Path target, String user) {
        return state.names().stream()
                .filter(name -> !name.equals(user))
                .anyMatch(name -> state.record(name).map(record -> record.volumes().contains(target)).orElse(false));
    }

    private Optional<Mountinfo.Mount> mounted(Path target) {
        return Mountinfo.read(host.files()).at(target);
    }

    private void makeDirectories(Path target) {
        for (Path directory : new Path[] {state.path(), target.getParent(), target}) {
            ignoring(Errno.EEXIST, () -> host.syscalls().mkdir(directory, PRIVATE_DIRECTORY));
        }
    }

    private void remove(Path target) {
        ignoring(Errno.ENOENT, () -> host.syscalls().rmdir(target));
        ignoring(Errno.ENOENT, () -> ignoring(Errno.ENOTEMPTY, () -> host.syscalls().rmdir(target.getParent())));
    }

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

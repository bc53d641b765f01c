package io.vnfkit.ivshmem;

import io.vnfkit.linux.Errno;
import io.vnfkit.linux.Host;
import io.vnfkit.linux.KernelFiles;
import io.vnfkit.linux.LinuxConstants;
import io.vnfkit.linux.Syscalls;
import io.vnfkit.linux.SystemCallException;
import io.vnfkit.mount.Mountinfo;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * File systems of this host that VNFs get, each mounted on a directory of its own with its name. One for each thing, so
 * that a VNF that is given one reaches no other. What is mounted here stays until it is unmounted, also beyond the end of
 * this process. Thread-safe, also between processes.
 */
final class NamedMounts {

    private static final String SOURCE = "vnfkit";
    private static final int OPEN_TO_ALL = 0755;

    private final Host host;
    private final Path directory;

    NamedMounts(Host host, Path directory) {
        this.host = host;
        this.directory = directory;
    }

    /** What is mounted under a path. */
    static Optional<Mountinfo.Mount> find(KernelFiles files, Path mountPoint) {
        return Mountinfo.read(files).mounts().stream().filter(mount -> mount.mountPoint().equals(mountPoint)).findFirst();
    }

    boolean exists(String name) {
        return find(host.files(), directory.resolve(name)).isPresent();
    }

    List<String> names() {
        return Mountinfo.read(host.files()).mounts().stream()
                .map(Mountinfo.Mount::mountPoint)
                .filter(point -> directory.equals(point.getParent()))
                .map(point -> point.getFileName().toString())
                .distinct().toList();
    }

    /** Mounts; the caller holds the lock, and has seen that there is none of this name. */
    void mount(String name, String type, String options) {
        Path mountPoint = directory.resolve(name);
        makeDirectory(mountPoint);
        try {
            syscalls().mount(SOURCE, mountPoint, type,
                    LinuxConstants.MS_NOSUID | LinuxConstants.MS_NODEV | LinuxConstants.MS_NOEXEC, options);
        } catch (SystemCallException refusal) {
            syscalls().rmdir(mountPoint);
            throw refusal;
        }
    }

    /** Takes a name away; the caller holds the lock. */
    void remove(String name) {
        Path mountPoint = directory.resolve(name);
        // Lazily: a VNF has mounts of its own of it, but a process of this host may have its working directory there.
        syscalls().umount(mountPoint, LinuxConstants.MNT_DETACH);
        syscalls().rmdir(mountPoint);
    }

    /** Runs a change, one at a time among all processes. */
    <T> T locked(Supplier<T> change) {
        makeDirectory(directory.getParent());
        makeDirectory(directory);
        int lock = syscalls().open(directory, LinuxConstants.O_RDONLY, 0);
        try {
            syscalls().lockExclusively(lock);
            return change.get();
        } finally {
            syscalls().close(lock);
        }
    }

    private void makeDirectory(Path wanted) {
        try {
            syscalls().mkdir(wanted, OPEN_TO_ALL);
        } catch (SystemCallException refusal) {
            if (refusal.errno() != Errno.EEXIST) {
                throw refusal;
            }
        }
    }

    private Syscalls syscalls() {
        return host.syscalls();
    }
}

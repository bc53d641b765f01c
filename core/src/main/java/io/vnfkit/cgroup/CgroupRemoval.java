package io.vnfkit.cgroup;

import io.vnfkit.linux.Errno;
import io.vnfkit.linux.Host;
import io.vnfkit.linux.SystemCallException;
import io.vnfkit.mount.Mountinfo;
import io.vnfkit.unit.CpuSet;
import java.nio.file.Path;
import java.time.Duration;

/** Removes a control group with the groups that were made below it. */
final class CgroupRemoval {

    private final Host host;

    CgroupRemoval(Host host) {
        this.host = host;
    }

    /**
     * Removes the group if it exists. Tries again while its last processes end: a zombie keeps its group busy until it
     * is reaped.
     */
    void remove(Path directory, Duration limit) {
        ExclusiveCpus exclusive = new ExclusiveCpus(host);
        CpuSet reserved = exclusive.of(directory);
        new CpusetPartition(host.files(), directory).leave();
        SystemCallException[] last = new SystemCallException[1];
        if (!Polling.until(() -> removeOnce(directory, last), limit)) {
            String processes = host.files().readIfExists(directory.resolve("cgroup.procs").toString()).orElse("");
            throw new CgroupTimeoutException("removing", directory, limit,
                    processes.isEmpty() ? "processes that ended in it were not reaped yet, or were just born in it"
                            : "processes " + String.join(", ", processes.split("\n")) + " are still in it: kill them",
                    last[0]);
        }
        exclusive.releaseAbove(directory, reserved);
    }

    private boolean removeOnce(Path directory, SystemCallException[] last) {
        SystemCallException refusal = tryRemove(directory);
        if (refusal == null) {
            return true;
        }
        last[0] = refusal;
        // In another mount namespace rmdir would take a mount away silently; in this one it is refused, and must be
        // left alone.
        if (Mountinfo.read(host.files()).at(directory).isPresent()) {
            throw CgroupHints.removing(directory, refusal, "it is a mount point: vnfkit did not make it that");
        }
        for (String name : host.files().listIfExists(directory.toString())) {
            Path child = directory.resolve(name);
            if (host.files().isDirectory(child.toString()) && !removeOnce(child, last)) {
                return false;
            }
        }
        return tryRemove(directory) == null;
    }

    /** The refusal if the group is busy; null if it is gone. */
    private SystemCallException tryRemove(Path directory) {
        try {
            host.syscalls().rmdir(host.files().resolve(directory));
            return null;
        } catch (SystemCallException refusal) {
            if (refusal.is(Errno.ENOENT)) {
                return null;
            }
            if (refusal.is(Errno.EBUSY) || refusal.is(Errno.ENOTEMPTY)) {
                return refusal;
            }
            throw CgroupHints.removing(directory, refusal, refusal.hint());
        }
    }
}

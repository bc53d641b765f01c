package io.vnfkit.cgroup;

import io.vnfkit.linux.Errno;
import io.vnfkit.linux.Host;
import io.vnfkit.linux.KernelException;
import io.vnfkit.linux.KernelFiles;
import io.vnfkit.linux.LinuxConstants;
import io.vnfkit.linux.Syscalls;
import io.vnfkit.unit.CpuSet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.UnaryOperator;

/**
 * The CPUs that a group hands on exclusively: {@code cpuset.cpus.exclusive} (Linux 6.7). The file holds one list for
 * all VNFs below the group, so changing it takes a lock on the group's directory, which other JVMs respect too.
 */
final class ExclusiveCpus {

    private static final String FILE = "cpuset.cpus.exclusive";
    private static final Duration LOCK_LIMIT = Duration.ofSeconds(5);

    private final Host host;

    ExclusiveCpus(Host host) {
        this.host = host;
    }

    void reserve(Path directory, CpuSet cpus) {
        if (!isPartition(directory)) {
            change(directory, present -> present.union(cpus));
        }
    }

    void release(Path directory, CpuSet cpus) {
        if (!isPartition(directory)) {
            change(directory, present -> present.minus(cpus));
        }
    }

    /** What a group has reserved; empty where it is gone, has nothing, or the kernel has no such file. */
    CpuSet of(Path directory) {
        return host.files().readIfExists(directory.resolve(FILE).toString()).map(CpuSet::parse).orElse(CpuSet.empty());
    }

    /** Takes the CPUs of a group that was removed out of all groups above that handed them on. */
    void releaseAbove(Path directory, CpuSet cpus) {
        if (cpus.isEmpty()) {
            return;
        }
        // The root of the hierarchy has no such file.
        for (Path place = directory.getParent(); host.files().exists(place.resolve(FILE).toString());
                place = place.getParent()) {
            releaseUnlessGone(place, cpus);
        }
    }

    /** Parent groups go with the last VNF below them. */
    private void releaseUnlessGone(Path directory, CpuSet cpus) {
        try {
            release(directory, cpus);
        } catch (KernelException failure) {
            if (failure.errno() != Errno.ENOENT && failure.errno() != Errno.ENODEV) {
                throw failure;
            }
        }
    }

    /** A partition hands on its CPUs without further ado. */
    private boolean isPartition(Path directory) {
        return new CpusetPartition(host.files(), directory).isValid();
    }

    private void change(Path directory, UnaryOperator<CpuSet> change) {
        KernelFiles files = host.files();
        String file = directory.resolve(FILE).toString();
        if (!files.exists(file)) {
            return;
        }
        Syscalls kernel = host.syscalls();
        int descriptor = kernel.open(files.resolve(directory), LinuxConstants.O_RDONLY, 0);
        try {
            if (!Polling.until(() -> kernel.tryLockExclusively(descriptor), LOCK_LIMIT)) {
                throw new CgroupTimeoutException(
                        "locking", directory, LOCK_LIMIT, "another process holds the lock", null);
            }
            CpuSet present = CpuSet.parse(files.read(file));
            CpuSet wanted = change.apply(present);
            if (!wanted.equals(present)) {
                // An empty list must be a newline: the kernel never sees a write of no bytes.
                files.write(file, wanted + "\n");
            }
        } finally {
            kernel.close(descriptor);
        }
    }
}

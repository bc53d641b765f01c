package io.vnfkit.cgroup;

import io.vnfkit.linux.Errno;
import io.vnfkit.linux.KernelFileException;
import io.vnfkit.linux.KernelFiles;
import java.nio.file.Path;

/** A version 2 group as a cpuset partition: {@code cpuset.cpus.partition}. */
final class CpusetPartition {

    private static final String MEMBER = "member";

    private final KernelFiles files;
    private final Path file;

    CpusetPartition(KernelFiles files, Path directory) {
        this.files = files;
        this.file = directory.resolve("cpuset.cpus.partition");
    }

    /** What the kernel shows; {@code member} where the group is gone or the kernel knows no partitions. */
    String state() {
        return files.readIfExists(file.toString()).orElse(MEMBER);
    }

    boolean isValid() {
        return state().equals("root") || state().equals("isolated");
    }

    boolean isMember() {
        return state().equals(MEMBER);
    }

    /**
     * Makes it a partition.
     *
     * @throws CgroupReadBackException if the kernel marked it invalid; it is a member again then
     */
    void make(String kind) {
        files.write(file.toString(), kind);
        String observed = state();
        if (!observed.equals(kind)) {
            leave();
            throw new CgroupReadBackException(file, kind, file, observed);
        }
    }

    /**
     * Makes it a member again if it is there. Must come before the groups above take its CPUs back and before the group
     * is removed: the kernel gives the CPUs back at once then. When the parent lets go of them first, Linux 6.12 loses
     * them until the next boot.
     */
    void leave() {
        if (isMember()) {
            return;
        }
        try {
            files.write(file.toString(), MEMBER);
        } catch (KernelFileException failure) {
            if (!failure.is(Errno.ENOENT) && !failure.is(Errno.ENODEV)) {
                throw failure;
            }
        }
    }
}

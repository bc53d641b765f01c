package io.vnfkit.hugetlb;

import io.vnfkit.linux.LinuxConstants;
import io.vnfkit.linux.Syscalls;
import java.nio.file.Path;

/** A hugetlbfs that a test mounted. */
record Mounted(Path path) implements AutoCloseable {

    static Mounted with(Path path, String options) {
        long flags = LinuxConstants.MS_NOSUID | LinuxConstants.MS_NODEV | LinuxConstants.MS_NOEXEC;
        Syscalls.host().mount("vnfkit", path, "hugetlbfs", flags, options);
        return new Mounted(path);
    }

    @Override
    public void close() {
        Syscalls.host().umount(path, 0);
    }
}

package io.vnfkit.sysfs.fake;

import io.vnfkit.linux.FileSystemStatus;
import io.vnfkit.linux.LinuxConstants;
import io.vnfkit.unit.Bytes;
import java.util.Arrays;

/** What statfs(2) says of the mounts of a fake host. */
final class FakeFileSystems {

    private static final long EXT4_MAGIC = 0xef53;
    private static final long BASE_PAGE = 4096;

    private FakeFileSystems() {}

    static FileSystemStatus statusOf(MountTable.Entry mount) {
        return switch (mount.type()) {
            case "hugetlbfs" -> hugetlbfs(mount.options());
            case "cgroup" -> empty(LinuxConstants.CGROUP_SUPER_MAGIC);
            case "cgroup2" -> empty(LinuxConstants.CGROUP2_SUPER_MAGIC);
            case "proc" -> empty(LinuxConstants.PROC_SUPER_MAGIC);
            case "sysfs" -> empty(LinuxConstants.SYSFS_MAGIC);
            case "tmpfs", "devtmpfs" -> large(LinuxConstants.TMPFS_MAGIC);
            default -> large(EXT4_MAGIC);
        };
    }

    private static FileSystemStatus empty(long magic) {
        return new FileSystemStatus(magic, BASE_PAGE, 0, 0, 0);
    }

    private static FileSystemStatus large(long magic) {
        long blocks = 1L << 20;
        return new FileSystemStatus(magic, BASE_PAGE, blocks, blocks, blocks);
    }

    private static FileSystemStatus hugetlbfs(String options) {
        long pageSize = option(options, "pagesize=");
        long pages = option(options, "size=") / pageSize;
        return new FileSystemStatus(LinuxConstants.HUGETLBFS_MAGIC, pageSize, pages, pages, pages);
    }

    private static long option(String options, String name) {
        return Arrays.stream(options.split(","))
                .filter(option -> option.startsWith(name))
                .mapToLong(option -> Bytes.parse(option.substring(name.length())).value())
                .findFirst()
                .orElse(0);
    }
}

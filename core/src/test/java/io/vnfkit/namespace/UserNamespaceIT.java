package io.vnfkit.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.RunningVnf;
import io.vnfkit.Vnf;
import io.vnfkit.linux.KernelFiles;
import io.vnfkit.mount.VnfMount;
import io.vnfkit.testing.InsideVnf;
import io.vnfkit.testing.InsideVnf.Seen;
import io.vnfkit.testing.LaunchesVnfs;
import io.vnfkit.testing.RequiresFreeHugepages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A VNF in a user namespace of its own: its root is nobody on the host, and still it has a whole file tree. */
@LaunchesVnfs
class UserNamespaceIT {

    private static final KernelFiles FILES = KernelFiles.host();

    @TempDir
    private Path directory;

    private static Vnf.Builder mapped() {
        return InsideVnf.vnf().namespaces(ns -> ns.mapIds(0, 100000, 1000).mapIds(1000, 300000, 64000));
    }

    @Test
    void severalRangesAreMappedAsWritten() {
        Vnf.Builder vnf = InsideVnf.vnf().namespaces(ns -> ns
                .mapUids(0, 100000, 1000).mapUids(1000, 300000, 64000)
                .mapGids(0, 200000, 5).mapGids(5, 210000, 1).mapGids(1000, 400000, 10));

        Seen seen = InsideVnf.run(vnf, "sed 's/  */ /g;s/^ //' /proc/self/uid_map", "echo",
                "sed 's/  */ /g;s/^ //' /proc/self/gid_map");

        assertThat(seen.lines()).containsExactly("0 100000 1000", "1000 300000 64000", "",
                "0 200000 5", "5 210000 1", "1000 400000 10");
    }

    @Test
    void itsRootIsAnotherUserOnTheHost() {
        try (RunningVnf vnf = InsideVnf.hold(mapped(), "test $(id -u):$(id -g) = 0:0 || exit 1")) {
            assertThat(FILES.read("/proc/" + vnf.pid() + "/status"))
                    .contains("Uid:\t100000\t100000\t100000\t100000")
                    .contains("Gid:\t100000\t100000\t100000\t100000")
                    .containsPattern("Groups:\\s*\n");
        }
    }

    @Test
    void anotherUserOfItIsMappedToo() {
        try (RunningVnf vnf = InsideVnf.hold(mapped().security(rights -> rights.user(1001, 1002, 7L, 1003L)))) {
            assertThat(FILES.read("/proc/" + vnf.pid() + "/status"))
                    .contains("Uid:\t300001\t300001\t300001\t300001")
                    .contains("Gid:\t300002\t300002\t300002\t300002")
                    .contains("Groups:\t100007 300003 ");
        }
    }

    @Test
    void filesOfTheHostsRootBelongToNobody() throws IOException {
        Path secret = Files.createFile(directory.resolve("secret"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(secret, "for root only");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));

        Seen seen = InsideVnf.run(mapped().mount(VnfMount.Bind.readWrite(directory, Path.of("/run/host"))),
                "stat -c %u /run/host/secret", "cat /run/host/secret", "touch /run/host/new", "cat /etc/shadow");

        assertThat(seen.lines()).first().isEqualTo("65534");
        assertThat(seen.output()).doesNotContain("for root only").doesNotContain("root:")
                .containsPattern("secret: Permission denied").containsPattern("new'?: Permission denied")
                .containsPattern("shadow: Permission denied");
    }

    @Test
    void itHasFreshKernelFileSystemsAndDevicesThatWork() {
        Seen seen = InsideVnf.run(mapped(),
                "cd /proc; echo [0-9]*",
                "ls /sys/class/net",
                "echo x > /dev/null && head -c 4 /dev/zero | wc -c",
                "head -c 8 /dev/urandom | wc -c",
                "touch /tmp/a /run/b /dev/shm/c && echo writable",
                "stat -f -c %T /proc /sys /dev /dev/shm /tmp /run /dev/pts",
                "grep -c . /proc/self/mountinfo > /dev/null && echo ok");

        assertThat(seen.exitCode()).as(seen.output()).isZero();
        assertThat(seen.lines()).startsWith("1", "lo", "4", "8", "writable", "proc", "sysfs", "tmpfs", "tmpfs",
                "tmpfs", "tmpfs",
                "devpts", "ok");
    }

    @Test
    void theFileTreeIsAsReadOnlyAsWithoutIt() {
        Seen seen = InsideVnf.run(mapped(), "touch /etc/new", "echo 1 > /proc/sys/vm/drop_caches", "touch /sys/x",
                "ls /proc/acpi /sys/firmware");

        assertThat(seen.output()).contains("/etc/new': Read-only file system")
                .contains("drop_caches: Read-only file system")
                .contains("/sys/x': Read-only file system");
    }

    @Test
    void nothingOfTheHostsTreeIsLeft() {
        Seen seen = InsideVnf.run(mapped(), "cat /proc/self/mountinfo", "ls /run/vnfkit");

        assertThat(seen.output()).doesNotContain(" cgroup").doesNotContain("shared:").doesNotContain("master:")
                .contains("/run/vnfkit': No such file or directory");
    }

    @Test
    @RequiresFreeHugepages(count = 2)
    void hugetlbfsIsMountedForItByTheSupervisor() {
        VnfMount hugepages = new VnfMount.Filesystem("hugetlbfs", "hugetlbfs", Path.of("/dev/hugepages"),
                Set.of(VnfMount.Flag.NOSUID, VnfMount.Flag.NODEV),
                "pagesize=2M,size=4M,uid=100000,gid=100000,mode=0700");

        Seen seen = InsideVnf.run(mapped().mount(hugepages),
                "stat -f -c '%T %s %b' /dev/hugepages", "stat -c '%u:%g %a' /dev/hugepages",
                "/usr/bin/python3 -c \"",
                "import mmap, os",
                "f = os.open('/dev/hugepages/page', os.O_CREAT | os.O_RDWR)",
                "os.ftruncate(f, 2 << 20)",
                "m = mmap.mmap(f, 2 << 20)",
                "m[0] = 1",
                "print('touched')",
                "\"");

        assertThat(seen.lines()).containsExactly("hugetlbfs 2097152 2", "0:0 700", "touched");
    }

    @Test
    void itsHostNameAndNetworkAreItsOwn() {
        Seen seen = InsideVnf.run(mapped().namespaces(ns -> ns.hostname("mapped")), "hostname",
                "cat /sys/class/net/lo/operstate",
                "ip -o link show lo");

        assertThat(seen.lines()).startsWith("mapped", "unknown");
        assertThat(seen.output()).contains("<LOOPBACK,UP,LOWER_UP>");
    }

    @Test
    void ownershipOfMasksAndScratchIsItsRoots() {
        Seen seen = InsideVnf.run(mapped(), "stat -c '%u:%g %a' /dev /run /tmp /dev/shm /proc/1");

        assertThat(seen.lines()).containsExactly("0:0 755", "0:0 755", "0:0 1777", "0:0 1777", "0:0 555");
    }

    @Test
    void twoVnfsWithDifferentMapsCannotReachEachOther() {
        try (RunningVnf left = InsideVnf.hold(mapped());
                RunningVnf right = InsideVnf.hold(InsideVnf.vnf().namespaces(ns -> ns.mapIds(0, 500000, 65536)))) {
            assertThat(FILES.readLink("/proc/" + left.pid() + "/ns/user"))
                    .isNotEqualTo(FILES.readLink("/proc/" + right.pid() + "/ns/user"));
            Seen seen = InsideVnf.exec(right, "id -u", "cat /proc/self/uid_map");
            assertThat(seen.output()).startsWith("0\n").contains("500000");
        }
    }
}

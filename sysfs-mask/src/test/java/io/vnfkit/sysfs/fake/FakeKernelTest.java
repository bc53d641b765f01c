package io.vnfkit.sysfs.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.linux.Errno;
import io.vnfkit.linux.FileSystemStatus;
import io.vnfkit.linux.KernelException;
import io.vnfkit.linux.KernelFiles;
import io.vnfkit.linux.LinuxConstants;
import io.vnfkit.linux.SystemCallException;
import io.vnfkit.linux.Syscalls;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.PageSize;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FakeKernelTest {

    private static final String CPUSET = "/sys/fs/cgroup/cpuset/vnf";
    private static final String DEVICES = "/sys/fs/cgroup/devices/vnf";
    private static final String UNIFIED = "/sys/fs/cgroup/vnf";

    @TempDir
    Path directory;

    private FakeHost fake;

    private KernelFiles files() {
        return fake.host().files();
    }

    private Syscalls kernel() {
        return fake.host().syscalls();
    }

    private void build(FakeCgroups layout) {
        fake = FakeHost.in(directory.resolve("host")).sockets(2).memoryPerNode(Bytes.gibibytes(4))
                .cgroups(layout).build();
    }

    private void mkdir(String path) {
        kernel().mkdir(fake.file(path), 0755);
    }

    private void rmdir(String path) {
        kernel().rmdir(fake.file(path));
    }

    private static void assertRefused(Errno errno, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(KernelException.class,
                failure -> assertThat(failure.errno()).isEqualTo(errno));
    }

    @Test
    void fillsANewGroupOfVersion1() {
        build(FakeCgroups.V1);
        mkdir(CPUSET);

        assertThat(files().list(CPUSET)).contains("cgroup.procs", "tasks", "cpuset.cpus", "cpuset.memory_migrate")
                .doesNotContain("release_agent");
        assertThat(files().read(CPUSET + "/cpuset.cpus")).isEmpty();
        assertThat(files().read("/sys/fs/cgroup/cpuset/cpuset.cpus")).isEqualTo("0-7");
        assertRefused(Errno.EEXIST, () -> mkdir(CPUSET));
        assertRefused(Errno.ENOENT, () -> mkdir("/sys/fs/cgroup/cpuset/none/vnf"));
    }

    @Test
    void refusesCpusOutsideTheParentsSet() {
        build(FakeCgroups.V1);
        mkdir(CPUSET);
        mkdir(CPUSET + "/child");
        files().write(CPUSET + "/cpuset.cpus", "2-3");

        assertThat(files().read(CPUSET + "/cpuset.effective_cpus")).isEqualTo("2-3");
        assertRefused(Errno.EACCES, () -> files().write(CPUSET + "/child/cpuset.cpus", "4"));
        assertRefused(Errno.EINVAL, () -> files().write(CPUSET + "/cpuset.cpus", "9"));
        assertRefused(Errno.EINVAL, () -> files().write(CPUSET + "/cpuset.cpus", "two"));
        assertRefused(Errno.EINVAL, () -> files().write(CPUSET + "/cpuset.mems", "2"));
        assertRefused(Errno.EACCES, () -> files().write(CPUSET + "/cpuset.effective_cpus", "2"));
        assertThat(files().read(CPUSET + "/cpuset.cpus")).isEqualTo("2-3");
    }

    @Test
    void takesProcessesOnlyIntoACpusetThatIsFilled() {
        build(FakeCgroups.V1);
        mkdir(CPUSET);

        assertRefused(Errno.ENOSPC, () -> files().write(CPUSET + "/cgroup.procs", "42"));
        files().write(CPUSET + "/cpuset.cpus", "2");
        files().write(CPUSET + "/cpuset.mems", "0");
        files().write(CPUSET + "/cgroup.procs", "42\n");
        assertThat(files().read(CPUSET + "/tasks")).isEqualTo("42");
        assertRefused(Errno.EBUSY, () -> rmdir(CPUSET));
        files().write("/sys/fs/cgroup/cpuset/cgroup.procs", "42");
        assertThat(files().read(CPUSET + "/cgroup.procs")).isEmpty();
        rmdir(CPUSET);
        assertThat(fake.file(CPUSET)).doesNotExist();
        assertRefused(Errno.ENOENT, () -> rmdir(CPUSET));
    }

    @Test
    void refusesToRemoveAHierarchyOrAGroupWithChildren() {
        build(FakeCgroups.V1);
        mkdir(CPUSET);
        mkdir(CPUSET + "/child");

        assertRefused(Errno.EBUSY, () -> rmdir(CPUSET));
        assertRefused(Errno.EBUSY, () -> rmdir("/sys/fs/cgroup/cpuset"));
    }

    @Test
    void keepsTheDeviceListAsVersion1Does() {
        build(FakeCgroups.V1);
        mkdir(DEVICES);

        assertThat(files().read(DEVICES + "/devices.list")).isEqualTo("a *:* rwm");
        files().write(DEVICES + "/devices.deny", "a");
        files().write(DEVICES + "/devices.allow", "c 1:3 rwm");
        files().write(DEVICES + "/devices.allow", "c 242:* rw");
        assertThat(files().readLines(DEVICES + "/devices.list")).containsExactly("c 1:3 rwm", "c 242:* rw");
        files().write(DEVICES + "/devices.deny", "c 1:3 rwm");
        assertThat(files().read(DEVICES + "/devices.list")).isEqualTo("c 242:* rw");
        assertRefused(Errno.EINVAL, () -> files().write(DEVICES + "/devices.allow", "c 1:3"));
        assertRefused(Errno.EINVAL, () -> files().write(DEVICES + "/devices.allow", "p 1:3 rwm"));
        mkdir(DEVICES + "/child");
        assertThat(files().read(DEVICES + "/child/devices.list")).isEqualTo("c 242:* rw");
        assertRefused(Errno.EPERM, () -> files().write(DEVICES + "/child/devices.allow", "c 1:5 r"));
        assertRefused(Errno.EINVAL, () -> files().write(DEVICES + "/devices.deny", "a"));
    }

    @Test
    void roundsHugetlbLimitsDownToPages() {
        build(FakeCgroups.V1);
        String group = "/sys/fs/cgroup/hugetlb/vnf/";
        mkdir("/sys/fs/cgroup/hugetlb/vnf");

        assertThat(files().read(group + "hugetlb.2MB.rsvd.limit_in_bytes")).isEqualTo("9223372036854771712");
        files().write(group + "hugetlb.2MB.limit_in_bytes", "5000000");
        assertThat(files().read(group + "hugetlb.2MB.limit_in_bytes")).isEqualTo("4194304");
        files().write(group + "hugetlb.2MB.limit_in_bytes", "-1");
        assertThat(files().read(group + "hugetlb.2MB.limit_in_bytes")).isEqualTo("9223372036854771712");
        assertRefused(Errno.EINVAL, () -> files().write(group + "hugetlb.2MB.limit_in_bytes", "4M"));
        assertRefused(Errno.ENOENT, () -> files().write(group + "hugetlb.32MB.limit_in_bytes", "0"));
    }

    @Test
    void switchesControllersOfVersion2() {
        build(FakeCgroups.V2);
        mkdir(UNIFIED);

        assertThat(files().list(UNIFIED)).contains("cgroup.kill", "cgroup.freeze").doesNotContain("cpuset.cpus");
        files().write("/sys/fs/cgroup/cgroup.subtree_control", "+cpuset +hugetlb");
        assertThat(files().read(UNIFIED + "/cgroup.controllers")).isEqualTo("cpuset hugetlb");
        assertThat(files().read(UNIFIED + "/hugetlb.1GB.max")).isEqualTo("max");
        assertRefused(Errno.ENOENT, () -> files().write("/sys/fs/cgroup/cgroup.subtree_control", "+devices"));
        assertRefused(Errno.EINVAL, () -> files().write("/sys/fs/cgroup/cgroup.subtree_control", "cpuset"));
        files().write("/sys/fs/cgroup/cgroup.subtree_control", "-hugetlb");
        assertThat(files().list(UNIFIED)).contains("cpuset.cpus").doesNotContain("hugetlb.1GB.max");
    }

    @Test
    void showsEffectiveCpusOfVersion2() {
        build(FakeCgroups.V2);
        files().write("/sys/fs/cgroup/cgroup.subtree_control", "+cpuset");
        mkdir(UNIFIED);

        assertThat(files().read(UNIFIED + "/cpuset.cpus.effective")).isEqualTo("0-7");
        files().write(UNIFIED + "/cpuset.cpus", "2-3\n");
        assertThat(files().read(UNIFIED + "/cpuset.cpus.effective")).isEqualTo("2-3");
        files().write(UNIFIED + "/cpuset.mems", "1");
        assertThat(files().read(UNIFIED + "/cpuset.mems.effective")).isEqualTo("1");
        files().write(UNIFIED + "/cpuset.cpus.partition", "isolated");
        assertThat(files().read(UNIFIED + "/cpuset.cpus.partition")).isEqualTo("isolated");
        assertRefused(Errno.EINVAL, () -> files().write(UNIFIED + "/cpuset.cpus.partition", "alone"));
    }

    @Test
    void saysWhyAPartitionIsInvalid() {
        build(FakeCgroups.V2);
        files().write("/sys/fs/cgroup/cgroup.subtree_control", "+cpuset");
        mkdir(UNIFIED);
        files().write(UNIFIED + "/cpuset.cpus.partition", "root");

        assertThat(files().read(UNIFIED + "/cpuset.cpus.partition")).startsWith("root invalid (");
    }

    @Test
    void keepsProcessesAndControllersApartInVersion2() {
        build(FakeCgroups.V2);
        files().write("/sys/fs/cgroup/cgroup.subtree_control", "+pids");
        mkdir(UNIFIED);
        files().write(UNIFIED + "/cgroup.procs", "42");

        assertThat(files().read(UNIFIED + "/cgroup.events")).contains("populated 1");
        assertRefused(Errno.EBUSY, () -> files().write(UNIFIED + "/cgroup.subtree_control", "+pids"));
        files().write(UNIFIED + "/cgroup.freeze", "1");
        assertThat(files().read(UNIFIED + "/cgroup.events")).contains("frozen 1");
        files().write(UNIFIED + "/cgroup.kill", "1");
        assertThat(files().read(UNIFIED + "/cgroup.events")).contains("populated 0");
        rmdir(UNIFIED);
        assertThat(fake.file(UNIFIED)).doesNotExist();
    }

    @Test
    void countsTheOwnProcessAsZero() {
        build(FakeCgroups.V2);
        mkdir(UNIFIED);
        files().write(UNIFIED + "/cgroup.procs", "0");

        assertThat(files().read(UNIFIED + "/cgroup.procs")).isEqualTo(Long.toString(ProcessHandle.current().pid()));
        assertRefused(Errno.EINVAL, () -> files().write(UNIFIED + "/cgroup.procs", "init"));
    }

    @Test
    void keepsHugetlbInTheUnifiedTreeOfAHybridHost() {
        build(FakeCgroups.HYBRID);

        assertThat(files().read("/sys/fs/cgroup/unified/cgroup.controllers")).isEqualTo("hugetlb");
        assertThat(files().exists("/sys/fs/cgroup/hugetlb")).isFalse();
        assertThat(files().readLines("/proc/cgroups")).contains("hugetlb\t0\t1\t1", "cpuset\t1\t1\t1");
    }

    @Test
    void givesAsManyPagesAsANodeHasMemoryFor() {
        build(FakeCgroups.V2);
        String node = "/sys/devices/system/node/node1/hugepages/hugepages-2048kB/";
        files().write(node + "nr_hugepages", "3000");

        assertThat(files().read(node + "nr_hugepages")).isEqualTo("2048");
        assertThat(files().read("/sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages")).isEqualTo("2048");
        assertThat(files().read("/proc/meminfo")).containsPattern("HugePages_Total:\\s+2048\n");
        assertThat(files().read("/sys/devices/system/node/node1/meminfo")).containsPattern("MemFree:\\s+0 kB");
        files().write("/sys/devices/system/node/node1/hugepages/hugepages-1048576kB/nr_hugepages", "1");
        assertThat(files().read("/sys/kernel/mm/hugepages/hugepages-1048576kB/nr_hugepages")).isEqualTo("0");
    }

    @Test
    void spreadsPagesOverTheNodes() {
        build(FakeCgroups.V2);
        files().write("/proc/sys/vm/nr_hugepages", "101");
        String pages = "/hugepages/hugepages-2048kB/nr_hugepages";

        assertThat(files().read("/sys/devices/system/node/node0" + pages)).isEqualTo("51");
        assertThat(files().read("/sys/devices/system/node/node1" + pages)).isEqualTo("50");
        files().write("/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages", "10000");
        assertThat(files().read("/proc/sys/vm/nr_hugepages")).isEqualTo("4096");
        files().write("/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages", "0");
        assertThat(files().read("/proc/sys/vm/nr_hugepages")).isEqualTo("0");
    }

    @Test
    void refusesWhatAPoolDoesNotTake() {
        build(FakeCgroups.V2);
        String pool = "/sys/kernel/mm/hugepages/hugepages-2048kB/";

        assertRefused(Errno.EINVAL, () -> files().write(pool + "nr_hugepages", "many"));
        assertRefused(Errno.EACCES, () -> files().write(pool + "free_hugepages", "1"));
        assertRefused(Errno.ENOENT, () -> files().write(pool + "nr_hugepage", "1"));
        files().write(pool + "nr_overcommit_hugepages", "5");
        files().write(pool + "nr_hugepages", "1");
        assertThat(files().read(pool + "nr_overcommit_hugepages")).isEqualTo("5");
    }

    @Test
    void readsAndWritesOrdinaryFiles() {
        build(FakeCgroups.V2);
        Path file = fake.file("/run/state");
        int descriptor = kernel().open(file, LinuxConstants.O_RDWR | LinuxConstants.O_CREAT, 0600);
        kernel().write(descriptor, ByteBuffer.wrap("hello".getBytes(StandardCharsets.UTF_8)));
        ByteBuffer target = ByteBuffer.allocate(16);

        assertThat(kernel().pread(descriptor, target, 1)).isEqualTo(4);
        assertThat(new String(target.array(), 0, 4, StandardCharsets.UTF_8)).isEqualTo("ello");
        assertThat(kernel().read(descriptor, ByteBuffer.allocate(4))).isZero();
        kernel().ftruncate(descriptor, 2);
        assertThat(file).hasContent("he");
        kernel().close(descriptor);
        assertRefused(Errno.EBADF, () -> kernel().close(descriptor));
        int exclusively = LinuxConstants.O_CREAT | LinuxConstants.O_EXCL | LinuxConstants.O_RDWR;
        assertRefused(Errno.EEXIST, () -> kernel().open(file, exclusively, 0600));
        assertRefused(Errno.EISDIR, () -> kernel().open(fake.file("/run"), LinuxConstants.O_WRONLY, 0));
        kernel().unlink(file);
        assertRefused(Errno.ENOENT, () -> kernel().open(file, LinuxConstants.O_RDONLY, 0));
    }

    @Test
    void locksAFileForOneOpenDescription() {
        build(FakeCgroups.V2);
        Path file = fake.file("/etc/passwd");
        int first = kernel().open(file, LinuxConstants.O_RDONLY, 0);
        int second = kernel().open(file, LinuxConstants.O_RDONLY, 0);
        int copy = kernel().duplicate(first, 5000);

        assertThat(copy).isGreaterThanOrEqualTo(5000);
        assertThat(kernel().tryLockExclusively(first)).isTrue();
        assertThat(kernel().tryLockExclusively(second)).isFalse();
        kernel().close(first);
        assertThat(kernel().tryLockExclusively(second)).isFalse();
        kernel().close(copy);
        assertThat(kernel().tryLockExclusively(second)).isTrue();
    }

    @Test
    void waitsForALockUntilItsHolderCloses() throws Exception {
        build(FakeCgroups.V2);
        FakeKernel waiting = (FakeKernel) kernel();
        int first = kernel().open(fake.file("/etc/passwd"), LinuxConstants.O_RDONLY, 0);
        int second = kernel().open(fake.file("/etc/passwd"), LinuxConstants.O_RDONLY, 0);
        assertThat(kernel().tryLockExclusively(first)).isTrue();
        CompletableFuture<Void> waiter = CompletableFuture.runAsync(() -> waiting.lockExclusively(second));

        assertThat(waiter).isNotDone();
        kernel().close(first);
        waiter.get(30, TimeUnit.SECONDS);
        assertThat(kernel().tryLockExclusively(second)).isTrue();
    }

    @Test
    void tellsFileSystemsApart() {
        fake = FakeHost.in(directory.resolve("host")).hugetlbfs("/dev/hugepages", PageSize.GIB_1)
                .cgroups(FakeCgroups.HYBRID).build();

        assertThat(statfs("/dev/hugepages").type()).isEqualTo(LinuxConstants.HUGETLBFS_MAGIC);
        assertThat(statfs("/dev/hugepages").blockSize()).isEqualTo(PageSize.GIB_1.bytes());
        assertThat(statfs("/dev/hugepages").blocks()).isZero();
        assertThat(statfs("/sys/fs/cgroup").type()).isEqualTo(LinuxConstants.TMPFS_MAGIC);
        assertThat(statfs("/sys/fs/cgroup/unified").type()).isEqualTo(LinuxConstants.CGROUP2_SUPER_MAGIC);
        assertThat(statfs("/sys/fs/cgroup/cpuset").type()).isEqualTo(LinuxConstants.CGROUP_SUPER_MAGIC);
        assertThat(statfs("/sys/devices").type()).isEqualTo(LinuxConstants.SYSFS_MAGIC);
        assertRefused(Errno.ENOENT, () -> statfs("/nowhere"));
    }

    private FileSystemStatus statfs(String path) {
        return kernel().statfs(fake.file(path));
    }

    @Test
    void refusesCallsThatNeedAKernel() {
        build(FakeCgroups.V2);

        assertThatThrownBy(() -> kernel().memfd("init")).isInstanceOf(SystemCallException.class)
                .hasMessageContaining("ENOSYS").hasMessageContaining("launch on a real one");
        assertRefused(Errno.ENOSYS, () -> kernel().mount("none", fake.file("/tmp"), "tmpfs", 0, ""));
        assertRefused(Errno.ENOSYS, () -> kernel().pidfdOpen(1));
        assertThatCode(() -> kernel().chown(fake.file("/tmp"), 1, 1)).doesNotThrowAnyException();
        assertThat(kernel().effectiveUserId()).isZero();
    }

    @Test
    void seesOnlyFilesBelowItsDirectory() {
        build(FakeCgroups.V2);

        assertRefused(Errno.ENOENT, () -> kernel().open(Path.of("/etc/passwd"), LinuxConstants.O_RDONLY, 0));
        assertRefused(Errno.EPERM, () -> kernel().unlink(fake.file("/sys/fs/cgroup/cgroup.procs")));
    }
}

package io.vnfkit.hugetlb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.vnfkit.CollectedContributions;
import io.vnfkit.Vnf;
import io.vnfkit.linux.Errno;
import io.vnfkit.linux.FileSystemStatus;
import io.vnfkit.linux.Host;
import io.vnfkit.linux.LinuxConstants;
import io.vnfkit.linux.SystemCallException;
import io.vnfkit.mount.VnfMount;
import io.vnfkit.testing.RequiresCommand;
import io.vnfkit.testing.RequiresRoot;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.PageSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The mount that a volume contributes, on the real kernel. */
@Tag("root")
@RequiresRoot
@Timeout(120)
class HugetlbfsVolumeIT {

    private static ReservedPages pages;

    @TempDir
    private Path directory;

    private final Host host = Host.thisHost();

    @BeforeAll
    static void reservePages() {
        pages = new ReservedPages(16);
    }

    @AfterAll
    static void releasePages() {
        pages.close();
    }

    private HugetlbfsVolume volume() {
        return HugetlbfsVolume.at(directory.toString()).size(Bytes.mebibytes(16));
    }

    private String options(HugetlbfsVolume volume) {
        CollectedContributions contributed = CollectedContributions.of(
                Vnf.named("it").command("true").with(volume).build(), host);
        assertThat(contributed.problems()).isEmpty();
        return ((VnfMount.Filesystem) contributed.mounts().get(0)).options();
    }

    private FileSystemStatus status() {
        return host.syscalls().statfs(directory);
    }

    private void assertRefused(String options, Errno errno) {
        assertThatExceptionOfType(SystemCallException.class).isThrownBy(() -> Mounted.with(directory, options).close())
                .satisfies(failure -> assertThat(failure.errno()).isEqualTo(errno));
    }

    @Test
    void theKernelTakesTheOptionsOfAVolume() throws IOException {
        HugetlbfsVolume volume = volume().minSize(Bytes.mebibytes(8)).uid(12).gid(34).mode(0751);
        long reserved = HugepagePools.of(host).pool(PageSize.MIB_2).reserved();
        try (Mounted mounted = Mounted.with(directory, options(volume))) {
            assertThat(status()).isEqualTo(
                    new FileSystemStatus(LinuxConstants.HUGETLBFS_MAGIC, PageSize.MIB_2.bytes(), 8, 8, 8));
            assertThat(Files.readAttributes(mounted.path(), "unix:uid,gid,mode"))
                    .containsAllEntriesOf(Map.of("uid", 12, "gid", 34, "mode", 040751));
            assertThat(HugepagePools.of(host).pool(PageSize.MIB_2).reserved()).isEqualTo(reserved + 4);
            assertThat(MountedVolume.at(host.files(), directory).orElseThrow().toVolumeOptions())
                    .isEqualTo(volume.options());
        }
        assertThat(HugepagePools.of(host).pool(PageSize.MIB_2).reserved()).isEqualTo(reserved);
    }

    @Test
    void theDefaultsOfAVolumeAreReadBackFromTheMount() {
        try (Mounted mounted = Mounted.with(directory, options(volume()))) {
            assertThat(MountedVolume.at(host.files(), mounted.path()).orElseThrow().toVolumeOptions())
                    .isEqualTo(volume().options());
        }
    }

    @Test
    void theKernelRoundsSizesDown() {
        try (Mounted mounted = Mounted.with(directory, "pagesize=2M,size=" + Bytes.mebibytes(5).value())) {
            assertThat(mounted.path()).isEqualTo(directory);
            assertThat(status().blocks()).isEqualTo(2);
        }
    }

    @Test
    void aSizeOfNothingIsNoLimit() {
        try (Mounted mounted = Mounted.with(directory, "pagesize=2M")) {
            assertThat(mounted.path()).isEqualTo(directory);
            assertThat(status().blocks()).isZero();
        }
    }

    @Test
    void theKernelRefusesPageSizesThatItDoesNotHave() {
        assertRefused("pagesize=4M", Errno.EINVAL);
    }

    @Test
    void theKernelRefusesAReserveThatItCannotKeep() {
        long tooMuch = HugepagePools.of(host).pool(PageSize.MIB_2).unreserved() + 1024;
        assertRefused("pagesize=2M,min_size=" + PageSize.MIB_2.times(tooMuch).value(), Errno.ENOMEM);
    }

    @Test
    void theKernelRefusesAReserveLargerThanTheSize() {
        assertRefused("pagesize=2M,size=2097152,min_size=4194304", Errno.EINVAL);
    }

    @Test
    @RequiresCommand(value = "unshare", debianPackage = "util-linux")
    void theKernelRefusesToMountInAnotherUserNamespace() {
        Program program = Program.run(directory, List.of("unshare", "--user", "--map-root-user", "--mount",
                "mount", "-t", "hugetlbfs", "-o", "pagesize=2M", "vnfkit", directory.toString()));
        assertThat(program.exitCode()).isNotZero();
        assertThat(program.output()).contains("permission denied");
    }
}

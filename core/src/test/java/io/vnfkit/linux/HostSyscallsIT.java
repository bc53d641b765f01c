package io.vnfkit.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.testing.LeakCheck;
import io.vnfkit.testing.RequiresRoot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The calls that need root, on the real kernel. */
@Tag("root")
@RequiresRoot
@ExtendWith(LeakCheck.class)
@Timeout(120)
class HostSyscallsIT {

    private static final int BPF_PROG_TYPE_CGROUP_DEVICE = 15;

    @TempDir
    private Path directory;

    private final Syscalls kernel = Syscalls.host();

    @Test
    void aFileSystemIsMountedWithItsOptionsAndUnmounted() throws IOException {
        kernel.mount("vnfkit-test", directory, "tmpfs", LinuxConstants.MS_NODEV | LinuxConstants.MS_NOSUID, "size=64k");
        try {
            FileSystemStatus status = kernel.statfs(directory);

            assertThat(status.type()).isEqualTo(LinuxConstants.TMPFS_MAGIC);
            assertThat(status.blocks() * status.blockSize()).isEqualTo(64 << 10);
            assertThat(mountLine()).contains("nosuid,nodev", "vnfkit-test");
        } finally {
            kernel.umount(directory, 0);
        }
        assertThat(mountLine()).isEmpty();
    }

    @Test
    void aBusyMountIsRefusedAndCanBeDetached() throws IOException {
        kernel.mount("vnfkit-test", directory, "tmpfs", 0, "");
        int open = kernel.open(directory, LinuxConstants.O_RDONLY, 0);
        try {
            assertThatThrownBy(() -> kernel.umount(directory, 0))
                    .isInstanceOfSatisfying(SystemCallException.class,
                            failure -> assertThat(failure.errno()).isEqualTo(Errno.EBUSY))
                    .hasMessageContaining(directory.toString())
                    .hasMessageContaining("still in use");
        } finally {
            kernel.umount(directory, LinuxConstants.MNT_DETACH);
            kernel.close(open);
        }
        assertThat(mountLine()).isEmpty();
    }

    @Test
    void whatCannotBeMountedIsAnErrorWithAllArguments() {
        assertThatThrownBy(() -> kernel.mount("none", directory, "tmpfs", LinuxConstants.MS_NODEV, "size=nonsense"))
                .isInstanceOf(SystemCallException.class)
                .hasMessageContaining("mount(\"none\", \"" + directory + "\", \"tmpfs\", MS_NODEV, \"size=nonsense\")"
                        + " failed: EINVAL (22, Invalid argument)");
        assertThatThrownBy(() -> kernel.mount("none", directory, "nosuchfs", 0, ""))
                .hasMessageContaining("ENODEV")
                .hasMessageContaining("/proc/filesystems");
        assertThatThrownBy(() -> kernel.umount(directory, 0)).hasMessageContaining("EINVAL")
                .hasMessageContaining("mount point");
    }

    @Test
    void aProgramIsLoadedIntoTheKernel() {
        // mov r0, 1; exit: allows every device.
        ByteBuffer instructions = direct(16).putLong(0, 0x0000_0001_0000_00b7L).putLong(8, 0x95L);
        ByteBuffer license = direct(8).put(0, (byte) 'G').put(1, (byte) 'P').put(2, (byte) 'L');
        ByteBuffer attributes = direct(48)
                .putInt(0, BPF_PROG_TYPE_CGROUP_DEVICE)
                .putInt(4, 2)
                .putLong(8, kernel.addressOf(instructions))
                .putLong(16, kernel.addressOf(license));

        int program = kernel.bpf(LinuxConstants.BPF_PROG_LOAD, attributes);

        assertThat(KernelFiles.host().readLink("/proc/self/fd/" + program)).hasToString("anon_inode:bpf-prog");
        kernel.close(program);
    }

    @Test
    void aCommandThatTheKernelDoesNotKnowIsRefused() {
        assertThatThrownBy(() -> kernel.bpf(9999, direct(48)))
                .isInstanceOfSatisfying(SystemCallException.class,
                        failure -> assertThat(failure.errno()).isEqualTo(Errno.EINVAL))
                .hasMessageContaining("bpf(9999");
    }

    @Test
    void anOwnerIsChangedWhateverTheAlphabetOfTheName() throws IOException {
        for (String name : new String[] {"plain", "Größe", "日本"}) {
            Path file = Files.createFile(directory.resolve(name));

            kernel.chown(file, 4711, 4712);

            assertThat(Files.getAttribute(file, "unix:uid")).isEqualTo(4711);
            assertThat(Files.getAttribute(file, "unix:gid")).isEqualTo(4712);
        }
    }

    @Test
    void aTemporaryDirectoryMountedNoexecIsRefusedWithTheCure() throws Exception {
        kernel.mount("vnfkit-test", directory, "tmpfs", LinuxConstants.MS_NOEXEC, "size=8m");
        try {
            assertThat(NativeAccessTest.run("-Djna.tmpdir=" + directory).lines()
                    .filter(line -> line.startsWith("refused: ")))
                    .hasSize(2)
                    .allSatisfy(line -> assertThat(line).contains("noexec", "-Djna.tmpdir=DIRECTORY"));
        } finally {
            kernel.umount(directory, 0);
        }
    }

    private String mountLine() {
        return KernelFiles.host().readLines("/proc/self/mountinfo").stream()
                .filter(line -> line.contains(directory.toString()))
                .findFirst()
                .orElse("");
    }

    private static ByteBuffer direct(int size) {
        return ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
    }
}

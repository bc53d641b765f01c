package io.vnfkit.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.linux.Errno;
import io.vnfkit.linux.FileSystemStatus;
import io.vnfkit.linux.KernelFileException;
import io.vnfkit.linux.KernelFiles;
import io.vnfkit.linux.LinuxConstants;
import io.vnfkit.linux.SpawnRequest;
import io.vnfkit.linux.Syscalls.Pipe;
import io.vnfkit.linux.Syscalls.WaitStatus;
import io.vnfkit.linux.SystemCallException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingSyscallsTest {

    private final RecordingSyscalls kernel = new RecordingSyscalls();

    @TempDir
    private Path directory;

    @Test
    void callsAreWrittenDownAsAPersonWritesThem() {
        kernel.mount("tmpfs", Path.of("/mnt"), "tmpfs", LinuxConstants.MS_NODEV, "size=1M");
        kernel.umount(Path.of("/mnt"), LinuxConstants.MNT_DETACH);
        kernel.mkdir(Path.of("/run/x"), 0700);
        int memfd = kernel.memfd("init");
        kernel.write(memfd, ByteBuffer.wrap(new byte[] {0, 1}));
        kernel.seal(memfd);
        kernel.close(memfd);

        assertThat(kernel.calls()).containsExactly(
                "mount(\"tmpfs\", \"/mnt\", \"tmpfs\", MS_NODEV, \"size=1M\")",
                "umount2(\"/mnt\", MNT_DETACH)",
                "mkdir(\"/run/x\", 0700)",
                "memfd_create(\"init\")",
                "write(100, 2 characters)",
                "fcntl(100, F_ADD_SEALS)",
                "close(100)");
        assertThat(kernel.calls("mount")).hasSize(1);
    }

    @Test
    void descriptorsAreCountedAndWhatIsLeftOpenIsKnown() {
        Pipe pipe = kernel.pipe();
        int duplicate = kernel.duplicate(pipe.readEnd(), 200);
        kernel.close(pipe.readEnd());

        assertThat(pipe).isEqualTo(new Pipe(100, 101));
        assertThat(duplicate).isEqualTo(200);
        assertThat(kernel.openDescriptors()).containsOnlyKeys(101, 200);
        assertThatThrownBy(() -> kernel.close(100)).isInstanceOf(SystemCallException.class)
                .hasMessageContaining("EBADF");
        assertThatThrownBy(() -> kernel.write(100, ByteBuffer.allocate(1))).hasMessageContaining("EBADF");
    }

    @Test
    void chosenCallsFailAlwaysOrOnceOrWhereATextOccurs() {
        kernel.failOn("mount", Errno.EPERM).failOnceOn("rmdir", Errno.EBUSY).failWhere("/secret", Errno.EACCES);

        assertThatThrownBy(() -> kernel.mount("a", Path.of("/"), "b", 0, "")).hasMessageContaining("EPERM");
        assertThatThrownBy(() -> kernel.rmdir(Path.of("/x"))).hasMessageContaining("EBUSY");
        kernel.rmdir(Path.of("/x"));
        assertThatThrownBy(() -> kernel.open(Path.of("/secret/y"), 0, 0))
                .isInstanceOfSatisfying(SystemCallException.class, failure -> {
                    assertThat(failure.call()).isEqualTo("open");
                    assertThat(failure.errno()).isEqualTo(Errno.EACCES);
                });
        assertThat(kernel.calls()).hasSize(4);
    }

    @Test
    void aLockThatIsHeldElsewhereIsScriptedAsEagain() {
        assertThat(kernel.tryLockExclusively(7)).isTrue();
        kernel.failOnceOn("flock", Errno.EAGAIN);
        assertThat(kernel.tryLockExclusively(7)).isFalse();
        kernel.lockExclusively(7);
        assertThat(kernel.calls()).endsWith("flock(7, LOCK_EX)");
    }

    @Test
    void childrenRunUntilTheTestEndsThem() {
        int pid = kernel.spawn(new SpawnRequest("/init", List.of("init"), List.of(100, 101)));

        assertThat(kernel.calls()).containsExactly("posix_spawn(\"/init\", [init], [100, 101])");
        assertThat(kernel.waitForNow(pid)).isNull();
        kernel.ends(pid, new WaitStatus(true, 9));
        assertThat(kernel.waitForNow(pid)).isEqualTo(new WaitStatus(true, 9));
        assertThat(kernel.waitFor(pid).exitCode()).isEqualTo(137);
        assertThat(kernel.waitFor(pid + 1).exitCode()).isZero();
    }

    @Test
    void readsAndPollsAreScripted() {
        int descriptor = kernel.pipe().readEnd();
        ByteBuffer target = ByteBuffer.allocate(10);
        kernel.nextRead("ok".getBytes(StandardCharsets.UTF_8)).pollFinds(descriptors -> descriptors.size() - 1);

        assertThat(kernel.read(descriptor, target)).isEqualTo(2);
        assertThat(kernel.read(descriptor, target)).isZero();
        assertThat(kernel.poll(Duration.ZERO, 5, 6)).isEqualTo(OptionalInt.of(1));
        kernel.pollFinds(descriptors -> -1);
        assertThat(kernel.poll(Duration.ofSeconds(-1), 5)).isEmpty();
    }

    @Test
    void fileSystemsAndUsersAreWhatTheTestSays() {
        FileSystemStatus status = new FileSystemStatus(LinuxConstants.HUGETLBFS_MAGIC, 2 << 20, 8, 8, 8);
        kernel.fileSystem(Path.of("/dev/hugepages"), status).asUser(1000);

        assertThat(kernel.statfs(Path.of("/dev/hugepages"))).isEqualTo(status);
        assertThatThrownBy(() -> kernel.statfs(Path.of("/other"))).hasMessageContaining("ENOENT");
        assertThat(kernel.effectiveUserId()).isEqualTo(1000);
    }

    @Test
    void filesOfTheTestTakeAWholeValueAndAreNotCreated() throws IOException {
        Path value = Files.writeString(directory.resolve("cpus"), "0-127\n");
        RecordingSyscalls real = RecordingSyscalls.withFilesIn(directory);
        KernelFiles files = KernelFiles.below(directory, real);

        files.write("/cpus", "3");

        assertThat(value).hasContent("3");
        assertThatThrownBy(() -> files.write("/cpu", "3"))
                .isInstanceOfSatisfying(KernelFileException.class,
                        failure -> assertThat(failure.errno()).isEqualTo(Errno.ENOENT));
        assertThat(real.openDescriptors()).isEmpty();
    }

    @Test
    void filesOfTheTestAreCreatedReadAndRemovedLikeRealOnes() throws IOException {
        RecordingSyscalls real = RecordingSyscalls.withFilesIn(directory);
        Path made = directory.resolve("made");
        real.mkdir(made, 0755);
        int descriptor = real.open(made.resolve("file"), LinuxConstants.O_RDWR | LinuxConstants.O_CREAT, 0600);
        real.write(descriptor, ByteBuffer.wrap(new byte[] {1, 2}));
        real.write(descriptor, ByteBuffer.wrap(new byte[] {3}));
        ByteBuffer target = ByteBuffer.allocate(8);
        real.pread(descriptor, target, 1);
        real.ftruncate(descriptor, 100);
        real.close(descriptor);

        assertThat(target.flip()).isEqualTo(ByteBuffer.wrap(new byte[] {2, 3}));
        assertThat(Files.size(made.resolve("file"))).isEqualTo(100);
        assertThatThrownBy(() -> real.rmdir(made)).hasMessageContaining("ENOTEMPTY");
        assertThatThrownBy(() -> real.mkdir(made, 0755)).hasMessageContaining("EEXIST");
        assertThatThrownBy(() -> real.unlink(made)).hasMessageContaining("EISDIR");
        real.unlink(made.resolve("file"));
        real.rmdir(made);
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void nothingOutsideOfTheTestsDirectoryIsTouched() {
        RecordingSyscalls real = RecordingSyscalls.withFilesIn(directory);

        assertThatThrownBy(() -> real.unlink(Path.of("/etc/passwd"))).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> real.rmdir(directory.resolve("../other"))).isInstanceOf(AssertionError.class);
    }
}

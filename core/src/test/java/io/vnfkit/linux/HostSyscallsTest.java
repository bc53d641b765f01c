package io.vnfkit.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.linux.Syscalls.Pipe;
import io.vnfkit.linux.Syscalls.ResourceLimit;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The calls about files on the real kernel, without root. */
@Timeout(60)
class HostSyscallsTest {

    @TempDir
    private Path directory;

    private final Syscalls kernel = Syscalls.host();
    private final Descriptors descriptors = new Descriptors(kernel);

    @AfterEach
    void closeDescriptors() {
        descriptors.close();
    }

    @Test
    void aPipeCarriesBytesFromOneEndToTheOther() {
        Pipe pipe = descriptors.pipe();

        int written = kernel.write(pipe.writeEnd(), bytes("hello"));

        assertThat(written).isEqualTo(5);
        assertThat(descriptors.read(pipe.readEnd())).isEqualTo("hello");
    }

    @Test
    void anEndedPipeReadsZeroBytes() {
        Pipe pipe = descriptors.pipe();
        descriptors.closeNow(pipe.writeEnd());

        assertThat(kernel.read(pipe.readEnd(), ByteBuffer.allocate(10))).isZero();
    }

    @Test
    void readingAndWritingMoveThePositionOfHeapAndDirectBuffersAlike() {
        Pipe pipe = descriptors.pipe();
        ByteBuffer heap = bytes("..abc").position(2);
        ByteBuffer direct = ByteBuffer.allocateDirect(5).put(bytes("..def")).flip().position(2);

        kernel.write(pipe.writeEnd(), heap);
        kernel.write(pipe.writeEnd(), direct);
        ByteBuffer target = ByteBuffer.allocateDirect(8).position(1).limit(5);
        int count = kernel.read(pipe.readEnd(), target);

        assertThat(heap.hasRemaining()).isFalse();
        assertThat(direct.hasRemaining()).isFalse();
        assertThat(count).isEqualTo(4);
        assertThat(target.position()).isEqualTo(5);
        assertThat(target.get(1)).isEqualTo((byte) 'a');
        assertThat(target.get(4)).isEqualTo((byte) 'd');
        assertThat(descriptors.read(pipe.readEnd())).isEqualTo("ef");
    }

    @Test
    void readingAtAnOffsetLeavesTheFilePositionAlone() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "0123456789");
        int descriptor = descriptors.open(file, LinuxConstants.O_RDONLY);
        ByteBuffer target = ByteBuffer.allocate(3);

        assertThat(kernel.pread(descriptor, target, 4)).isEqualTo(3);
        assertThat(new String(target.array(), StandardCharsets.UTF_8)).isEqualTo("456");
        assertThat(descriptors.read(descriptor)).isEqualTo("0123456789");
        assertThat(errno(() -> kernel.pread(descriptor, target.clear(), -1))).isEqualTo(Errno.EINVAL);
    }

    @Test
    void aLargeHeapBufferIsWrittenInOneCall() throws IOException {
        Path file = directory.resolve("file");
        int descriptor = descriptors.open(file, LinuxConstants.O_WRONLY | LinuxConstants.O_CREAT);

        assertThat(kernel.write(descriptor, ByteBuffer.allocate(1 << 20))).isEqualTo(1 << 20);
        assertThat(Files.size(file)).isEqualTo(1 << 20);
    }

    @Test
    void everyDescriptorIsClosedByExec() {
        Pipe pipe = descriptors.pipe();
        int file = descriptors.open(directory, LinuxConstants.O_PATH);

        for (int descriptor : new int[] {
            pipe.readEnd(), pipe.writeEnd(), file, descriptors.keep(kernel.memfd("m")),
            descriptors.keep(kernel.eventfd()), descriptors.forChild(file)
        }) {
            String flags = KernelFiles.host().readLines("/proc/self/fdinfo/" + descriptor).get(1);
            long octal = Long.parseLong(flags.replaceAll("\\D", ""), 8);
            assertThat(octal & LinuxConstants.O_CLOEXEC).as("%d: %s", descriptor, flags).isNotZero();
        }
    }

    @Test
    void openingWithoutCreateRefusesAFileThatIsNotThere() {
        assertThatThrownBy(() -> kernel.open(directory.resolve("x"), LinuxConstants.O_WRONLY, 0))
                .isInstanceOf(SystemCallException.class)
                .hasMessageContaining("open(\"" + directory.resolve("x") + "\", O_WRONLY, 00) failed: ENOENT");
    }

    @Test
    void openingWithCreateGivesTheMode() throws IOException {
        descriptors.keep(kernel.open(directory.resolve("x"), LinuxConstants.O_RDWR | LinuxConstants.O_CREAT, 0640));

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("x"))))
                .isEqualTo("rw-r-----");
        assertThat(errno(() -> kernel.open(directory.resolve("x"), LinuxConstants.O_CREAT | LinuxConstants.O_EXCL, 0)))
                .isEqualTo(Errno.EEXIST);
    }

    @Test
    void namesOutsideOfAsciiReachTheKernelAsUtf8() throws IOException {
        Path file = directory.resolve("Größe-日本-\uD83D\uDE00");
        descriptors.open(file, LinuxConstants.O_RDWR | LinuxConstants.O_CREAT);

        assertThat(Files.list(directory)).containsExactly(file);
    }

    @Test
    void closingWhatIsNotOpenIsAnError() {
        assertThat(errno(() -> kernel.close(1_000_000))).isEqualTo(Errno.EBADF);
        assertThat(errno(() -> kernel.read(-1, ByteBuffer.allocate(1)))).isEqualTo(Errno.EBADF);
        assertThat(errno(() -> kernel.write(-1, ByteBuffer.allocate(1)))).isEqualTo(Errno.EBADF);
        assertThat(errno(() -> kernel.ftruncate(-1, 0))).isEqualTo(Errno.EBADF);
        assertThat(errno(() -> kernel.duplicate(-1, 0))).isEqualTo(Errno.EBADF);
        assertThat(errno(() -> kernel.tryLockExclusively(-1))).isEqualTo(Errno.EBADF);
    }

    @Test
    void directoriesAreMadeAndRemovedAndTheErrnoSaysWhyNot() {
        Path made = directory.resolve("made");
        kernel.mkdir(made, 0755);

        assertThat(made).isDirectory();
        assertThat(errno(() -> kernel.mkdir(made, 0755))).isEqualTo(Errno.EEXIST);
        assertThat(errno(() -> kernel.mkdir(directory.resolve("a/b"), 0755))).isEqualTo(Errno.ENOENT);
        kernel.mkdir(made.resolve("inner"), 0755);
        assertThat(errno(() -> kernel.rmdir(made))).isEqualTo(Errno.ENOTEMPTY);
        kernel.rmdir(made.resolve("inner"));
        kernel.rmdir(made);
        assertThat(made).doesNotExist();
        assertThat(errno(() -> kernel.rmdir(made))).isEqualTo(Errno.ENOENT);
    }

    @Test
    void filesAreRemovedAndDirectoriesAreNot() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        kernel.unlink(file);

        assertThat(file).doesNotExist();
        assertThat(errno(() -> kernel.unlink(file))).isEqualTo(Errno.ENOENT);
        assertThat(errno(() -> kernel.unlink(directory))).isEqualTo(Errno.EISDIR);
    }

    @Test
    void aNameThatIsTooLongIsRefusedByTheKernel() {
        assertThat(errno(() -> kernel.mkdir(directory.resolve("x".repeat(300)), 0))).isEqualTo(Errno.ENAMETOOLONG);
        assertThat(errno(() -> kernel.mkdir(Path.of("/" + "x/".repeat(20_000)), 0))).isEqualTo(Errno.ENAMETOOLONG);
    }

    @Test
    void aLockExcludesOtherOpenFileDescriptionsUntilItsLastDuplicateIsClosed() {
        Path file = directory.resolve("lock");
        int first = descriptors.open(file, LinuxConstants.O_RDWR | LinuxConstants.O_CREAT);
        int second = descriptors.open(file, LinuxConstants.O_RDWR);
        int duplicate = descriptors.forChild(first);

        assertThat(kernel.tryLockExclusively(first)).isTrue();
        assertThat(kernel.tryLockExclusively(duplicate)).isTrue();
        assertThat(kernel.tryLockExclusively(second)).isFalse();
        descriptors.closeNow(first);
        assertThat(kernel.tryLockExclusively(second)).isFalse();
        descriptors.closeNow(duplicate);
        assertThat(kernel.tryLockExclusively(second)).isTrue();
    }

    @Test
    void aThreadThatWaitsForALockGetsItWhenItIsGivenUp() {
        Path file = directory.resolve("lock");
        int first = descriptors.open(file, LinuxConstants.O_RDWR | LinuxConstants.O_CREAT);
        int second = descriptors.open(file, LinuxConstants.O_RDWR);
        kernel.lockExclusively(first);
        CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> kernel.lockExclusively(second));

        assertThat(waiting).isNotDone();
        descriptors.closeNow(first);
        waiting.join();

        assertThat(kernel.tryLockExclusively(second)).isTrue();
        assertThat(errno(() -> kernel.lockExclusively(-1))).isEqualTo(Errno.EBADF);
    }

    @Test
    void aDuplicateHasAtLeastTheNumberAskedFor() {
        assertThat(descriptors.keep(kernel.duplicate(descriptors.pipe().readEnd(), 321))).isGreaterThanOrEqualTo(321);
    }

    @Test
    void aSealedMemfdRefusesEveryChange() {
        int memfd = descriptors.keep(kernel.memfd("sealed"));
        kernel.write(memfd, bytes("fixed"));
        kernel.seal(memfd);

        assertThat(errno(() -> kernel.write(memfd, bytes("more")))).isEqualTo(Errno.EPERM);
        assertThat(errno(() -> kernel.ftruncate(memfd, 0))).isEqualTo(Errno.EPERM);
        assertThat(errno(() -> kernel.ftruncate(memfd, 100))).isEqualTo(Errno.EPERM);
        assertThat(errno(() -> kernel.seal(memfd))).isEqualTo(Errno.EPERM);
        ByteBuffer content = ByteBuffer.allocate(10);
        assertThat(kernel.pread(memfd, content, 0)).isEqualTo(5);
    }

    @Test
    void theNameOfAMemfdHasALimitThatTheErrorNames() {
        assertThatThrownBy(() -> kernel.memfd("x".repeat(250)))
                .isInstanceOf(SystemCallException.class)
                .hasMessageContaining("EINVAL")
                .hasMessageContaining("249 bytes");
    }

    @Test
    void truncatingSetsTheLength() throws IOException {
        Path file = directory.resolve("file");
        kernel.ftruncate(descriptors.open(file, LinuxConstants.O_RDWR | LinuxConstants.O_CREAT), 12_345);

        assertThat(Files.size(file)).isEqualTo(12_345);
    }

    @Test
    void theFileSystemOfAPathIsKnownByItsMagicNumber() throws IOException {
        FileSystemStatus temporary = kernel.statfs(directory);

        assertThat(kernel.statfs(Path.of("/proc")).type()).isEqualTo(LinuxConstants.PROC_SUPER_MAGIC);
        assertThat(kernel.statfs(Path.of("/sys")).type()).isEqualTo(LinuxConstants.SYSFS_MAGIC);
        assertThat(temporary.blockSize()).isEqualTo(Files.getFileStore(directory).getBlockSize());
        assertThat(temporary.blocks() * temporary.blockSize())
                .isEqualTo(Files.getFileStore(directory).getTotalSpace());
        assertThat(errno(() -> kernel.statfs(directory.resolve("none")))).isEqualTo(Errno.ENOENT);
    }

    @Test
    void theUserAndItsLimitsAreThoseOfProc() {
        KernelFiles files = KernelFiles.host();
        String uid = files.readLines("/proc/self/status").stream()
                .filter(line -> line.startsWith("Uid:")).findFirst().orElseThrow().split("\t")[2];
        String[] openFiles = files.readLines("/proc/self/limits").stream()
                .filter(line -> line.startsWith("Max open files")).findFirst().orElseThrow().split("\\s+");

        assertThat(kernel.effectiveUserId()).isEqualTo(Integer.parseInt(uid));
        assertThat(kernel.getrlimit(LinuxConstants.RLIMIT_NOFILE))
                .isEqualTo(new ResourceLimit(Long.parseLong(openFiles[3]), Long.parseLong(openFiles[4])));
        assertThat(errno(() -> kernel.getrlimit(99))).isEqualTo(Errno.EINVAL);
    }

    @Test
    void anOwnerMayBeChangedToOneself() throws IOException {
        Path ascii = Files.createFile(directory.resolve("file"));
        Path other = Files.createFile(directory.resolve("fïle"));
        int uid = (Integer) Files.getAttribute(ascii, "unix:uid");
        int gid = (Integer) Files.getAttribute(ascii, "unix:gid");

        assertThatCode(() -> kernel.chown(ascii, uid, gid)).doesNotThrowAnyException();
        assertThatCode(() -> kernel.chown(other, uid, gid)).doesNotThrowAnyException();
        assertThat(errno(() -> kernel.chown(directory.resolve("none"), uid, gid))).isEqualTo(Errno.ENOENT);
        assertThat(errno(() -> kernel.chown(directory.resolve("nöne"), uid, gid))).isEqualTo(Errno.ENOENT);
    }

    @Test
    void onlyADirectBufferInNativeOrderHasAnAddress() {
        ByteBuffer direct = ByteBuffer.allocateDirect(16);
        ByteBuffer foreign = ByteBuffer.allocateDirect(16).order(
                ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);

        assertThat(kernel.addressOf(direct)).isNotZero();
        assertThat(kernel.addressOf(direct.position(4).slice())).isEqualTo(kernel.addressOf(direct) + 4);
        assertThatIllegalArgumentException().isThrownBy(() -> kernel.addressOf(ByteBuffer.allocate(16)));
        assertThatIllegalArgumentException().isThrownBy(() -> kernel.bpf(0, ByteBuffer.allocate(16)));
        assertThatIllegalArgumentException().isThrownBy(() -> kernel.bpf(0, foreign));
    }

    @Test
    void theBindingIsLoadedOnce() {
        assertThat(Syscalls.host()).isSameAs(kernel);
    }

    private static Errno errno(ThrowingCallable call) {
        SystemCallException[] failure = new SystemCallException[1];
        assertThatThrownBy(call).isInstanceOfSatisfying(SystemCallException.class, thrown -> failure[0] = thrown);
        return failure[0].errno();
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}

package io.vnfkit.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.linux.KernelFileException.Operation;
import io.vnfkit.testing.RecordingSyscalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelFilesTest {

    @TempDir
    private Path root;

    private KernelFiles files;

    @BeforeEach
    void makeDirectory() throws IOException {
        files = KernelFiles.below(root);
        Files.createDirectory(root.resolve("sys"));
    }

    @Test
    void aPathOfTheKernelLiesBelowTheRoot() {
        assertThat(files.resolve("/sys/a")).isEqualTo(root.resolve("sys/a"));
        assertThat(KernelFiles.host().resolve("/sys/a")).isEqualTo(Path.of("/sys/a"));
        assertThat(files.resolve("/")).isEqualTo(root);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/../../etc/passwd", "/sys/../../x", "//..//x", "/./../y"})
    void noPathLeadsOutOfTheRoot(String path) {
        assertThat(files.resolve(path)).startsWithRaw(root);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "sys", "./sys", "../sys"})
    void aRelativePathIsRefused(String path) {
        assertThatIllegalArgumentException().isThrownBy(() -> files.resolve(path)).withMessageContaining("absolute");
        assertThatIllegalArgumentException().isThrownBy(() -> KernelFiles.below(Path.of(path)));
    }

    @Test
    void readingStripsTheNewlineAtTheEndAndNothingElse() throws IOException {
        put("value", " a b \n");
        put("plain", "x");
        put("lines", "1\n2\n\n3\n");

        assertThat(files.read("/sys/value")).isEqualTo(" a b ");
        assertThat(files.read("/sys/plain")).isEqualTo("x");
        assertThat(files.readRaw("/sys/value")).isEqualTo(" a b \n");
        assertThat(files.readLines("/sys/lines")).containsExactly("1", "2", "", "3");
    }

    @Test
    void aMissingFileIsAnErrorWithThePathOrEmptyWhereItMayBeMissing() throws IOException {
        put("value", "1\n");

        assertThat(failure(() -> files.read("/sys/none")))
                .satisfies(failure -> assertThat(failure.errno()).isEqualTo(Errno.ENOENT))
                .satisfies(failure -> assertThat(failure.path()).isEqualTo(root.resolve("sys/none")))
                .satisfies(failure -> assertThat(failure.operation()).isEqualTo(Operation.READ))
                .hasMessage("read " + root.resolve("sys/none") + " failed: ENOENT (2, No such file or directory)");
        assertThat(files.readIfExists("/sys/none")).isEmpty();
        assertThat(files.readIfExists("/sys/value/below")).isEmpty();
        assertThat(files.readIfExists("/sys/value")).contains("1");
    }

    @Test
    void readingADirectoryIsAnErrorEvenWhereAFileMayBeMissing() {
        assertThat(failure(() -> files.read("/sys")).errno()).isEqualTo(Errno.EISDIR);
        assertThat(failure(() -> files.readIfExists("/sys")).errno()).isEqualTo(Errno.EISDIR);
    }

    @Test
    void aFileOfTheKernelThatRefusesToBeReadTellsItsErrno() {
        // Reading one's own memory at address 0 fails in the kernel with EIO, after open(2) and stat(2) went well.
        assertThat(failure(() -> KernelFiles.host().read("/proc/self/mem")).errno()).isEqualTo(Errno.EIO);
    }

    @Test
    void filesOfTheKernelAreReadToTheEndWhateverTheirSizeSays() {
        assertThat(KernelFiles.host().readLines("/proc/self/maps").size()).isGreaterThan(100);
    }

    @Test
    void writingReplacesNothingAndCreatesNothing() throws IOException {
        Path value = put("value", "long old value");

        files.write("/sys/value", "new");

        assertThat(value).hasContent("newg old value");
        assertThat(failure(() -> files.write("/sys/valu", "1")))
                .satisfies(failure -> assertThat(failure.errno()).isEqualTo(Errno.ENOENT))
                .satisfies(failure -> assertThat(failure.operation()).isEqualTo(Operation.WRITE))
                .satisfies(failure -> assertThat(failure.value()).contains("1"))
                .hasMessageStartingWith("write \"1\" to " + root.resolve("sys/valu") + " failed: ENOENT");
        assertThat(root.resolve("sys/valu")).doesNotExist();
    }

    @Test
    void aValueIsWrittenInOneCallAndTheFileClosed() throws IOException {
        put("value", "");
        RecordingSyscalls kernel = RecordingSyscalls.withFilesIn(root);

        KernelFiles.below(root, kernel).write("/sys/value", "0-3\n");

        assertThat(kernel.calls()).containsExactly(
                "open(\"" + root.resolve("sys/value") + "\", O_WRONLY, 00)", "write(100, \"0-3\\n\")", "close(100)");
        assertThat(files.read("/sys/value")).isEqualTo("0-3");
    }

    @Test
    void aShortWriteIsAnErrorThatSaysHowMuchTheKernelTook() throws IOException {
        put("value", "");
        RecordingSyscalls kernel = RecordingSyscalls.withFilesIn(root).writeAtMost(2);

        assertThat(failure(() -> KernelFiles.below(root, kernel).write("/sys/value", "12345")))
                .hasMessageContaining("2 of 5 bytes");
        assertThat(kernel.openDescriptors()).isEmpty();
    }

    @Test
    void aRefusedWriteTellsTheErrnoAndClosesTheFile() throws IOException {
        put("value", "");
        RecordingSyscalls kernel = RecordingSyscalls.withFilesIn(root).failOn("write", Errno.EBUSY);

        assertThat(failure(() -> KernelFiles.below(root, kernel).write("/sys/value", "1")).errno())
                .isEqualTo(Errno.EBUSY);
        assertThat(kernel.openDescriptors()).isEmpty();
    }

    @Test
    void theKernelsOwnRefusalOfAValueIsPassedOn() {
        // A value that oom_score_adj cannot have; it takes -1000 to 1000.
        assertThat(failure(() -> KernelFiles.host().write("/proc/self/oom_score_adj", "5000")).errno())
                .isEqualTo(Errno.EINVAL);
    }

    @Test
    void aDirectoryIsListedInOrder() throws IOException {
        put("b", "");
        put("a", "");

        assertThat(files.list("/sys")).containsExactly("a", "b");
        assertThat(files.listIfExists("/sys")).containsExactly("a", "b");
        assertThat(files.listIfExists("/none")).isEmpty();
        assertThat(failure(() -> files.list("/none")).errno()).isEqualTo(Errno.ENOENT);
        assertThat(failure(() -> files.list("/sys/a")).errno()).isEqualTo(Errno.ENOTDIR);
    }

    @Test
    void linksAreReadAsTheyAreWritten() throws IOException {
        Files.createSymbolicLink(root.resolve("sys/link"), Path.of("../../dangling"));

        assertThat(files.isLink("/sys/link")).isTrue();
        assertThat(files.exists("/sys/link")).isFalse();
        assertThat(files.readLink("/sys/link")).isEqualTo(Path.of("../../dangling"));
        assertThat(failure(() -> files.readLink("/sys"))).satisfies(failure -> assertThat(failure.errno())
                .isEqualTo(Errno.EINVAL));
    }

    @Test
    void theNumberOfADeviceNodeIsKnown() {
        assertThat(KernelFiles.host().deviceNumber("/dev/null")).contains(new DeviceNumber(1, 3));
        assertThat(files.deviceNumber("/dev/null")).isEmpty();
    }

    @Test
    void nothingNativeIsNeededToRead() {
        KernelFiles unable = KernelFiles.below(root, new RecordingSyscalls().failOn("open", Errno.ENOSYS));

        assertThat(unable.list("/sys")).isEmpty();
        assertThat(unable.isDirectory("/sys")).isTrue();
    }

    private Path put(String name, String content) throws IOException {
        return Files.writeString(root.resolve("sys").resolve(name), content);
    }

    private static KernelFileException failure(ThrowingCallable action) {
        KernelFileException[] failure = new KernelFileException[1];
        assertThatThrownBy(action).isInstanceOfSatisfying(KernelFileException.class, thrown -> failure[0] = thrown);
        return failure[0];
    }
}

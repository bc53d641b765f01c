package io.vnfkit.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.linux.Syscalls.Pipe;
import io.vnfkit.linux.Syscalls.WaitStatus;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Starting, waiting and signalling on the real kernel, without root. */
@Timeout(60)
class HostProcessesTest {

    private static final int SIGTERM = 15;
    private static final int SIGKILL = 9;

    private final Syscalls kernel = Syscalls.host();
    private final Descriptors descriptors = new Descriptors(kernel);

    @AfterEach
    void closeDescriptors() {
        descriptors.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 42, 255})
    void theExitCodeOfAChildIsWhatItExitedWith(int code) {
        WaitStatus status = kernel.waitFor(shell("exit " + code));

        assertThat(status).isEqualTo(new WaitStatus(false, code));
        assertThat(status.exitCode()).isEqualTo(code);
    }

    @ParameterizedTest
    @ValueSource(ints = {SIGTERM, SIGKILL, 6, 11})
    void aChildThatASignalEndedHasTheSignalAndAnExitCodeAbove128(int signal) {
        WaitStatus status = kernel.waitFor(shell("kill -" + signal + " $$"));

        assertThat(status).isEqualTo(new WaitStatus(true, signal));
        assertThat(status.exitCode()).isEqualTo(128 + signal);
    }

    @Test
    void theDescriptorsAskedForGetTheNumbersFromZeroOnInTheirOrder() {
        Pipe pipe = descriptors.pipe();
        Pipe second = descriptors.pipe();
        int input = descriptors.forChild(nullDevice());
        int output = descriptors.forChild(pipe.writeEnd());
        int extra = descriptors.forChild(second.writeEnd());

        int pid = kernel.spawn(new SpawnRequest("/bin/sh",
                List.of("sh", "-c", "for fd in 0 1 2 3; do readlink /proc/$$/fd/$fd; done; echo third >&3"),
                List.of(input, output, output, extra)));

        assertThat(kernel.waitFor(pid).exitCode()).isZero();
        assertThat(descriptors.read(pipe.readEnd()).lines())
                .containsExactly("/dev/null", link(output), link(output), link(extra));
        assertThat(descriptors.read(second.readEnd())).isEqualTo("third\n");
    }

    @Test
    void noDescriptorThatVnfkitOpenedReachesTheChildUnasked() {
        Pipe pipe = descriptors.pipe();
        int output = descriptors.forChild(pipe.writeEnd());
        List<Integer> unasked = List.of(
                pipe.readEnd(), pipe.writeEnd(), output, descriptors.keep(kernel.memfd("unasked")),
                descriptors.keep(kernel.eventfd()),
                descriptors.open(Path.of("/proc/self/status"), LinuxConstants.O_RDONLY),
                descriptors.keep(kernel.pidfdOpen((int) ProcessHandle.current().pid())));

        int pid = kernel.spawn(new SpawnRequest("/bin/sh",
                List.of("sh", "-c", "for fd in /proc/$$/fd/*; do echo ${fd##*/}; done"),
                List.of(output, output, output)));

        assertThat(kernel.waitFor(pid).exitCode()).isZero();
        // The JDK's own descriptors do reach it: it opens jars and sockets without O_CLOEXEC.
        assertThat(descriptors.read(pipe.readEnd()).lines())
                .contains("0", "1", "2")
                .doesNotContainAnyElementsOf(unasked.stream().map(String::valueOf).toList());
    }

    @Test
    void theChildHasAnEmptyEnvironmentAndASessionOfItsOwn() {
        Pipe pipe = descriptors.pipe();
        int output = descriptors.forChild(pipe.writeEnd());
        int input = descriptors.forChild(nullDevice());

        int pid = kernel.spawn(new SpawnRequest("/bin/sh",
                List.of("sh", "-c", "tr '\\0' '\\n' < /proc/$$/environ; cut -d' ' -f 6 /proc/$$/stat"),
                List.of(input, output, output)));

        assertThat(kernel.waitFor(pid).exitCode()).isZero();
        assertThat(descriptors.read(pipe.readEnd())).isEqualTo(pid + "\n");
    }

    @Test
    void theChildHasNoBlockedSignalsAndIgnoresNoneButThoseOfTheThreadLibrary() {
        Pipe pipe = descriptors.pipe();
        int output = descriptors.forChild(pipe.writeEnd());

        int pid = kernel.spawn(new SpawnRequest("/bin/grep",
                List.of("grep", "-E", "^Sig(Blk|Ign):", "/proc/self/status"), List.of(output, output)));

        assertThat(kernel.waitFor(pid).exitCode()).isZero();
        // glibc's posix_spawn sets signals 32 and 33, which it uses itself, to be ignored.
        long threadLibrary = 0x1_8000_0000L;
        assertThat(descriptors.read(pipe.readEnd()).lines().map(line -> Long.parseUnsignedLong(line.substring(8), 16)))
                .hasSize(2)
                .allSatisfy(signals -> assertThat(signals & ~threadLibrary).isZero());
    }

    @Test
    void argumentsArriveByteForByte() {
        Pipe pipe = descriptors.pipe();
        int output = descriptors.forChild(pipe.writeEnd());
        List<String> arguments = List.of("printf", "%s|", "a b", "", "ünï €", "\uD83D\uDE00", "x".repeat(100_000));

        int pid = kernel.spawn(new SpawnRequest("/usr/bin/printf", arguments, List.of(output, output)));
        String written = readToEnd(pipe.readEnd(), output, pipe.writeEnd());

        assertThat(kernel.waitFor(pid).exitCode()).isZero();
        assertThat(written).isEqualTo("a b||ünï €|\uD83D\uDE00|" + "x".repeat(100_000) + "|");
    }

    @Test
    void aSealedMemfdCanBeExecuted() throws IOException {
        int memfd = descriptors.keep(kernel.memfd("true"));
        ByteBuffer program = ByteBuffer.wrap(Files.readAllBytes(Path.of("/bin/true")));
        while (program.hasRemaining()) {
            kernel.write(memfd, program);
        }
        kernel.seal(memfd);

        int pid = kernel.spawn(new SpawnRequest("/proc/self/fd/" + memfd, List.of("true"), List.of()));

        assertThat(kernel.waitFor(pid).exitCode()).isZero();
    }

    @Test
    void anExecutableThatDoesNotExistIsAnErrorOfTheCallAndLeavesNoChild() {
        SpawnRequest request = new SpawnRequest("/nonexistent/program", List.of("program"), List.of());

        assertThatThrownBy(() -> kernel.spawn(request))
                .isInstanceOfSatisfying(SystemCallException.class,
                        failure -> assertThat(failure.errno()).isEqualTo(Errno.ENOENT))
                .hasMessageContaining("posix_spawn")
                .hasMessageContaining("/nonexistent/program");
        assertThatThrownBy(() -> kernel.waitForNow(-1)).isInstanceOf(SystemCallException.class);
    }

    @Test
    void aDescriptorThatIsNotOpenIsAnErrorOfTheCall() {
        SpawnRequest request = new SpawnRequest("/bin/true", List.of("true"), List.of(1_000_000));

        assertThatThrownBy(() -> kernel.spawn(request))
                .isInstanceOfSatisfying(SystemCallException.class,
                        failure -> assertThat(failure.errno()).isEqualTo(Errno.EBADF));
    }

    @Test
    void aChildThatRunsIsNotWaitedForAndASignalThroughItsPidfdEndsIt() {
        int pid = shell("while :; do read line; done < /dev/zero");
        int pidfd = descriptors.keep(kernel.pidfdOpen(pid));

        assertThat(kernel.waitForNow(pid)).isNull();
        assertThat(kernel.poll(Duration.ZERO, pidfd)).isEmpty();
        kernel.pidfdSendSignal(pidfd, 0);
        kernel.pidfdSendSignal(pidfd, SIGKILL);

        assertThat(kernel.poll(Duration.ofSeconds(30), pidfd)).isEqualTo(OptionalInt.of(0));
        assertThat(kernel.waitForNow(pid)).isEqualTo(new WaitStatus(true, SIGKILL));
        assertThatThrownBy(() -> kernel.pidfdSendSignal(pidfd, 0))
                .isInstanceOfSatisfying(SystemCallException.class,
                        failure -> assertThat(failure.errno()).isEqualTo(Errno.ESRCH));
    }

    @Test
    void aProcessThatIsNoChildCannotBeWaitedFor() {
        assertThatThrownBy(() -> kernel.waitFor(1))
                .isInstanceOfSatisfying(SystemCallException.class,
                        failure -> assertThat(failure.errno()).isEqualTo(Errno.ECHILD))
                .hasMessageContaining("not a child of this JVM");
    }

    @Test
    void aProcessThatDoesNotExistHasNoPidfd() {
        // Above the largest value that kernel.pid_max can have.
        assertThatThrownBy(() -> kernel.pidfdOpen(1 << 23))
                .isInstanceOfSatisfying(SystemCallException.class,
                        failure -> assertThat(failure.errno()).isEqualTo(Errno.ESRCH));
    }

    private static String link(int descriptor) {
        return KernelFiles.host().readLink("/proc/self/fd/" + descriptor).toString();
    }

    private int shell(String script) {
        return kernel.spawn(new SpawnRequest("/bin/sh", List.of("sh", "-c", script), List.of()));
    }

    private int nullDevice() {
        return descriptors.open(Path.of("/dev/null"), LinuxConstants.O_RDONLY);
    }

    /** Reads to the end, for which this process has to give up its write ends. */
    private String readToEnd(int descriptor, int... writeEnds) {
        for (int writeEnd : writeEnds) {
            descriptors.closeNow(writeEnd);
        }
        ByteBuffer buffer = ByteBuffer.allocate(1 << 20);
        while (kernel.read(descriptor, buffer) > 0) {
            assertThat(buffer.hasRemaining()).isTrue();
        }
        return StandardCharsets.UTF_8.decode(buffer.flip()).toString();
    }
}

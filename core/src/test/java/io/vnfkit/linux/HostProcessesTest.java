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
import java.util.ArrayList;
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
    private final List<Integer> open = new ArrayList<>();

    @AfterEach
    void closeDescriptors() {
        open.forEach(kernel::close);
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
        Pipe pipe = pipe();
        Pipe second = pipe();
        int input = keep(kernel.duplicate(open("/dev/null"), 100));
        int output = keep(kernel.duplicate(pipe.writeEnd(), 100));
        int extra = keep(kernel.duplicate(second.writeEnd(), 100));

        int pid = kernel.spawn(new SpawnRequest("/bin/sh",
                List.of("sh", "-c", "for fd in 0 1 2 3; do readlink /proc/$$/fd/$fd; done; echo third >&3"),
                List.of(input, output, output, extra)));

        assertThat(kernel.waitFor(pid).exitCode()).isZero();
        assertThat(read(pipe.readEnd()).lines())
                .containsExactly("/dev/null", link(output), link(output), link(extra));
        assertThat(read(second.readEnd())).isEqualTo("third\n");
    }

    @Test
    void noDescriptorThatVnfkitOpenedReachesTheChildUnasked() {
        Pipe pipe = pipe();
        int output = keep(kernel.duplicate(pipe.writeEnd(), 100));
        List<Integer> unasked = List.of(
                pipe.readEnd(), pipe.writeEnd(), output, keep(kernel.memfd("unasked")), keep(kernel.eventfd()),
                open("/proc/self/status"), keep(kernel.pidfdOpen((int) ProcessHandle.current().pid())));

        int pid = kernel.spawn(new SpawnRequest("/bin/sh",
                List.of("sh", "-c", "for fd in /proc/$$/fd/*; do echo ${fd##*/}; done"),
                List.of(output, output, output)));

        assertThat(kernel.waitFor(pid).exitCode()).isZero();
        // The JDK's own descriptors do reach it: it opens jars and sockets without O_CLOEXEC.
        assertThat(read(pipe.readEnd()).lines())
                .contains("0", "1", "2")
                .doesNotContainAnyElementsOf(unasked.stream().map(String::valueOf).toList());
    }

    @Test
    void theChildHasAnEmptyEnvironmentAndASessionOfItsOwn() {
        Pipe pipe = pipe();
        int output = keep(kernel.duplicate(pipe.writeEnd(), 100));
        int input = keep(kernel.duplicate(open("/dev/null"), 100));

        int pid = kernel.spawn(new SpawnRequest("/bin/sh",
                List.of("sh", "-c", "tr '\\0' '\\n' < /proc/$$/environ; cut -d' ' -f 6 /proc/$$/stat"),
                List.of(input, output, output)));

        assertThat(kernel.waitFor(pid).exitCode()).isZero();
        assertThat(read(pipe.readEnd())).isEqualTo(pid + "\n");
    }

    @Test
    void theChildHasNoBlockedSignalsAndIgnoresNoneButThoseOfTheThreadLibrary() {
        Pipe pipe = pipe();
        int output = keep(kernel.duplicate(pipe.writeEnd(), 100));

        int pid = kernel.spawn(new SpawnRequest("/bin/grep",
                List.of("grep", "-E", "^Sig(Blk|Ign):", "/proc/self/status"), List.of(output, output)));

        assertThat(kernel.waitFor(pid).exitCode()).isZero();
        // glibc's posix_spawn sets signals 32 and 33, which it uses itself, to be ignored.
        long threadLibrary = 0x1_8000_0000L;
        assertThat(read(pipe.readEnd()).lines().map(line -> Long.parseUnsignedLong(line.substring(8), 16)))
                .hasSize(2)
                .allSatisfy(signals -> assertThat(signals & ~threadLibrary).isZero());
    }

    @Test
    void argumentsArriveByteForByte() {
        Pipe pipe = pipe();
        int output = keep(kernel.duplicate(pipe.writeEnd(), 100));
        List<String> arguments = List.of("printf", "%s|", "a b", "", "ünï €", "\uD83D\uDE00", "x".repeat(100_000));

        int pid = kernel.spawn(new SpawnRequest("/usr/bin/printf", arguments, List.of(output, output)));
        String written = read(pipe.readEnd(), output, pipe.writeEnd());

        assertThat(kernel.waitFor(pid).exitCode()).isZero();
        assertThat(written).isEqualTo("a b||ünï €|\uD83D\uDE00|" + "x".repeat(100_000) + "|");
    }

    @Test
    void aSealedMemfdCanBeExecuted() throws IOException {
        int memfd = keep(kernel.memfd("true"));
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
        int pidfd = keep(kernel.pidfdOpen(pid));

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

    private int open(String path) {
        return keep(kernel.open(Path.of(path), LinuxConstants.O_RDONLY, 0));
    }

    private Pipe pipe() {
        Pipe pipe = kernel.pipe();
        keep(pipe.readEnd());
        keep(pipe.writeEnd());
        return pipe;
    }

    private int keep(int descriptor) {
        open.add(descriptor);
        return descriptor;
    }

    private String read(int descriptor) {
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        kernel.read(descriptor, buffer);
        return StandardCharsets.UTF_8.decode(buffer.flip()).toString();
    }

    /** Reads to the end, for which this process has to give up its write ends. */
    private String read(int descriptor, int... writeEnds) {
        for (int writeEnd : writeEnds) {
            kernel.close(writeEnd);
            open.remove((Integer) writeEnd);
        }
        ByteBuffer buffer = ByteBuffer.allocate(1 << 20);
        while (kernel.read(descriptor, buffer) > 0) {
            assertThat(buffer.hasRemaining()).isTrue();
        }
        return StandardCharsets.UTF_8.decode(buffer.flip()).toString();
    }
}

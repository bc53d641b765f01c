package io.vnfkit.launch.lifecycle;

import static io.vnfkit.launch.lifecycle.OwnVnfs.allOutput;
import static io.vnfkit.launch.lifecycle.OwnVnfs.exitCode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.LaunchException;
import io.vnfkit.RunningVnf;
import io.vnfkit.StandardStreams;
import io.vnfkit.Stdio;
import io.vnfkit.testing.RequiresRoot;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The three standard streams: pipes, files, nothing, the caller's own. */
@Tag("root")
@RequiresRoot
@Timeout(120)
class StreamsIT {

    private static final int MEGABYTES = 8 << 20;

    @RegisterExtension
    private final OwnVnfs vnfs = new OwnVnfs();

    @TempDir
    private Path directory;

    @Test
    void megabytesGoThroughPipesBothWays() throws Exception {
        byte[] sent = new byte[MEGABYTES];
        new Random(42).nextBytes(sent);
        try (RunningVnf vnf = vnfs.launch(vnfs.shell("exec cat"))) {
            CompletableFuture<byte[]> received = CompletableFuture.supplyAsync(() -> readAll(vnf.standardOutput()));
            try (OutputStream in = vnf.standardInput()) {
                in.write(sent);
            }
            assertThat(received.get(60, TimeUnit.SECONDS)).isEqualTo(sent);
            assertThat(exitCode(vnf)).isZero();
        }
    }

    @Test
    void theEndOfItsInputEndsCat() throws Exception {
        try (RunningVnf vnf = vnfs.launch(vnfs.shell("exec cat"))) {
            vnf.standardInput().write("one\n".getBytes());
            assertThat(OwnVnfs.lines(vnf).readLine()).isEqualTo("one");
            vnf.standardInput().close();
            assertThat(exitCode(vnf)).isZero();
        }
    }

    @Test
    void outputAndErrorsHavePipesOfTheirOwn() {
        try (RunningVnf vnf = vnfs.launch(vnfs.shell("echo out; echo err >&2"))) {
            assertThat(new String(readAll(vnf.standardError()))).isEqualTo("err\n");
            assertThat(allOutput(vnf)).isEqualTo("out\n");
        }
    }

    @Test
    void outputAndErrorsShareOnePipeInTheirOrder() {
        try (RunningVnf vnf = vnfs.launch(vnfs.shell("for i in 1 2 3; do echo out $i; echo err $i >&2; done")
                .streams(StandardStreams.outputTo(Stdio.pipe())))) {
            assertThat(allOutput(vnf)).isEqualTo("out 1\nerr 1\nout 2\nerr 2\nout 3\nerr 3\n");
            assertThatIllegalStateException().isThrownBy(vnf::standardError).withMessageContaining("no pipe");
            assertThatIllegalStateException().isThrownBy(vnf::standardInput).withMessageContaining("no pipe");
        }
    }

    @Test
    void outputIsAppendedToAFileOfTheHost() throws Exception {
        Path file = directory.resolve("log");
        Files.writeString(file, "before\n");
        StandardStreams toFile = new StandardStreams(Stdio.discard(), Stdio.file(file), Stdio.file(file));
        try (RunningVnf vnf = vnfs.launch(vnfs.shell("echo out; echo err >&2; echo out").streams(toFile))) {
            assertThat(exitCode(vnf)).isZero();
        }
        assertThat(file).hasContent("before\nout\nerr\nout");
    }

    @Test
    void inputComesFromAFileOfTheHost() throws Exception {
        Path file = Files.writeString(directory.resolve("in"), "from a file\n");
        try (RunningVnf vnf = vnfs.launch(vnfs.shell("exec cat")
                .streams(new StandardStreams(Stdio.file(file), Stdio.pipe(), Stdio.discard())))) {
            assertThat(allOutput(vnf)).isEqualTo("from a file\n");
        }
    }

    @Test
    void nothingComesFromAndNothingGoesToDevNull() {
        try (RunningVnf vnf = vnfs.launch(vnfs.shell("read line && exit 1; echo x; echo y >&2")
                .streams(StandardStreams.DISCARD))) {
            assertThat(exitCode(vnf)).isZero();
        }
    }

    @Test
    void inheritedStreamsAreThoseOfTheJvm() throws Exception {
        String own = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
        try (RunningVnf vnf = vnfs.launch(vnfs.shell("read line")
                .streams(new StandardStreams(Stdio.pipe(), Stdio.inherit(), Stdio.inherit())))) {
            assertThat(Files.readSymbolicLink(Path.of("/proc/" + vnf.pid() + "/fd/1"))).hasToString(own);
        }
    }

    @Test
    void theVnfHasNoDescriptorBesideItsStreams() {
        // The descriptor that ls reads the directory with is one of those that it lists.
        try (RunningVnf vnf = vnfs.launch(vnfs.shell("exec ls /proc/self/fd"))) {
            assertThat(allOutput(vnf)).isEqualTo("0\n1\n2\n3\n");
        }
    }

    @Test
    void writingToAVnfThatHasEndedIsAnIoException() {
        try (RunningVnf vnf = vnfs.launch(vnfs.shell("exit 0"))) {
            exitCode(vnf);
            assertThatThrownBy(() -> vnf.standardInput().write(new byte[MEGABYTES]))
                    .isInstanceOf(IOException.class).hasMessageContaining("EPIPE");
        }
    }

    @Test
    void closingTheVnfWakesAThreadThatReads() throws Exception {
        RunningVnf vnf = vnfs.launch(vnfs.shell("echo started; sleep 300"));
        InputStream output = vnf.standardOutput();
        assertThat(output.read()).isEqualTo('s');
        CompletableFuture<byte[]> rest = CompletableFuture.supplyAsync(() -> {
            try {
                return output.readAllBytes();
            } catch (IOException closed) {
                return closed.getMessage().getBytes();
            }
        });
        vnf.close();
        assertThat(new String(rest.get(30, TimeUnit.SECONDS))).isIn("tarted\n", "the stream is closed");
        assertThatThrownBy(output::read).isInstanceOf(IOException.class).hasMessageContaining("closed");
    }

    @Test
    void aFileThatCannotBeOpenedFailsTheLaunchWithItsPath() {
        Path missing = directory.resolve("missing/log");
        assertThatThrownBy(() -> vnfs.launch(vnfs.shell("true").streams(StandardStreams.outputTo(Stdio.file(missing)))))
                .isInstanceOf(LaunchException.class)
                .hasMessageContaining(missing.toString()).hasMessageContaining("ENOENT");
    }

    private static byte[] readAll(InputStream stream) {
        try {
            return stream.readAllBytes();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}

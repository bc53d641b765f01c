package io.vnfkit.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.linux.Syscalls.Pipe;
import io.vnfkit.linux.UnixSocketCalls.Interest;
import io.vnfkit.linux.UnixSocketCalls.Kind;
import io.vnfkit.linux.UnixSocketCalls.Pair;
import io.vnfkit.linux.UnixSocketCalls.Ready;
import io.vnfkit.linux.UnixSocketCalls.Received;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class UnixSocketsTest {

    private final UnixSocketCalls sockets = UnixSocketCalls.host();
    private final Descriptors descriptors = new Descriptors(Syscalls.host());

    @TempDir
    private Path directory;

    @AfterEach
    void closeDescriptors() {
        descriptors.close();
    }

    private Pair pair(Kind kind) {
        Pair pair = sockets.pair(kind);
        descriptors.keep(pair.left());
        descriptors.keep(pair.right());
        return pair;
    }

    private static ByteBuffer bytes(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length);
        IntStream.of(values).forEach(value -> bytes.put((byte) value));
        return bytes.flip();
    }

    @Test
    void aDescriptorArrivesWithItsMessageAndIsTheSameFile() {
        Pair pair = pair(Kind.SEQPACKET);
        int event = descriptors.keep(sockets.eventfd());
        ByteBuffer message = bytes(1, 2, 3);

        assertThat(sockets.send(pair.left(), message, event)).isTrue();
        ByteBuffer target = ByteBuffer.allocateDirect(8);
        Received received = sockets.receive(pair.right(), target, 1);
        received.descriptors().forEach(descriptors::keep);

        assertThat(message.hasRemaining()).isFalse();
        assertThat(received.bytes()).isEqualTo(3);
        assertThat(target.flip()).isEqualTo(bytes(1, 2, 3));
        assertThat(received.descriptors()).hasSize(1);
        sockets.signal(event);
        sockets.signal(event);
        assertThat(sockets.drain(received.descriptors().get(0))).isEqualTo(2);
        assertThat(sockets.drain(event)).isZero();
    }

    @Test
    void descriptorsThatAreNotWantedAreClosed() throws Exception {
        Pair pair = pair(Kind.STREAM);
        int event = descriptors.keep(sockets.eventfd());
        sockets.send(pair.left(), bytes(1), event, event, event);
        long before = openDescriptors();

        Received received = sockets.receive(pair.right(), ByteBuffer.allocate(1), 2);

        assertThat(received).isEqualTo(new Received(1, List.of(), true));
        assertThat(openDescriptors()).isEqualTo(before);
    }

    private static long openDescriptors() throws Exception {
        try (var entries = Files.list(Path.of("/proc/self/fd"))) {
            return entries.count();
        }
    }

    @Test
    void aMessageThatDoesNotFitIsCut() {
        Pair pair = pair(Kind.SEQPACKET);
        sockets.send(pair.left(), bytes(1, 2, 3));

        assertThat(sockets.receive(pair.right(), ByteBuffer.allocate(2), 0)).isEqualTo(new Received(2, List.of(), true));
    }

    @Test
    void nothingThereAndTheEndAreDifferent() {
        Pair pair = sockets.pair(Kind.STREAM);
        descriptors.keep(pair.right());
        assertThat(sockets.receive(pair.right(), ByteBuffer.allocate(1), 0).isEmpty()).isTrue();

        Syscalls.host().close(pair.left());

        assertThat(sockets.receive(pair.right(), ByteBuffer.allocate(1), 0).isEnd()).isTrue();
        assertThatThrownBy(() -> sockets.send(pair.right(), bytes(1)))
                .isInstanceOf(SystemCallException.class).hasMessageContaining("EPIPE");
    }

    @Test
    void aFullSocketTakesNothing() {
        Pair pair = pair(Kind.SEQPACKET);
        ByteBuffer message = ByteBuffer.allocateDirect(1000);
        while (sockets.send(pair.left(), message)) {
            message.rewind();
        }
        assertThat(message.position()).isZero();
        assertThat(sockets.poll(Duration.ZERO, List.of(new Interest(pair.left(), true)))).isEmpty();

        sockets.receive(pair.right(), ByteBuffer.allocateDirect(1000), 0);

        assertThat(sockets.send(pair.left(), message)).isTrue();
    }

    @Test
    void aServerHasAFileOfTheModeAskedForAndKnowsWhoConnects() throws Exception {
        Path path = directory.resolve("socket");
        int server = descriptors.keep(sockets.socket(Kind.SEQPACKET));
        sockets.bind(server, path.toString(), 0600);
        sockets.listen(server, 1);
        assertThat(sockets.accept(server)).isEmpty();
        int client = descriptors.keep(sockets.socket(Kind.SEQPACKET));

        sockets.connect(client, path.toString());
        assertThat(sockets.poll(Duration.ofSeconds(-1), List.of(new Interest(server, false))))
                .containsExactly(new Ready(server, true, false));
        int accepted = descriptors.keep(sockets.accept(server).orElseThrow());

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path))).isEqualTo("rw-------");
        assertThat(sockets.peerCredentials(accepted).pid()).isEqualTo((int) ProcessHandle.current().pid());
        assertThat(sockets.peerCredentials(accepted).uid()).isEqualTo(Syscalls.host().effectiveUserId());
    }

    @Test
    void anAbstractNameLeavesNoFile() {
        String name = "@vnfkit-test-" + ProcessHandle.current().pid();
        int server = descriptors.keep(sockets.socket(Kind.STREAM));
        sockets.bind(server, name, 0600);
        sockets.listen(server, 1);
        int client = descriptors.keep(sockets.socket(Kind.STREAM));

        sockets.connect(client, name);

        assertThat(descriptors.keep(sockets.accept(server).orElseThrow())).isPositive();
        assertThat(Path.of(name)).doesNotExist();
    }

    @Test
    void nobodyListeningIsAnErrorWithACure() {
        int client = descriptors.keep(sockets.socket(Kind.STREAM));

        assertThatThrownBy(() -> sockets.connect(client, directory.resolve("none").toString()))
                .hasMessageContaining("ENOENT").hasMessageContaining("the server has not started yet");
    }

    @Test
    void namesThatDoNotFitAreRefused() {
        int client = descriptors.keep(sockets.socket(Kind.STREAM));

        assertThatThrownBy(() -> sockets.connect(client, "/" + "x".repeat(107)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("108");
        assertThatThrownBy(() -> sockets.connect(client, "")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void pollTellsReadingFromWriting() {
        Pair pair = pair(Kind.STREAM);
        sockets.send(pair.left(), bytes(1));

        assertThat(sockets.poll(Duration.ofSeconds(-1),
                List.of(new Interest(pair.right(), true), new Interest(pair.left(), false))))
                .containsExactly(new Ready(pair.right(), true, true));
    }

    @Test
    void aDescriptorThatBlockedNoLongerDoes() {
        Pipe pipe = descriptors.pipe();

        sockets.setNonBlocking(pipe.readEnd());

        assertThatThrownBy(() -> Syscalls.host().read(pipe.readEnd(), ByteBuffer.allocate(1)))
                .isInstanceOf(SystemCallException.class).hasMessageContaining("EAGAIN");
        assertThatThrownBy(() -> sockets.setNonBlocking(-1))
                .isInstanceOf(SystemCallException.class).hasMessageContaining("EBADF");
    }
}

package io.vnfkit.ivshmem.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.ivshmem.memory.Access;
import io.vnfkit.ivshmem.memory.MappedMemory;
import io.vnfkit.ivshmem.memory.SharedWords;
import io.vnfkit.linux.SharedMemoryCalls.Seal;
import io.vnfkit.linux.Syscalls;
import io.vnfkit.linux.SystemCallException;
import io.vnfkit.linux.UnixSocketCalls;
import io.vnfkit.linux.UnixSocketCalls.Kind;
import io.vnfkit.testing.Seed;
import io.vnfkit.unit.Bytes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The server on a real socket, with clients that behave and others. */
@Timeout(60)
class IvshmemServerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Bytes SIZE = Bytes.kibibytes(64);

    @TempDir
    private Path directory;

    private final RecordingListener news = new RecordingListener();
    private Map<String, Integer> before;
    private Path socket;
    private MemoryFile memory;
    private IvshmemServer server;
    private Thread serving;

    @BeforeEach
    void countDescriptors() {
        before = OpenDescriptors.count();
        socket = directory.resolve("server");
        memory = MemoryFile.sealed("vnfkit-server-test", SIZE);
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        if (server != null) {
            server.close();
        }
        if (serving != null) {
            serving.join();
        }
        memory.close();
        assertThat(socket).doesNotExist();
        assertThat(OpenDescriptors.count()).isEqualTo(before);
    }

    private ServerBuilder settings() {
        return IvshmemServer.at(socket).memory(memory).listener(news);
    }

    private void start(UnaryOperator<ServerBuilder> choices) {
        server = choices.apply(settings()).open();
        serving = server.start(Thread::new);
    }

    private IvshmemPeer connect(int vectors) {
        return IvshmemPeer.connect(socket, PeerOptions.vectors(vectors).requireSeals(Seal.SHRINK, Seal.GROW));
    }

    @Test
    void theGreetingIsThatOfTheSpecification() throws Exception {
        start(settings -> settings.vectors(2));
        try (RawClient first = new RawClient(socket)) {
            assertThat(first.next(5)).containsExactly("0", "0", "-1+fd", "0+fd", "0+fd");
            try (RawClient second = new RawClient(socket)) {
                assertThat(second.next(7)).containsExactly("0", "1", "-1+fd", "0+fd", "0+fd", "1+fd", "1+fd");
                assertThat(first.next(2)).containsExactly("1+fd", "1+fd");
            }
            assertThat(first.next()).isEqualTo("1");
        }
        assertThat(List.of(news.next(), news.next(), news.next(), news.next()))
                .containsExactly("joined 0", "joined 1", "left 1 CLOSED", "left 0 CLOSED");
    }

    @Test
    void peersShareTheMemoryAndWakeEachOther() {
        start(settings -> settings.vectors(2));
        try (IvshmemPeer left = connect(2); IvshmemPeer right = connect(2);
                MappedMemory leftMemory = left.map(Access.READ_WRITE);
                MappedMemory rightMemory = right.map(Access.READ_WRITE)) {
            assertThat(left.awaitPeer(right.id(), 2, PATIENCE)).isTrue();
            SharedWords.longRelease(leftMemory.window(0, 8), 0, 42);
            left.ring(right.id(), 1);

            assertThat(right.await(0, Duration.ZERO)).isZero();
            assertThat(right.await(1, PATIENCE)).isEqualTo(1);
            assertThat(SharedWords.longAcquire(rightMemory.window(0, 8), 0)).isEqualTo(42);
            right.ring(left.id(), 0);
            assertThat(left.await(0, PATIENCE)).isEqualTo(1);
        }
    }

    @Test
    void thisProcessIsAPeerWithoutAnybodyServing() {
        server = settings().vectors(2).open();
        try (IvshmemPeer first = server.join(PeerOptions.vectors(2));
                IvshmemPeer second = server.join(PeerOptions.vectors(2))) {
            assertThat(first.awaitPeer(second.id(), 2, PATIENCE)).isTrue();
            first.ring(second.id(), 1);
            assertThat(second.await(1, PATIENCE)).isEqualTo(1);
            assertThat(server.peers()).extracting(ConnectedPeer::pid)
                    .containsOnly((int) ProcessHandle.current().pid()).hasSize(2);
            assertThat(news.isEmpty()).as("the listener is told by the thread that serves").isTrue();
        }
        assertThat(server.serveOnce(Duration.ZERO)).isTrue();
        assertThat(server.peers()).isEmpty();
    }

    @Test
    void whoIsConnectedIsSeen() throws Exception {
        start(settings -> settings.firstId(7).vectors(3));
        Instant start = Instant.now();
        try (RawClient client = new RawClient(socket)) {
            client.next(6);
            ConnectedPeer peer = server.peers().get(0);

            assertThat(peer.id()).isEqualTo(7);
            assertThat(peer.vectors()).isEqualTo(3);
            assertThat(peer.pid()).isEqualTo((int) ProcessHandle.current().pid());
            assertThat(peer.uid()).isEqualTo(Syscalls.host().effectiveUserId());
            assertThat(peer.since()).isBetween(start, Instant.now());
            assertThat(peer.waiting()).isZero();
            assertThat(server.peers()).hasSize(1);
        }
        assertThat(news.next()).isEqualTo("joined 7");
        assertThat(news.next()).isEqualTo("left 7 CLOSED");
    }

    @Test
    void idsGoUpAndAreNotGivenTwice() {
        start(settings -> settings);
        for (int i = 0; i < 20; i++) {
            try (IvshmemPeer peer = connect(1)) {
                assertThat(peer.id()).isEqualTo(i);
            }
        }
    }

    @Test
    void whenTheIdsAreUsedUpNobodyIsAdmitted() throws Exception {
        start(settings -> settings.firstId(65_535));
        try (IvshmemPeer last = connect(1)) {
            assertThat(last.id()).isEqualTo(65_535);
        }
        requireTurnedAway();
        assertThat(List.of(news.next(), news.next(), news.next()))
                .containsExactly("joined 65535", "left 65535 CLOSED", "refused IDS_EXHAUSTED");
    }

    private void requireTurnedAway() {
        try (RawClient client = new RawClient(socket)) {
            assertThat(client.next(2)).containsExactly("-2", "end");
        }
    }

    @Test
    void whomTheRuleDoesNotAdmitIsTurnedAway() throws Exception {
        start(settings -> settings.admit(Admission.uids(4_000_000).or(Admission.gids(4_000_000))));
        requireTurnedAway();
        assertThat(news.next()).isEqualTo("refused NOT_ADMITTED");
        assertThatThrownBy(() -> connect(1)).isInstanceOf(IvshmemProtocolException.class)
                .hasMessageContaining("turns this client away");
    }

    @Test
    void rulesThatFailTurnAwayAndDoNotEndTheServer() throws Exception {
        start(settings -> settings.admit(who -> {
            throw new IllegalStateException("no idea");
        }));
        requireTurnedAway();
        requireTurnedAway();
        assertThat(news.next()).isEqualTo("refused RULE_FAILED");
        assertThat(news.next()).isEqualTo("refused RULE_FAILED");
    }

    @Test
    void aRuleGivesEachPeerItsVectors() throws Exception {
        start(settings -> settings.admit(Admission.everybody()).vectors(who -> server.peers().isEmpty() ? 3 : 257));
        try (RawClient first = new RawClient(socket)) {
            assertThat(first.next(6)).endsWith("0+fd", "0+fd", "0+fd");
            requireTurnedAway();
        }
        assertThat(List.of(news.next(), news.next())).containsExactly("joined 0", "refused RULE_FAILED");
    }

    @Test
    void aFullServerAdmitsAgainWhenOneLeaves() throws Exception {
        start(settings -> settings.maxPeers(1));
        try (IvshmemPeer only = connect(1)) {
            assertThat(only.id()).isZero();
            requireTurnedAway();
            assertThatThrownBy(() -> server.join(PeerOptions.vectors(1)))
                    .isInstanceOfSatisfying(JoinRefusedException.class,
                            thrown -> assertThat(thrown.refusal()).isEqualTo(Refusal.FULL));
        }
        assertThat(List.of(news.next(), news.next(), news.next()))
                .containsExactly("joined 0", "refused FULL", "left 0 CLOSED");
        try (IvshmemPeer next = connect(1)) {
            assertThat(next.id()).isEqualTo(1);
        }
    }

    @Test
    void whoSpeaksIsDisconnectedAndTheOthersAreTold() throws Exception {
        start(settings -> settings);
        try (RawClient quiet = new RawClient(socket); RawClient loud = new RawClient(socket)) {
            quiet.next(5);
            loud.next(5);
            loud.send((byte) 0);

            assertThat(loud.next()).isEqualTo("end");
            assertThat(quiet.next()).isEqualTo("1");
        }
        assertThat(List.of(news.next(), news.next(), news.next())).contains("left 1 SPOKE");
    }

    @Test
    void whoDoesNotTakeItsMessagesIsDisconnectedAndTheOthersAreTold() throws Exception {
        start(settings -> settings.vectors(16).outboundLimit(16));
        List<RawClient> others = new ArrayList<>();
        Map<RawClient, List<String>> seen = new HashMap<>();
        try (RawClient deaf = new RawClient(socket)) {
            assertThat(news.next()).isEqualTo("joined 0");
            // The kernel takes some hundred messages for the socket before any has to wait.
            while (server.peers().get(0).id() == 0 && others.size() < 60) {
                others.add(new RawClient(socket));
                assertThat(news.next()).isEqualTo("joined " + others.size());
                others.forEach(other -> seen.put(other, other.takeAll()));
            }
            assertThat(news.next()).isEqualTo("left 0 OVERFLOW");
            assertThat(seen.get(others.get(0))).endsWith("0");
        } finally {
            others.forEach(RawClient::close);
        }
    }

    @Test
    void aPeerIsDisconnectedOnRequest() throws Exception {
        start(settings -> settings);
        try (RawClient client = new RawClient(socket); IvshmemPeer other = connect(1)) {
            client.next(5);
            assertThat(other.events(PATIENCE)).containsExactly(new PeerEvent.Joined(0));
            assertThat(server.disconnect(0)).isTrue();
            assertThat(client.next()).isEqualTo("end");
            assertThat(other.events(PATIENCE)).containsExactly(new PeerEvent.Left(0));
        }
        assertThat(server.disconnect(0)).isFalse();
        assertThat(List.of(news.next(), news.next(), news.next())).contains("left 0 DISCONNECTED");
    }

    @Test
    void theSocketHasTheModeAskedFor() throws Exception {
        server = settings().mode(0640).open();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket))).isEqualTo("rw-r-----");
    }

    @Test
    void aSocketThatIsInUseIsNotTaken() {
        start(settings -> settings);
        assertThatThrownBy(() -> settings().open()).isInstanceOf(SystemCallException.class)
                .hasMessageContaining("EADDRINUSE");
        assertThatThrownBy(() -> settings().replaceAbandoned().open()).isInstanceOf(SystemCallException.class)
                .hasMessageContaining("EADDRINUSE");
    }

    @Test
    void anAbandonedSocketIsReplacedOnRequest() throws Exception {
        int killed = UnixSocketCalls.host().socket(Kind.STREAM);
        UnixSocketCalls.host().bind(killed, socket.toString(), 0600);
        Syscalls.host().close(killed);
        assertThatThrownBy(() -> settings().open()).hasMessageContaining("EADDRINUSE");

        server = settings().replaceAbandoned().open();

        Files.delete(socket);
        Files.writeString(socket, "no socket");
        assertThatThrownBy(() -> settings().replaceAbandoned().open()).hasMessageContaining("EADDRINUSE");
        server.close();
        assertThat(socket).as("what took the name since is not the server's to remove").hasContent("no socket");
        Files.delete(socket);
    }

    @Test
    void closingTellsEverybodyAndEndsTheThread() throws Exception {
        start(settings -> settings);
        IvshmemPeer peer = connect(1);
        assertThat(news.next()).isEqualTo("joined 0");

        server.close();
        server.close();
        serving.join();

        assertThat(news.next()).isEqualTo("left 0 SERVER_CLOSED");
        assertThat(peer.events(PATIENCE)).containsExactly(new PeerEvent.ServerGone());
        assertThat(server.serveOnce(Duration.ZERO)).isFalse();
        assertThat(server.peers()).isEmpty();
        assertThatThrownBy(() -> server.join(PeerOptions.vectors(1))).isInstanceOf(IllegalStateException.class);
        peer.close();
    }

    @Test
    void aListenerMayCloseTheServerAndFail() throws Exception {
        IvshmemServer[] self = new IvshmemServer[1];
        server = settings().listener(new PeerListener() {
            @Override
            public void joined(ConnectedPeer peer) {
                self[0].close();
                throw new IllegalStateException("after that");
            }
        }).open();
        self[0] = server;
        serving = server.start(Thread::new);
        try (RawClient client = new RawClient(socket)) {
            serving.join();
            assertThat(client.next(4)).containsExactly("0", "0", "-1+fd", "0+fd");
            assertThat(client.next()).isEqualTo("end");
        }
    }

    @Test
    void manyThreadsJoinAndLeaveAtOnce() throws Exception {
        start(settings -> settings.vectors(2).maxPeers(100));
        List<Thread> threads = new ArrayList<>();
        List<Throwable> failures = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            boolean inProcess = i % 2 == 0;
            threads.add(new Thread(() -> joinAndLeave(inProcess, failures)));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(failures).isEmpty();
        server.close();
        int joined = 0;
        int left = 0;
        while (!news.isEmpty()) {
            String one = news.next();
            joined += one.startsWith("joined") ? 1 : 0;
            left += one.startsWith("left") ? 1 : 0;
        }
        assertThat(joined).isEqualTo(4 * 50);
        assertThat(left).isEqualTo(4 * 50);
    }

    private void joinAndLeave(boolean inProcess, List<Throwable> failures) {
        try {
            for (int i = 0; i < 50; i++) {
                try (IvshmemPeer peer = inProcess ? server.join(PeerOptions.vectors(2)) : connect(2)) {
                    peer.ringAll();
                    peer.events(Duration.ZERO);
                }
            }
        } catch (RuntimeException failure) {
            synchronized (failures) {
                failures.add(failure);
            }
        }
    }

    @Test
    void whateverClientsSendTheServerGoesOnAndLosesNoDescriptor() throws Exception {
        start(settings -> settings);
        SplittableRandom random = Seed.random("hostile ivshmem clients");
        int event = UnixSocketCalls.host().eventfd();
        for (int i = 0; i < 200; i++) {
            try (RawClient client = new RawClient(socket)) {
                if (random.nextBoolean()) {
                    client.next(random.nextInt(5));
                }
                byte[] bytes = new byte[1 + random.nextInt(64)];
                random.nextBytes(bytes);
                if (random.nextBoolean()) {
                    client.send(bytes, event);
                }
            } catch (SystemCallException disconnectedAlready) {
                assertThat(disconnectedAlready).hasMessageMatching("(?s).*(EPIPE|ECONNRESET).*");
            }
        }
        Syscalls.host().close(event);
        try (IvshmemPeer peer = connect(1)) {
            assertThat(peer.id()).as(Seed.hint()).isEqualTo(200);
        }
    }

    @Test
    void settingsThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> IvshmemServer.at(socket).open()).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("needs memory");
        assertThatThrownBy(() -> settings().vectors(0)).hasMessageContaining("1 to 256");
        assertThatThrownBy(() -> settings().maxPeers(0)).hasMessageContaining("not 0");
        assertThatThrownBy(() -> settings().firstId(65_536)).hasMessageContaining("65536");
        assertThatThrownBy(() -> settings().outboundLimit(0)).hasMessageContaining("not 0");
        assertThatThrownBy(() -> settings().mode(01000)).hasMessageContaining("01000");
    }
}

package io.vnfkit.ivshmem.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.ivshmem.memory.Access;
import io.vnfkit.ivshmem.memory.MappedMemory;
import io.vnfkit.linux.SharedMemoryCalls;
import io.vnfkit.linux.SharedMemoryCalls.Seal;
import io.vnfkit.linux.Syscalls;
import io.vnfkit.linux.SystemCallException;
import io.vnfkit.linux.UnixSocketCalls;
import io.vnfkit.testing.Seed;
import io.vnfkit.unit.Bytes;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A peer at servers that keep to the protocol and at those that do not; none leaves a descriptor. */
@Timeout(60)
class IvshmemPeerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final PeerOptions ONE_VECTOR = PeerOptions.vectors(1);

    private final Kernel kernel = Kernel.host();
    private final UnixSocketCalls sockets = UnixSocketCalls.host();
    private Map<String, Integer> before;
    private ScriptedServer server;

    @BeforeEach
    void countDescriptors() {
        before = OpenDescriptors.count();
        server = new ScriptedServer();
    }

    @AfterEach
    void nothingIsLeft() {
        server.close();
        assertThat(OpenDescriptors.count()).isEqualTo(before);
    }

    private IvshmemPeer connect(PeerOptions options) {
        return Handshake.over(kernel, server.clientEnd(), options);
    }

    private void requireRefusal(Violation violation, String what) {
        requireRefusal(violation, what, ONE_VECTOR);
    }

    private void requireRefusal(Violation violation, String what, PeerOptions options) {
        assertThatThrownBy(() -> connect(options))
                .isInstanceOfSatisfying(IvshmemProtocolException.class,
                        thrown -> assertThat(thrown.violation()).isEqualTo(violation))
                .hasMessageContaining(what);
    }

    @Test
    void aPeerHasIdMemoryAndVectorsAndKnowsTheOthers() {
        server.greet().send(3, server.eventfd()).send(3, server.eventfd()).send(5, server.eventfd());

        try (IvshmemPeer peer = connect(ONE_VECTOR); MappedMemory memory = peer.map(Access.READ_WRITE)) {
            assertThat(peer.id()).isEqualTo(5);
            assertThat(peer.size()).isEqualTo(Bytes.of(ScriptedServer.SIZE));
            assertThat(memory.length()).isEqualTo(ScriptedServer.SIZE);
            assertThat(peer.vectors()).isEqualTo(1);
            assertThat(peer.peers()).containsExactly(new RemotePeer(3, 2));
            assertThat(peer.events(Duration.ZERO)).containsExactly(new PeerEvent.Joined(3));
            assertThat(peer.dump()).isEqualTo("peer 5: 1 vectors, 64KiB of shared memory, the server is there\n"
                    + "  peer 3: 2 vectors\n");
        }
    }

    @Test
    void ringingReachesTheVectorThatIsMeant() {
        int first = server.eventfd();
        int second = server.eventfd();
        int other = server.eventfd();
        server.greet().send(3, first).send(3, second).send(4, other).send(5, server.eventfd());

        try (IvshmemPeer peer = connect(ONE_VECTOR)) {
            peer.ring(3, 1);
            assertThat(sockets.drain(first)).isZero();
            assertThat(sockets.drain(second)).isEqualTo(1);
            peer.ringAll(3);
            assertThat(sockets.drain(first)).isEqualTo(1);
            assertThat(sockets.drain(second)).isEqualTo(1);
            assertThat(sockets.drain(other)).isZero();
            peer.ringAll();
            assertThat(sockets.drain(first)).isEqualTo(1);
            assertThat(sockets.drain(other)).isEqualTo(1);

            assertThatThrownBy(() -> peer.ring(3, 2)).hasMessageContaining("peer 3 has 2 vectors");
            assertThatThrownBy(() -> peer.ring(9, 0)).isInstanceOf(UnknownPeerException.class)
                    .hasMessageContaining("no peer 9; there are [3, 4]");
        }
    }

    @Test
    void awaitTakesAllRingsOfItsVectorAlone() {
        int first = server.eventfd();
        int second = server.eventfd();
        server.greet().send(5, first).send(5, second);

        try (IvshmemPeer peer = connect(PeerOptions.vectors(2))) {
            sockets.signal(first);
            sockets.signal(first);

            assertThat(peer.await(1, Duration.ZERO)).isZero();
            assertThat(peer.await(0, PATIENCE)).isEqualTo(2);
            assertThat(peer.await(0, Duration.ofMillis(1))).isZero();
            assertThatThrownBy(() -> peer.await(2, PATIENCE)).hasMessageContaining("none is number 2");
        }
    }

    @Test
    void joiningAndLeavingAreEventsAndUndoEachOtherUntilTold() {
        server.greet().send(5, server.eventfd());
        try (IvshmemPeer peer = connect(ONE_VECTOR)) {
            assertThat(peer.events(Duration.ZERO)).isEmpty();
            server.send(6, server.eventfd()).send(6).send(7, server.eventfd()).send(7, server.eventfd());

            assertThat(peer.awaitPeer(7, 2, PATIENCE)).isTrue();
            assertThat(peer.awaitPeer(7, 3, Duration.ofMillis(1))).isFalse();
            assertThat(peer.events(PATIENCE)).containsExactly(new PeerEvent.Joined(7));
            server.send(7);
            assertThat(peer.events(PATIENCE)).containsExactly(new PeerEvent.Left(7));
            assertThat(peer.peers()).isEmpty();
        }
    }

    @Test
    void peersReachEachOtherWithoutTheServer() {
        int other = server.eventfd();
        server.greet().send(3, other).send(5, server.eventfd());
        try (IvshmemPeer peer = connect(ONE_VECTOR)) {
            assertThat(peer.isServerThere()).isTrue();
            server.end();

            assertThat(peer.events(PATIENCE)).containsExactly(new PeerEvent.Joined(3), new PeerEvent.ServerGone());
            assertThat(peer.isServerThere()).isFalse();
            assertThat(peer.awaitPeer(8, 1, PATIENCE)).isFalse();
            peer.ring(3, 0);
            assertThat(sockets.drain(other)).isEqualTo(1);
            assertThat(peer.events(Duration.ZERO)).isEmpty();
        }
    }

    @Test
    void aViolationIsThrownOnceAndTheServerCountsAsGone() {
        server.greet().send(5, server.eventfd());
        try (IvshmemPeer peer = connect(ONE_VECTOR)) {
            server.send(99);

            assertThatThrownBy(() -> peer.events(PATIENCE)).isInstanceOf(IvshmemProtocolException.class)
                    .hasMessageContaining("peer 99 leaves");
            assertThat(peer.events(PATIENCE)).containsExactly(new PeerEvent.ServerGone());
        }
    }

    @Test
    void closingEndsTheWaitsOfOtherThreads() throws Exception {
        server.greet().send(5, server.eventfd());
        IvshmemPeer peer = connect(ONE_VECTOR);
        CompletableFuture<Throwable> rung = waitingThread(peer, waiting -> waiting.await(0, PATIENCE));
        CompletableFuture<Throwable> told = waitingThread(peer, waiting -> waiting.events(PATIENCE));

        peer.close();
        peer.close();

        assertThat(rung.get()).isInstanceOf(IllegalStateException.class).hasMessageContaining("peer 5 is closed");
        assertThat(told.get()).isInstanceOf(IllegalStateException.class).hasMessageContaining("peer 5 is closed");
        assertThatThrownBy(() -> peer.ring(3, 0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> peer.map(Access.READ_ONLY)).isInstanceOf(IllegalStateException.class);
    }

    private static CompletableFuture<Throwable> waitingThread(IvshmemPeer peer, Consumer<IvshmemPeer> wait)
            throws InterruptedException {
        CompletableFuture<Throwable> outcome = new CompletableFuture<>();
        CountDownLatch started = new CountDownLatch(1);
        new Thread(() -> {
            started.countDown();
            try {
                wait.accept(peer);
                outcome.complete(null);
            } catch (RuntimeException thrown) {
                outcome.complete(thrown);
            }
        }).start();
        started.await();
        return outcome;
    }

    @Test
    void anEventfdThatBlocksIsMadeNotTo() {
        int blocking = server.keep(Syscalls.host().eventfd());
        server.greet().send(5, blocking);
        try (IvshmemPeer peer = connect(ONE_VECTOR)) {
            // A read of an eventfd without signals would wait for ever.
            assertThat(peer.await(0, Duration.ZERO)).isZero();
            assertThat(sockets.drain(blocking)).isZero();
        }
    }

    @Test
    void aServerOfAnotherVersionIsRefused() {
        server.send(1);
        requireRefusal(Violation.VERSION, "version 1");
    }

    @Test
    void aNegativeIdIsRefused() {
        server.send(0).send(-7);
        requireRefusal(Violation.PEER_ID, "-7");
    }

    @Test
    void memoryWithoutDescriptorIsRefused() {
        server.send(0).send(5).send(-1);
        requireRefusal(Violation.DESCRIPTOR_MISSING, "shared memory");
    }

    @Test
    void descriptorsTooManyAreRefused() {
        server.send(0).send(5).send(-1, server.memfd(4096), server.eventfd());
        requireRefusal(Violation.DESCRIPTOR_SURPLUS, "2 descriptors");
    }

    @Test
    void manyDescriptorsTooManyAreRefused() {
        server.send(0).send(5, server.eventfd(), server.eventfd(), server.eventfd(), server.eventfd());
        requireRefusal(Violation.DESCRIPTOR_SURPLUS, "descriptors");
    }

    @Test
    void vectorsTooManyAreRefused() {
        server.greet();
        for (int i = 0; i < 3; i++) {
            server.send(4, server.eventfd());
        }
        requireRefusal(Violation.TOO_MANY_VECTORS, "peer 4 has more than 2", ONE_VECTOR.maxVectors(2));
    }

    @Test
    void memoryThatIsTooLargeIsRefused() {
        server.send(0).send(5).send(-1, server.memfd(1 << 20));
        requireRefusal(Violation.MEMORY, "1048576 bytes, and 65536 are allowed",
                ONE_VECTOR.maxMemory(Bytes.kibibytes(64)));
    }

    @Test
    void memoryThatIsEmptyIsRefused() {
        server.send(0).send(5).send(-1, server.memfd(0));
        requireRefusal(Violation.MEMORY, "0 bytes");
    }

    @Test
    void memoryThatIsNoFileIsRefused() {
        server.send(0).send(5).send(-1, server.eventfd());
        requireRefusal(Violation.MEMORY, "no ordinary file");
    }

    @Test
    void memoryWithoutTheSealsAskedForIsRefused() {
        int memfd = server.memfd(4096);
        SharedMemoryCalls.host().addSeals(memfd, Set.of(Seal.GROW));
        server.send(0).send(5).send(-1, memfd);
        requireRefusal(Violation.MEMORY, "lacks the seals [SHRINK]", ONE_VECTOR.requireSeals(Seal.SHRINK, Seal.GROW));
    }

    @Test
    void whatIsNoEventfdIsRefused() {
        Syscalls.Pipe pipe = Syscalls.host().pipe();
        server.greet().send(4, server.keep(pipe.writeEnd())).keep(pipe.readEnd());
        requireRefusal(Violation.NOT_AN_EVENTFD, "PeerVector[peer=4");
    }

    @Test
    void aServerThatHangsUpIsNamed() {
        server.end();
        requireRefusal(Violation.ENDED, "whom it does not allow");
    }

    @Test
    void aServerThatHangsUpAmongTheVectorsIsNamed() {
        server.greet().send(5, server.eventfd()).end();
        requireRefusal(Violation.ENDED, "after 1 of the 2 vectors", PeerOptions.vectors(2));
    }

    @Test
    void aServerThatSaysNothingMoreIsNamed() {
        server.greet();
        assertThatThrownBy(() -> connect(ONE_VECTOR.timeout(Duration.ofMillis(1))))
                .isInstanceOf(ConnectTimeoutException.class).hasMessageContaining("0 of the 1 vectors");
    }

    @Test
    void aServerThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> IvshmemPeer.connect(Path.of("/nonexistent/socket"), ONE_VECTOR))
                .isInstanceOf(SystemCallException.class).hasMessageContaining("ENOENT");
    }

    @Test
    void whateverAServerSendsNoDescriptorIsLost() {
        SplittableRandom random = Seed.random("hostile ivshmem server");
        int refused = 0;
        for (int i = 0; i < 500; i++) {
            try (ScriptedServer hostile = new ScriptedServer()) {
                sendAnything(hostile, random);
                hostile.end();
                try (IvshmemPeer peer = Handshake.over(kernel, hostile.clientEnd(), PeerOptions.vectors(0))) {
                    peer.events(Duration.ZERO);
                } catch (IvshmemProtocolException expected) {
                    refused++;
                } catch (RuntimeException failure) {
                    throw new AssertionError(Seed.hint(), failure);
                }
            }
        }
        assertThat(refused).isGreaterThan(50);
        assertThat(OpenDescriptors.count().get("anon_inode:[eventfd]")).as(Seed.hint())
                .isEqualTo(before.get("anon_inode:[eventfd]"));
    }

    private static void sendAnything(ScriptedServer hostile, SplittableRandom random) {
        hostile.greet();
        long[] values = {-1, 0, 1, 5, 6, 65_535, 65_536, -2, Long.MIN_VALUE};
        for (int i = random.nextInt(20); i > 0; i--) {
            long value = values[random.nextInt(random.nextInt(5) == 0 ? values.length : 5)];
            int[] descriptors = new int[random.nextInt(10) == 0 ? random.nextInt(5) : 1];
            for (int j = 0; j < descriptors.length; j++) {
                descriptors[j] = hostile.eventfd();
            }
            hostile.send(value, descriptors);
        }
        if (random.nextInt(3) == 0) {
            hostile.sendBytes(ByteBuffer.allocate(1 + random.nextInt(7)), hostile.eventfd());
        }
    }
}

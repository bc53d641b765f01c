package io.vnfkit.ivshmem.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.testing.Seed;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PeerProtocolTest {

    private static final int MAX_PEERS = 3;
    private static final int MAX_VECTORS = 4;
    private static final int STREAMS = 100_000;

    private final PeerProtocol protocol = new PeerProtocol(MAX_PEERS, MAX_VECTORS);

    private static ByteBuffer bytes(long value) {
        return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, value);
    }

    private Optional<Arrival> receive(long value, Integer... descriptors) {
        return protocol.receive(bytes(value), List.of(descriptors));
    }

    private void greet() {
        receive(0);
        receive(5);
        receive(-1, 100);
    }

    private void requireViolation(Violation violation, String what, Runnable work) {
        assertThatThrownBy(work::run)
                .isInstanceOfSatisfying(IvshmemProtocolException.class,
                        thrown -> assertThat(thrown.violation()).isEqualTo(violation))
                .hasMessageContaining(what);
    }

    @Test
    void aGreetingSaysWhoTheClientIsAndWhoElseIsThere() {
        assertThat(receive(0)).isEmpty();
        assertThat(receive(5)).contains(new Arrival.Identity(5));
        assertThat(receive(-1, 100)).contains(new Arrival.Memory(100));
        assertThat(receive(3, 101)).contains(new Arrival.PeerVector(3, 0, 101));
        assertThat(receive(3, 102)).contains(new Arrival.PeerVector(3, 1, 102));
        assertThat(receive(5, 103)).contains(new Arrival.OwnVector(0, 103));
        assertThat(receive(5, 104)).contains(new Arrival.OwnVector(1, 104));
        assertThat(receive(3)).contains(new Arrival.PeerGone(3));
        assertThat(receive(3, 105)).contains(new Arrival.PeerVector(3, 0, 105));
        protocol.end();
        assertThat(protocol.unclaimed()).isEmpty();
    }

    @Test
    void aMessageMayComeInPiecesWithItsDescriptorInAnyOfThem() {
        receive(0);
        receive(5);
        ByteBuffer whole = bytes(-1);

        assertThat(protocol.receive(whole.slice(0, 3), List.of())).isEmpty();
        assertThat(protocol.missing()).isEqualTo(5);
        assertThat(protocol.receive(whole.slice(3, 1), List.of(7))).isEmpty();
        assertThat(protocol.receive(whole.slice(4, 4), List.of())).contains(new Arrival.Memory(7));
        assertThat(protocol.missing()).isEqualTo(8);
    }

    @Test
    void anotherVersionIsRefused() {
        requireViolation(Violation.VERSION, "version 1", () -> receive(1));
    }

    @Test
    void aServerThatTurnsAwaySaysSoInPlaceOfAVersion() {
        requireViolation(Violation.REFUSED, "turns this client away", () -> receive(-2));
    }

    @Test
    void idsAre16Bits() {
        receive(0);
        requireViolation(Violation.PEER_ID, "65536", () -> receive(65_536));
        requireViolation(Violation.PEER_ID, "-2", () -> receive(-2));
        assertThat(receive(65_535)).contains(new Arrival.Identity(65_535));
        receive(-1, 100);
        requireViolation(Violation.PEER_ID, "65536", () -> receive(65_536, 101));
        assertThat(protocol.unclaimed()).containsExactly(101);
    }

    @Test
    void theMemoryComesThirdOnceAndWithItsDescriptor() {
        receive(0);
        receive(5);
        requireViolation(Violation.ORDER, "message 3", () -> receive(3));
        requireViolation(Violation.DESCRIPTOR_MISSING, "shared memory", () -> receive(-1));
        receive(-1, 100);
        requireViolation(Violation.ORDER, "second time", () -> receive(-1, 101));
        assertThat(protocol.unclaimed()).containsExactly(101);
    }

    @Test
    void descriptorsThatNobodyAskedForAreRefusedAndHandedBack() {
        requireViolation(Violation.DESCRIPTOR_SURPLUS, "version 0", () -> receive(0, 100));
        assertThat(protocol.unclaimed()).containsExactly(100);
        assertThat(protocol.unclaimed()).isEmpty();
        requireViolation(Violation.DESCRIPTOR_SURPLUS, "2 descriptors", () -> receive(0, 101, 102));
        assertThat(protocol.unclaimed()).containsExactly(101, 102);
    }

    @Test
    void vectorsAndPeersHaveLimits() {
        greet();
        for (int vector = 0; vector < MAX_VECTORS; vector++) {
            receive(5, 200);
            receive(1, 200);
        }
        requireViolation(Violation.TOO_MANY_VECTORS, "peer 5 has more than 4", () -> receive(5, 200));
        protocol.unclaimed();
        requireViolation(Violation.TOO_MANY_VECTORS, "peer 1 has more than 4", () -> receive(1, 200));
        protocol.unclaimed();
        receive(2, 200);
        receive(3, 200);
        requireViolation(Violation.TOO_MANY_PEERS, "peer 4 joins", () -> receive(4, 200));
        protocol.unclaimed();
        receive(2);
        assertThat(receive(4, 200)).contains(new Arrival.PeerVector(4, 0, 200));
    }

    @Test
    void onlyWhoIsThereLeaves() {
        greet();
        requireViolation(Violation.ORDER, "peer 9 leaves", () -> receive(9));
        requireViolation(Violation.ORDER, "this peer itself, 5", () -> receive(5));
    }

    @Test
    void anEndInTheMiddleIsNamed() {
        requireViolation(Violation.ENDED, "does not allow", protocol::end);
        receive(0);
        receive(5);
        protocol.receive(bytes(-1).slice(0, 2), List.of(100));
        requireViolation(Violation.ENDED, "after 2 bytes", protocol::end);
        assertThat(protocol.unclaimed()).containsExactly(100);
    }

    /** Whatever comes, there is nothing but the exception of the protocol, and no descriptor is lost or given twice. */
    @Test
    void anyStreamIsTakenOrRefusedAndEveryDescriptorHasOneOwner() {
        SplittableRandom random = Seed.random("ivshmem client");
        int refused = 0;
        for (int i = 0; i < STREAMS; i++) {
            refused += play(random) ? 0 : 1;
        }
        assertThat(refused).as("streams that are refused").isBetween(STREAMS / 20, STREAMS - STREAMS / 20);
    }

    private static boolean play(SplittableRandom random) {
        PeerProtocol victim = new PeerProtocol(MAX_PEERS, MAX_VECTORS);
        List<Integer> sent = new ArrayList<>();
        List<Integer> owned = new ArrayList<>();
        List<long[]> stream = validStream(random);
        boolean mutated = random.nextInt(4) > 0;
        boolean taken = true;
        try {
            for (long[] message : stream) {
                ByteBuffer bytes = bytes(mutated && random.nextInt(20) == 0 ? hostileValue(random) : message[0]);
                long descriptors = mutated && random.nextInt(20) == 0 ? random.nextInt(4) : message[1];
                while (bytes.hasRemaining()) {
                    int count = Math.min(bytes.remaining(), 1 + random.nextInt(8));
                    List<Integer> along = new ArrayList<>();
                    for (; descriptors > 0; descriptors--) {
                        along.add(1000 + sent.size());
                        sent.add(1000 + sent.size());
                    }
                    Optional<Arrival> arrival = victim.receive(bytes.slice(bytes.position(), count), along);
                    bytes.position(bytes.position() + count);
                    arrival.flatMap(PeerProtocolTest::descriptorOf).ifPresent(owned::add);
                }
            }
        } catch (IvshmemProtocolException refusal) {
            assertThat(refusal.getMessage()).isNotBlank();
            taken = false;
        } catch (RuntimeException failure) {
            throw new AssertionError("the stream fails otherwise; " + Seed.hint(), failure);
        }
        owned.addAll(victim.unclaimed());
        assertThat(owned).as(Seed.hint()).containsExactlyElementsOf(sent);
        return taken;
    }

    private static List<long[]> validStream(SplittableRandom random) {
        List<long[]> stream = new ArrayList<>(List.of(new long[] {0, 0}, new long[] {5, 0}, new long[] {-1, 1}));
        for (int i = random.nextInt(10); i > 0; i--) {
            int peer = 1 + random.nextInt(3);
            stream.add(new long[] {peer, 1});
            stream.add(new long[] {peer, 0});
        }
        for (int i = random.nextInt(MAX_VECTORS); i > 0; i--) {
            stream.add(new long[] {5, 1});
        }
        return stream;
    }

    private static long hostileValue(SplittableRandom random) {
        long[] values = {-1, 0, 1, 5, 6, 65_535, 65_536, -2, 1L << 32, Long.MIN_VALUE, random.nextLong()};
        return values[random.nextInt(values.length)];
    }

    private static Optional<Integer> descriptorOf(Arrival arrival) {
        if (arrival instanceof Arrival.Memory memory) {
            return Optional.of(memory.descriptor());
        }
        if (arrival instanceof Arrival.OwnVector own) {
            return Optional.of(own.descriptor());
        }
        return arrival instanceof Arrival.PeerVector other ? Optional.of(other.descriptor()) : Optional.empty();
    }
}

package io.vnfkit.ivshmem.memif;

import static io.vnfkit.ivshmem.memif.ForeignClient.REGION;
import static io.vnfkit.ivshmem.memif.ForeignClient.RING_SIZE;
import static io.vnfkit.ivshmem.memif.ForeignClient.TO_CLIENT_AT;
import static io.vnfkit.ivshmem.memif.ForeignClient.TO_SERVER_AT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.ivshmem.memif.MemifMessage.Ack;
import io.vnfkit.ivshmem.memif.MemifMessage.AddRegion;
import io.vnfkit.ivshmem.memif.MemifMessage.AddRing;
import io.vnfkit.ivshmem.memif.MemifMessage.Connect;
import io.vnfkit.ivshmem.memif.MemifMessage.Disconnect;
import io.vnfkit.ivshmem.memif.MemifMessage.Hello;
import io.vnfkit.ivshmem.memif.MemifMessage.Init;
import io.vnfkit.linux.Errno;
import io.vnfkit.linux.SharedMemoryCalls.Seal;
import io.vnfkit.linux.SystemCallException;
import io.vnfkit.testing.Seed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nothing that a client says or writes harms the server, and what is wrong is named. */
@Timeout(120)
class HostileClientTest {

    private static final long ID = 7;

    private final MemifSocket socket = LinkPair.socket();
    private long descriptorsBefore;
    private MemifServer server;

    @BeforeEach
    void listen() throws Exception {
        // What the first use opens and keeps is not a leak.
        MemifServer.listen(LinkPair.socket(), MemifInterface.of(ID)).close();
        descriptorsBefore = openDescriptors();
        server = MemifServer.listen(socket, MemifInterface.of(ID));
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        server.close();
        assertThat(openDescriptors()).isEqualTo(descriptorsBefore);
    }

    /** Of the kinds that a link has: the JVM opens and closes files of its own. */
    static long openDescriptors() throws IOException {
        try (var entries = Files.list(Path.of("/proc/self/fd"))) {
            return entries.map(HostileClientTest::target).filter(target -> target.startsWith("socket:")
                    || target.startsWith("anon_inode:[eventfd]") || target.startsWith("/memfd:")).count();
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException closed) {
            return "";
        }
    }

    private static String refusal(MemifMessage answer) {
        assertThat(answer).isInstanceOf(Disconnect.class);
        return ((Disconnect) answer).reason();
    }

    @Test
    void aFileShorterThanAnnouncedIsRefused() {
        try (ForeignClient client = ForeignClient.to(server, socket)) {
            client.greet(ID);
            assertThat(refusal(client.addRegion(REGION + 1)))
                    .isEqualTo("region 0 has 262144 bytes, not the 262145 announced");
        }
    }

    @Test
    void aFileThatCanBecomeShorterIsRefused() {
        try (ForeignClient client = new ForeignClient(server, socket, Set.of(), REGION)) {
            client.greet(ID);
            assertThat(refusal(client.addRegion(REGION))).startsWith("region 0 is not sealed against getting shorter");
        }
    }

    @Test
    void aFileThatBecomesShorterUnderAnAcceptedLinkEndsTheLink() {
        MemifSocket other = LinkPair.socket();
        try (MemifServer trusting = MemifServer.listen(other, MemifInterface.of(ID).acceptUnsealed());
                ForeignClient client = new ForeignClient(trusting, other, Set.of(), REGION)) {
            MemifLink link = client.connect(ID);
            client.head(TO_SERVER_AT, 2);
            client.kernel.files().ftruncate(client.file, 0);

            trusting.poll(Duration.ZERO);

            assertThat(link.isUp()).isFalse();
            assertThat(link.endReason()).isEqualTo("the file of region 0 was made shorter: 0 bytes, not 262144");
            // The mapping is gone too: this meets zeros rather than a fault.
            receive(link);
            claim(link);
        }
    }

    @Test
    void regionsThatAreNoMemoryOrTooLargeAreRefused() {
        try (ForeignClient client = ForeignClient.to(server, socket)) {
            client.greet(ID);
            int event = client.kernel.sockets().eventfd();
            assertThat(refusal(client.say(new AddRegion(0, 4096), event))).startsWith("region 0 is no memory");
            client.kernel.files().close(event);
        }
        for (long size : new long[] {0, -1, Long.MIN_VALUE, (16L << 30) + 1}) {
            try (ForeignClient client = ForeignClient.to(server, socket)) {
                client.greet(ID);
                assertThat(refusal(client.addRegion(size))).endsWith("there is room for 17179869184");
            }
        }
        try (ForeignClient client = ForeignClient.to(server, socket)) {
            client.greet(ID);
            assertThat(refusal(client.say(new AddRegion(1, REGION), client.file))).isEqualTo("region 0 is next, not 1");
        }
    }

    @Test
    void ringsThatDoNotLieInTheirRegionAreRefused() {
        requireRefused(new AddRing(Direction.CLIENT_TO_SERVER, 0, 1, 0, 4, 0), "region 1 is not there");
        requireRefused(new AddRing(Direction.CLIENT_TO_SERVER, 0, 0, 0, 15, 0), "2^15 descriptors are more than 2^14");
        requireRefused(new AddRing(Direction.CLIENT_TO_SERVER, 0, 0, 0, 14, 0), "bytes 0 to 262272 of the 262144");
        requireRefused(new AddRing(Direction.CLIENT_TO_SERVER, 0, 0, 0xffff_fff8L, 4, 0), "of the 262144 of region 0");
        requireRefused(new AddRing(Direction.CLIENT_TO_SERVER, 0, 0, 4, 4, 0), "begins at a multiple of 8");
        requireRefused(new AddRing(Direction.CLIENT_TO_SERVER, 1, 0, 0, 4, 0), "index 0 is next");
        requireRefused(new AddRing(Direction.CLIENT_TO_SERVER, 0, 0, 0, 4, 2), "a private header of 2 bytes");
    }

    private void requireRefused(AddRing ring, String reason) {
        try (ForeignClient client = ForeignClient.to(server, socket)) {
            client.greet(ID);
            assertThat(client.addRegion(REGION)).isEqualTo(new Ack());
            assertThat(refusal(client.addRing(ring))).startsWith("ring " + ring.index() + ": ").contains(reason);
        }
    }

    @Test
    void aRingWithoutItsCookieIsRefused() {
        try (ForeignClient client = ForeignClient.to(server, socket)) {
            client.greet(ID);
            client.addRegion(REGION);
            client.addRing(new AddRing(Direction.CLIENT_TO_SERVER, 0, 0, 0, 4, 0));
            assertThat(refusal(client.say(new Connect("x"))))
                    .contains("begins with 0x0 instead of the cookie 0x3e31f20");
            assertThat(server.link(ID)).isEmpty();
        }
    }

    @Test
    void descriptorsAndMessagesOutOfPlaceAreRefused() {
        try (ForeignClient client = ForeignClient.to(server, socket)) {
            assertThat(client.hear()).isInstanceOf(Hello.class);
            assertThat(refusal(client.say(new Connect("x")))).isEqualTo("Connect is not expected now");
        }
        try (ForeignClient client = ForeignClient.to(server, socket)) {
            client.greet(ID);
            assertThat(refusal(client.say(new AddRegion(0, REGION)))).isEqualTo("a descriptor is missing in AddRegion");
        }
        try (ForeignClient client = ForeignClient.to(server, socket)) {
            client.greet(ID);
            assertThat(refusal(client.say(new Connect("x"), client.file)))
                    .isEqualTo("a descriptor does not belong in Connect");
        }
        try (ForeignClient client = ForeignClient.to(server, socket)) {
            client.greet(ID);
            assertThat(refusal(client.say(new AddRegion(0, REGION), client.file, client.file)))
                    .contains("more than 128 bytes or one descriptor");
        }
    }

    @Test
    void oneClientHasAnInterface() {
        try (ForeignClient client = ForeignClient.to(server, socket);
                ForeignClient second = ForeignClient.to(server, socket)) {
            client.connect(ID);
            second.hear();
            assertThat(refusal(second.say(new Init(0x200, ID, 0, "", "")))).isEqualTo("interface 7 has a client already");
        }
    }

    @Test
    void indexesThatCannotBeTrueEndTheLink() {
        requireDamaged(client -> client.head(TO_SERVER_AT, RING_SIZE + 1), HostileClientTest::receive,
                "CLIENT_TO_SERVER ring 0: the sender's index went from 0 to 17");
        requireDamaged(client -> client.head(TO_SERVER_AT, 0xffff), HostileClientTest::receive, "from 0 to 65535");
        requireDamaged(client -> client.head(TO_CLIENT_AT, RING_SIZE + 1), HostileClientTest::claim,
                "SERVER_TO_CLIENT ring 0: the receiver's index went on by 17");
        requireDamaged(client -> client.head(TO_CLIENT_AT, 0x8000), HostileClientTest::claim, "went on by 32768");
    }

    @Test
    void descriptorsThatCannotBeTrueEndTheLink() {
        for (boolean receives : new boolean[] {true, false}) {
            requireBadDescriptor(receives, 1, 100, 0, "descriptor 1: region 1 of 1");
            requireBadDescriptor(receives, 0xffff, 100, 0, "region 65535 of 1");
            requireBadDescriptor(receives, 0, 0, 0, "a buffer without bytes");
            requireBadDescriptor(receives, 0, 1, REGION, "bytes 262144 to 262145 of the 262144 of region 0");
            requireBadDescriptor(receives, 0, 2, REGION - 1, "bytes 262143 to 262145");
            requireBadDescriptor(receives, 0, -1, 0, "bytes 0 to 4294967295");
            requireBadDescriptor(receives, 0, -1, 0xffff_ffffL, "bytes 4294967295 to 8589934590");
            requireBadDescriptor(receives, 0, Integer.MIN_VALUE, 0x8000_0000L, "bytes 2147483648 to 4294967296");
        }
    }

    private void requireBadDescriptor(boolean receives, int region, int length, long offset, String message) {
        int ring = receives ? TO_SERVER_AT : TO_CLIENT_AT;
        requireDamaged(client -> {
            client.describe(ring, 1, 0, region, length, offset);
            client.head(ring, 3);
        }, receives ? HostileClientTest::receive : HostileClientTest::claim, message);
    }

    @Test
    void aPacketWithoutAnEndEndsTheLink() {
        requireDamaged(client -> {
            for (int i = 0; i < RING_SIZE; i++) {
                client.describe(TO_SERVER_AT, i, RingFields.NEXT, 0, 100, 8192);
            }
            client.head(TO_SERVER_AT, RING_SIZE);
        }, HostileClientTest::receive, "a packet without an end fills the ring");
    }

    /** Unknown bits and a packet that is not whole yet are no damage. */
    @Test
    void aPacketThatIsNotWholeYetWaits() {
        try (ForeignClient client = ForeignClient.to(server, socket)) {
            ReceiveQueue queue = client.connect(ID).receiveQueues().get(0);
            client.describe(TO_SERVER_AT, 0, 0xfffe, 0, 100, 8192);
            client.describe(TO_SERVER_AT, 1, RingFields.NEXT, 0, 100, 8192);
            client.head(TO_SERVER_AT, 2);
            PacketBurst burst = new PacketBurst(RING_SIZE);
            assertThat(queue.receive(burst)).isOne();
            assertThat(queue.receive(burst)).isZero();
            client.head(TO_SERVER_AT, 3);
            assertThat(queue.receive(burst)).isEqualTo(2);
            queue.release(3);
            assertThat(client.tail(TO_SERVER_AT)).isEqualTo(3);
        }
    }

    private static void receive(MemifLink link) {
        link.receiveQueues().get(0).receive(new PacketBurst(RING_SIZE));
    }

    private static void claim(MemifLink link) {
        link.transmitQueues().get(0).claim(new PacketBurst(RING_SIZE), RING_SIZE);
    }

    private interface Use {
        void of(MemifLink link);
    }

    private interface Damage {
        void to(ForeignClient client);
    }

    private void requireDamaged(Damage damage, Use use, String message) {
        try (ForeignClient client = ForeignClient.to(server, socket)) {
            MemifLink link = client.connect(ID);
            damage.to(client);
            ThrowingCallable call = () -> use.of(link);
            assertThatThrownBy(call).isInstanceOf(DamagedLinkException.class).hasMessageContaining(message);

            // Once: afterwards the link is simply down, and the client learns why.
            use.of(link);
            assertThat(link.isUp()).isFalse();
            assertThat(link.endReason()).contains(message);
            assertThat(refusal(client.hear())).isEqualTo(
                    link.endReason().substring(0, Math.min(95, link.endReason().length())));
            server.poll(Duration.ZERO);
            assertThat(server.link(ID)).isEmpty();
        }
    }

    /** Any bytes at all in rings and descriptors: a packet inside of the region, or a named refusal. */
    @Test
    void randomBytesInTheRingsNeverLeadOutOfTheMemory() {
        SplittableRandom random = Seed.random("memif rings");
        int packets = 0;
        int refusals = 0;
        for (int round = 0; round < 400; round++) {
            try (ForeignClient client = ForeignClient.to(server, socket)) {
                MemifLink link = client.connect(ID);
                ReceiveQueue in = link.receiveQueues().get(0);
                TransmitQueue out = link.transmitQueues().get(0);
                PacketBurst burst = new PacketBurst(RING_SIZE);
                while (link.isUp()) {
                    scribble(client, random, TO_SERVER_AT);
                    scribble(client, random, TO_CLIENT_AT);
                    try {
                        int count = in.receive(burst);
                        packets += count;
                        requireInside(burst, count);
                        in.release(count);
                        int claimed = out.claim(burst, 4);
                        requireInside(burst, claimed);
                        for (int i = 0; i < claimed; i++) {
                            burst.length(i, burst.room(i));
                        }
                        out.commit(burst, claimed);
                    } catch (DamagedLinkException refused) {
                        refusals++;
                    }
                }
                assertThat(refusal(client.hear())).isNotEmpty();
                server.poll(Duration.ZERO);
            }
        }
        assertThat(refusals).as(Seed.hint()).isEqualTo(400);
        assertThat(packets).as(Seed.hint()).isPositive();
    }

    private static void requireInside(PacketBurst burst, int count) {
        for (int i = 0; i < count; i++) {
            ByteBuffer window = burst.memory(i);
            assertThat(burst.offset(i)).isNotNegative();
            assertThat((long) burst.offset(i) + burst.room(i)).isLessThanOrEqualTo(REGION);
            assertThat(window.capacity()).isEqualTo(REGION);
            assertThat(burst.room(i)).isPositive();
        }
    }

    /** Mostly plausible, so that some of it passes. */
    private static void scribble(ForeignClient client, SplittableRandom random, int ring) {
        for (int slot = 0; slot < RING_SIZE; slot++) {
            boolean plausible = random.nextInt(100) > 0;
            client.describe(ring, slot, plausible ? random.nextInt(2) : random.nextInt(),
                    plausible ? 0 : random.nextInt(65536), plausible ? 1 + random.nextInt(4096) : random.nextInt(),
                    plausible ? random.nextInt(REGION - 4096) : random.nextLong(1L << 32));
        }
        int head = client.memory.getShort(ring + RingFields.HEAD_AT);
        client.head(ring, random.nextInt(20) == 0 ? random.nextInt() : head + random.nextInt(3));
    }

    @Test
    void randomMessagesNeverLeaveAnythingBehind() {
        SplittableRandom random = Seed.random("memif conversations");
        for (int round = 0; round < 300; round++) {
            try (ForeignClient client = new ForeignClient(server, socket, EnumSet.of(Seal.SHRINK, Seal.GROW), REGION)) {
                talk(client, random);
            }
            server.poll(Duration.ZERO);
        }
        try (ForeignClient client = ForeignClient.to(server, socket)) {
            assertThat(client.connect(ID).isUp()).isTrue();
        }
    }

    private void talk(ForeignClient client, SplittableRandom random) {
        try {
            for (int i = 0; i < 12; i++) {
                MemifMessage message = someMessage(random);
                boolean fitting = message instanceof AddRegion || message instanceof AddRing;
                client.channel.send(message, fitting ^ random.nextInt(20) == 0 ? new int[] {client.file} : new int[0]);
                server.poll(Duration.ZERO);
            }
        } catch (SystemCallException closed) {
            assertThat(closed.errno()).isIn(Errno.EPIPE, Errno.ECONNRESET);
        }
    }

    private static MemifMessage someMessage(SplittableRandom random) {
        return switch (random.nextInt(8)) {
            case 0, 1 -> new Init(0x200, random.nextInt(8) == 0 ? 8 : ID, 0, "", "");
            case 2, 3 -> new AddRegion(random.nextInt(2), REGION);
            case 4, 5 -> new AddRing(Direction.values()[random.nextInt(2)], random.nextInt(2), 0,
                    random.nextInt(REGION) & ~7, random.nextInt(5), 0);
            case 6 -> new Connect("x");
            default -> new Ack();
        };
    }
}

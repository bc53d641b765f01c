package io.vnfkit.ivshmem.memif;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.ivshmem.memif.HandshakeAction.Bind;
import io.vnfkit.ivshmem.memif.HandshakeAction.Close;
import io.vnfkit.ivshmem.memif.HandshakeAction.LayOut;
import io.vnfkit.ivshmem.memif.HandshakeAction.OpenRings;
import io.vnfkit.ivshmem.memif.HandshakeAction.Send;
import io.vnfkit.ivshmem.memif.HandshakeAction.TakeRegion;
import io.vnfkit.ivshmem.memif.HandshakeAction.TakeRing;
import io.vnfkit.ivshmem.memif.HandshakeAction.Up;
import io.vnfkit.ivshmem.memif.HandshakeEvent.Ended;
import io.vnfkit.ivshmem.memif.HandshakeEvent.Failed;
import io.vnfkit.ivshmem.memif.HandshakeEvent.Received;
import io.vnfkit.ivshmem.memif.MemifMessage.Ack;
import io.vnfkit.ivshmem.memif.MemifMessage.AddRegion;
import io.vnfkit.ivshmem.memif.MemifMessage.AddRing;
import io.vnfkit.ivshmem.memif.MemifMessage.Connect;
import io.vnfkit.ivshmem.memif.MemifMessage.Connected;
import io.vnfkit.ivshmem.memif.MemifMessage.Disconnect;
import io.vnfkit.ivshmem.memif.MemifMessage.Hello;
import io.vnfkit.ivshmem.memif.MemifMessage.Init;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HandshakeTest {

    private static final RingSettings RINGS = RingSettings.defaults().rings(2, 1).log2Size(4);
    private static final Hello HELLO = new Hello("server", 0x200, 0x200, 255, 255, 255, 14);
    private static final MemifInterface OFFERED = MemifInterface.of(7).name("if7").secret("abc").limits(2, 10, 1 << 20);

    private static ClientHandshake client(RingSettings rings) {
        return ClientHandshake.begin(new ClientHandshake.Terms("client", "if0", 7, "abc", rings, 256, 1 << 20));
    }

    private static Step<ClientHandshake> hear(ClientHandshake state, MemifMessage message) {
        return state.on(new Received(message, false));
    }

    private static Step<ServerHandshake> hear(ServerHandshake state, MemifMessage message) {
        return state.on(new Received(message, message instanceof AddRegion || message instanceof AddRing));
    }

    private static ServerHandshake server() {
        return ServerHandshake.begin(new ServerHandshake.Offer("server", Map.of(7L, OFFERED))).next();
    }

    private static Init init(long id, String secret) {
        return new Init(0x200, id, Init.ETHERNET, secret, "client");
    }

    @Test
    void theClientSaysOneThingAfterTheOther() {
        Step<ClientHandshake> step = hear(client(RINGS), HELLO);
        assertThat(step.actions()).containsExactly(new LayOut(new MemoryLayout(RINGS, 256)), new Send(init(7, "abc")));

        List<MemifMessage> said = List.of(new AddRegion(0, 1 << 20),
                new AddRing(Direction.CLIENT_TO_SERVER, 0, 0, 256, 4, 0),
                new AddRing(Direction.CLIENT_TO_SERVER, 1, 0, 256 + 384, 4, 0),
                new AddRing(Direction.SERVER_TO_CLIENT, 0, 0, 256 + 768, 4, 0), new Connect("if0"));
        for (MemifMessage message : said) {
            step = hear(step.next(), new Ack());
            assertThat(step.actions()).containsExactly(new Send(message));
        }
        step = hear(step.next(), new Connected("other"));
        assertThat(step.actions()).containsExactly(new Up("server", "other"));
        step = step.next().on(new Ended());
        assertThat(step.actions()).containsExactly(new Close("the server closed the socket"));
        assertThat(step.next().on(new Ended()).actions()).isEmpty();
    }

    @Test
    void theClientTakesWhatTheServerCan() {
        Hello small = new Hello("server", 0x100, 0x300, 0, 0, 0, 3);
        Step<ClientHandshake> step = hear(client(RINGS), small);

        assertThat(step.actions().get(0))
                .isEqualTo(new LayOut(new MemoryLayout(RINGS.rings(1, 1).log2Size(3), 256)));
    }

    @Test
    void theClientRefusesWhatDoesNotFit() {
        requireRefused(hear(client(RINGS), new Hello("s", 0x201, 0x300, 1, 1, 1, 10)), "version 0x200 is not");
        requireRefused(hear(client(RINGS), new Hello("s", 0x100, 0x1ff, 1, 1, 1, 10)), "version 0x200 is not");
        requireRefused(hear(client(RINGS), new Hello("s", 0x200, 0x200, 1, 1, 1, 0)), "no ring of two");
        requireRefused(hear(client(RINGS), new Ack()), "expected HELLO, not Ack");
        requireRefused(client(RINGS).on(new Received(HELLO, true)), "no descriptors");
        requireRefused(hear(hear(client(RINGS), HELLO).next(), HELLO), "expected ACK, not Hello");
        requireRefused(client(RINGS).on(new Failed("no memory")), "no memory");
        assertThat(hear(client(RINGS), new Disconnect(1, "go away")).actions())
                .containsExactly(new Close("the server ended the link: go away"));
    }

    private static void requireRefused(Step<?> step, String reason) {
        assertThat(step.actions()).hasSize(2);
        Disconnect disconnect = (Disconnect) ((Send) step.actions().get(0)).message();
        assertThat(disconnect.reason()).contains(reason);
        assertThat(((Close) step.actions().get(1)).reason()).contains(reason);
    }

    @Test
    void theServerTakesOneThingAfterTheOther() {
        Step<ServerHandshake> step = ServerHandshake.begin(new ServerHandshake.Offer("server", Map.of(7L, OFFERED)));
        assertThat(step.actions())
                .containsExactly(new Send(new Hello("server", 0x200, 0x200, 255, 1, 1, 10)));
        step = hear(step.next(), init(7, "abc"));
        assertThat(step.actions()).containsExactly(new Bind(OFFERED), new Send(new Ack()));
        step = hear(step.next(), new AddRegion(0, 4096));
        assertThat(step.actions()).containsExactly(new TakeRegion(0, 4096), new Send(new Ack()));
        AddRing ring = new AddRing(Direction.SERVER_TO_CLIENT, 0, 0, 8, 4, 0);
        step = hear(step.next(), ring);
        assertThat(step.actions()).containsExactly(new TakeRing(ring), new Send(new Ack()));
        step = hear(step.next(), new Connect("c"));
        assertThat(step.actions())
                .containsExactly(new OpenRings(), new Send(new Connected("if7")), new Up("client", "c"));
        requireRefused(hear(step.next(), new AddRegion(1, 4096)), "AddRegion is not expected now");
        assertThat(step.next().on(new Ended()).actions()).containsExactly(new Close("the client closed the socket"));
        assertThat(hear(step.next(), new Disconnect(0, "bye")).actions())
                .containsExactly(new Close("the client ended the link: bye"));
    }

    @Test
    void theServerRefusesStrangers() {
        requireRefused(hear(server(), init(8, "abc")), "no interface has the id 8");
        requireRefused(hear(server(), init(7, "")), "a secret is required");
        requireRefused(hear(server(), init(7, "abd")), "the secret is another");
        requireRefused(hear(server(), new Init(0x100, 7, 0, "abc", "")), "version 0x100 is not 0x200");
        requireRefused(hear(server(), new Init(0x200, 7, 1, "abc", "")), "not mode 1");
        requireRefused(hear(server(), new Ack()), "Ack is not expected now");
    }

    @Test
    void theServerCountsMemoryOfAllRegions() {
        ServerHandshake adding = hear(server(), init(7, "abc")).next();
        Step<ServerHandshake> step = hear(adding, new AddRegion(0, 1 << 19));
        step = hear(step.next(), new AddRegion(1, 1 << 19));
        requireRefused(hear(step.next(), new AddRegion(2, 1)), "region 2 of 1 bytes: there is room for 0");
    }

    @Test
    void ringsAndBuffersLieBesideEachOther() {
        for (CacheLine line : CacheLine.values()) {
            RingSettings rings = new RingSettings(3, 2, 5, 192, line);
            MemoryLayout layout = new MemoryLayout(rings, 1024);
            long end = 1024;
            for (AddRing ring : layout.messages()) {
                assertThat(ring.offset()).isEqualTo(layout.ringAt(ring.direction(), ring.index()))
                        .isGreaterThanOrEqualTo(end);
                assertThat(ring.offset() % 128).isZero();
                end = ring.offset() + line.ringBytes(5);
            }
            for (AddRing ring : layout.messages()) {
                assertThat(layout.buffersAt(ring.direction(), ring.index())).isGreaterThanOrEqualTo(end);
                end = layout.buffersAt(ring.direction(), ring.index()) + 32 * 192;
            }
            assertThat(layout.end()).isEqualTo(end).isEqualTo(1024 + rings.memory());
        }
    }
}

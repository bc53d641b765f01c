package io.vnfkit.ivshmem;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.hugetlb.Compaction;
import io.vnfkit.hugetlb.HugepagePools;
import io.vnfkit.hugetlb.Reservation;
import io.vnfkit.ivshmem.broadcast.Broadcast;
import io.vnfkit.ivshmem.broadcast.BroadcastReader;
import io.vnfkit.ivshmem.broadcast.BroadcastWriter;
import io.vnfkit.ivshmem.manifest.RegionObject;
import io.vnfkit.ivshmem.memory.Access;
import io.vnfkit.ivshmem.message.MessageConsumer;
import io.vnfkit.ivshmem.message.MessageProducer;
import io.vnfkit.ivshmem.message.MessageRing;
import io.vnfkit.ivshmem.packet.ChannelGeometry;
import io.vnfkit.ivshmem.packet.Descriptor;
import io.vnfkit.ivshmem.packet.PacketChannel;
import io.vnfkit.ivshmem.packet.PacketReceiver;
import io.vnfkit.ivshmem.packet.PacketSender;
import io.vnfkit.ivshmem.ring.RingConsumer;
import io.vnfkit.ivshmem.ring.RingProducer;
import io.vnfkit.ivshmem.ring.SharedRing;
import io.vnfkit.ivshmem.table.SharedTable;
import io.vnfkit.ivshmem.table.TableGeometry;
import io.vnfkit.ivshmem.table.TableWriter;
import io.vnfkit.linux.Host;
import io.vnfkit.testing.InsideVnf;
import io.vnfkit.testing.LaunchesVnfs;
import io.vnfkit.testing.Needs;
import io.vnfkit.testing.RequiresCommand;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.NodeSet;
import io.vnfkit.unit.PageSize;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Regions with objects beyond 2 GiB and beyond 4 GiB, where an offset is no int and no unsigned int any more, and a channel
 * whose buffers lie on both sides of the last of these lines. Another process uses them, and a VNF.
 */
@LaunchesVnfs
@RequiresCommand("python3")
@Timeout(300)
class LargeRegionIT {

    private static final long GIB = 1L << 30;
    private static final String NAME = "large-" + ProcessHandle.current().pid();
    private static final String CHANNEL = "channel";
    private static final int BUFFER_SIZE = 62 << 10;
    private static final int BUFFERS = 4095;
    private static final int PACKET = 60_000;

    private static final HugepagePools POOLS = HugepagePools.of(Host.thisHost());

    private final RegionStore store = RegionStore.onThisHost();
    private Reservation reserved;

    @AfterEach
    void giveEverythingBack() {
        if (store.names().contains(NAME)) {
            store.destroy(NAME);
        }
        if (reserved != null) {
            POOLS.release(reserved.pageSize(), reserved.node(), reserved.change());
            assertThat(POOLS.pool(reserved.pageSize()).nodes().get(reserved.node()).total()).isEqualTo(reserved.before());
        }
    }

    private void reserve(PageSize pageSize, Bytes size, String thing, String cure) {
        reserved = POOLS.reserve(pageSize, 0, size.value() / pageSize.bytes(), Compaction.WHEN_SHORT);
        Needs.thing(reserved.isComplete(), thing, cure);
    }

    @Test
    void onPagesOfTwoMebibytes() throws Exception {
        Bytes size = Bytes.gibibytes(5);
        reserve(PageSize.MIB_2, size, "hugepages for 5GiB", "free memory, or hugepages=2560 at boot");

        use(size, PageSize.MIB_2, List.of(2L, 4L));
    }

    @Test
    void onPagesOfOneGibibyte() throws Exception {
        Needs.thing(POOLS.pageSizes().contains(PageSize.GIB_1), "hugepages of 1GiB", "a processor with pdpe1gb");
        Bytes size = Bytes.gibibytes(3);
        reserve(PageSize.GIB_1, size, "free hugepage of 1GiB", "memory is fragmented: boot with hugepagesz=1G hugepages=3");

        use(size, PageSize.GIB_1, List.of(2L));
    }

    private void use(Bytes size, PageSize pageSize, List<Long> lines) throws Exception {
        try (Region region = store.create(RegionDescription.of(NAME, size).pageSize(pageSize).nodes(NodeSet.of(0)))) {
            List<ObjectsAt> all = lines.stream().map(ObjectsAt::new).toList();
            long last = lines.get(lines.size() - 1) * GIB;
            all.subList(0, all.size() - 1).forEach(objects -> objects.createIn(region));
            // The line goes through the middle of a buffer.
            int beforeBuffers = ChannelGeometry.of(BUFFER_SIZE, BUFFERS, region.header().cacheLine()).buffersAt();
            ObjectsAt.fillUpTo(region, last - 2000L * BUFFER_SIZE - BUFFER_SIZE / 2 - beforeBuffers);
            PacketChannel channel = PacketChannel.create(region, CHANNEL, BUFFER_SIZE, BUFFERS, "test");
            all.get(all.size() - 1).createIn(region);
            assertThat(region.header().pageSize()).isEqualTo(pageSize.bytes());
            try (PacketSender sender = channel.sender()) {
                long[] packets = sendAll(sender, last);
                all.forEach(objects -> objects.ask(region));

                assertThat(runPeer(store.file(NAME), lines)).isZero();

                all.forEach(objects -> objects.requireAnswers(region));
                // Every buffer has come back.
                assertThat(sender.claim(packets, 0, BUFFERS)).isEqualTo(BUFFERS);
            }
            requireVnfSees(region, all.get(all.size() - 1).zone(region));
        }
    }

    private static long[] sendAll(PacketSender sender, long line) {
        long[] packets = new long[BUFFERS];
        byte[] bytes = new byte[PACKET];
        assertThat(sender.claim(packets, 0, BUFFERS)).isEqualTo(BUFFERS);
        for (int i = 0; i < BUFFERS; i++) {
            ByteBuffer.wrap(bytes).putInt(0, i).putInt(PACKET - 4, ~i);
            packets[i] = sender.fill(packets[i], bytes, 0, PACKET);
        }
        assertThat(Arrays.stream(packets).map(Descriptor::offset))
                .anyMatch(offset -> offset + PACKET < line)
                .anyMatch(offset -> offset < line && offset + PACKET > line)
                .anyMatch(offset -> offset > line);
        assertThat(sender.send(packets, 0, BUFFERS)).isEqualTo(BUFFERS);
        return packets;
    }

    private static void requireVnfSees(Region region, RegionObject zone) {
        region.window(zone, 0, 8).put(0, "from far".getBytes(StandardCharsets.UTF_8));

        String seen = InsideVnf.run(InsideVnf.vnf().with(SharedRegion.named(NAME).readWrite()), "python3 - <<'END'",
                "import mmap, os",
                "m = mmap.mmap(os.open('" + SharedRegion.named(NAME).file() + "', os.O_RDWR), " + region.header().size() + ")",
                "at = " + zone.offset(),
                "print(m[at:at + 8].decode())",
                "m[at:at + 8] = b'and back'",
                "END").output();

        assertThat(seen).isEqualTo("from far\n");
        assertThat(StandardCharsets.UTF_8.decode(region.window(zone.offset(), 8)).toString()).isEqualTo("and back");
    }

    private static int runPeer(Path file, List<Long> lines) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElseThrow(), "-cp",
                System.getProperty("java.class.path"), Peer.class.getName(), file.toString()));
        lines.forEach(line -> command.add(line.toString()));
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    /** The other process: gives back what it finds. */
    public static final class Peer {

        private Peer() {}

        public static void main(String[] args) {
            try (Region region = Region.attach(Path.of(args[0]), Access.READ_WRITE);
                    PacketReceiver receiver = PacketChannel.open(region, CHANNEL).receiver()) {
                long[] packets = new long[BUFFERS];
                if (receiver.receive(packets, 0, BUFFERS) != BUFFERS) {
                    throw new AssertionError("packets are missing");
                }
                for (int i = 0; i < BUFFERS; i++) {
                    requirePacket(i, receiver.packet(packets[i]));
                    // Where it is by its offset, whatever the channel makes of it.
                    requirePacket(i, region.window(Descriptor.offset(packets[i]), PACKET).order(ByteOrder.BIG_ENDIAN));
                }
                receiver.release(packets, 0, BUFFERS);
                for (int i = 1; i < args.length; i++) {
                    new ObjectsAt(Long.parseLong(args[i])).answer(region);
                }
            }
        }
    }

    private static void requirePacket(int number, ByteBuffer packet) {
        if (packet.getInt(0) != number || packet.getInt(PACKET - 4) != ~number) {
            throw new AssertionError("packet " + number + " is " + packet.getInt(0));
        }
    }

    /** One object of each kind, all of them behind a number of GiB. */
    private record ObjectsAt(long gibibytes) {

        private static final String MAKER = "test";
        private static final long ZONE = 64 << 20;
        private static final byte[] ELEMENT = "element".getBytes(StandardCharsets.UTF_8);

        private long from() {
            return gibibytes * GIB;
        }

        private String named(String kind) {
            return kind + "-" + gibibytes;
        }

        RegionObject zone(Region region) {
            return region.find(named("zone")).orElseThrow();
        }

        void createIn(Region region) {
            fillUpTo(region, from());
            region.createZone(named("zone"), Bytes.of(ZONE), MAKER);
            MessageRing.create(region, named("messages"), Bytes.kibibytes(64), MAKER);
            Broadcast.create(region, named("broadcast"), Bytes.kibibytes(64), MAKER);
            SharedTable.create(region, named("table"), new TableGeometry(16, 16, 64), MAKER);
            SharedRing.create(region, named("ring"), 1023, MAKER);
            assertThat(region.objects()).filteredOn(object -> object.name().endsWith(named("")))
                    .hasSize(5).allMatch(object -> object.offset() >= from());
        }

        static void fillUpTo(Region region, long offset) {
            long used = region.objects().stream().mapToLong(object -> object.offset() + object.length()).max()
                    .orElse(region.header().firstObject());
            if (used < offset) {
                region.createZone("filler up to " + offset, Bytes.of(offset - used), MAKER);
            }
        }

        private String question() {
            return "is anybody beyond " + from() + "?";
        }

        void ask(Region region) {
            byte[] message = question().getBytes(StandardCharsets.UTF_8);
            try (MessageProducer messages = MessageRing.open(region, named("messages")).producer();
                    RingProducer ring = SharedRing.open(region, named("ring")).producer()) {
                assertThat(messages.offer(1, message, 0, message.length)).isTrue();
                assertThat(ring.offer(from())).isTrue();
            }
            region.window(zone(region), ZONE - 8, 8).putLong(0, from());
        }

        void answer(Region region) {
            List<String> asked = new ArrayList<>();
            long[] elements = new long[2];
            try (MessageConsumer messages = MessageRing.open(region, named("messages")).consumer();
                    RingConsumer ring = SharedRing.open(region, named("ring")).consumer()) {
                messages.read((type, memory, offset, length) ->
                        asked.add(StandardCharsets.UTF_8.decode(memory.slice(offset, length)).toString()), 10);
                elements[1] = ring.poll(elements, 0, 1);
            }
            ByteBuffer end = region.window(zone(region), ZONE - 8, 8);
            end.putLong(0, -end.getLong(0));
            byte[] heard = asked.toString().getBytes(StandardCharsets.UTF_8);
            try (BroadcastWriter broadcast = Broadcast.open(region, named("broadcast")).writer();
                    TableWriter table = SharedTable.open(region, named("table")).writer()) {
                broadcast.write(1, heard, 0, heard.length);
                table.putLong(ELEMENT, elements[0]);
            }
        }

        void requireAnswers(Region region) {
            List<String> heard = new ArrayList<>();
            Broadcast.open(region, named("broadcast")).reader(BroadcastReader.Start.LATEST).read(
                    (type, memory, offset, length) ->
                            heard.add(StandardCharsets.UTF_8.decode(memory.slice(offset, length)).toString()), 10);
            assertThat(heard).containsExactly("[" + question() + "]");
            assertThat(SharedTable.open(region, named("table")).reader().getLong(ELEMENT))
                    .hasValue(from());
            assertThat(region.window(zone(region), ZONE - 8, 8).getLong(0)).isEqualTo(-from());
        }
    }
}

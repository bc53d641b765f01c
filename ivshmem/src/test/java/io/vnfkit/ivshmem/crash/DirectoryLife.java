package io.vnfkit.ivshmem.crash;

import io.vnfkit.ivshmem.Region;
import io.vnfkit.ivshmem.access.Accesses;
import io.vnfkit.ivshmem.broadcast.Broadcast;
import io.vnfkit.ivshmem.broadcast.BroadcastReader;
import io.vnfkit.ivshmem.broadcast.BroadcastReader.Start;
import io.vnfkit.ivshmem.broadcast.BroadcastWriter;
import io.vnfkit.ivshmem.manifest.RegionObject;
import io.vnfkit.ivshmem.message.MessageConsumer;
import io.vnfkit.ivshmem.message.MessageProducer;
import io.vnfkit.ivshmem.message.MessageRing;
import io.vnfkit.ivshmem.packet.PacketChannel;
import io.vnfkit.ivshmem.packet.PacketReceiver;
import io.vnfkit.ivshmem.packet.PacketSender;
import io.vnfkit.ivshmem.ring.RingConsumer;
import io.vnfkit.ivshmem.ring.RingProducer;
import io.vnfkit.ivshmem.ring.SharedRing;
import io.vnfkit.ivshmem.table.SharedTable;
import io.vnfkit.ivshmem.table.TableGeometry;
import io.vnfkit.ivshmem.table.TableReader;
import io.vnfkit.ivshmem.table.TableWriter;
import io.vnfkit.unit.Bytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Processes that make objects are killed; an object is there ready or not at all, and others find room and zeros. */
public final class DirectoryLife extends RegionLife {

    private static final int KINDS = 6;
    private static final byte[] BYTES = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};

    private final int variant;
    /** Names of those that were made for certain, and perhaps one more. */
    private final List<String> names = new ArrayList<>();
    private String maybe = "";
    private int number;

    /** The variant decides what is made, and what then comes to lie in the same place. */
    public DirectoryLife(int variant) {
        super(Bytes.kibibytes(256));
        this.variant = variant;
    }

    private void make(Region in, int kind) {
        maybe = kind + "-" + number++;
        Accesses.fullFence();
        switch (kind) {
            case 0 -> SharedRing.create(in, maybe, 63, 8, "test");
            case 1 -> MessageRing.create(in, maybe, Bytes.of(1024), "test");
            case 2 -> Broadcast.create(in, maybe, Bytes.of(1024), "test");
            case 3 -> SharedTable.create(in, maybe, new TableGeometry(8, 8, 16), "test");
            case 4 -> PacketChannel.create(in, maybe, 2048, 3, "test");
            default -> in.createZone(maybe, Bytes.of(4096), "test");
        }
        names.add(maybe);
        maybe = "";
        Accesses.fullFence();
    }

    @Override
    public void victim() {
        Region in = newVictim();
        make(in, variant % KINDS);
        make(in, (variant + 1) % KINDS);
    }

    @Override
    public void survivors() {
        List<String> found = region.objects().stream().map(RegionObject::name).toList();
        if (found.size() == names.size() + 1) {
            names.add(maybe);
        }
        maybe = "";
        require(found.equals(names), found + " are there, not " + names);
        long end = region.header().firstObject();
        for (RegionObject object : region.objects()) {
            require(object.offset() >= end, object + " lies in another one");
            end = object.end();
        }
    }

    @Override
    public void finish() {
        survivors();
        for (int i = 0; i < KINDS; i++) {
            make(region, (variant / KINDS + i) % KINDS);
        }
        survivors();
        for (String name : names) {
            use(name);
        }
    }

    private void use(String name) {
        switch (name.charAt(0)) {
            case '0' -> useRing(SharedRing.open(region, name));
            case '1' -> useMessages(MessageRing.open(region, name));
            case '2' -> useBroadcast(Broadcast.open(region, name));
            case '3' -> useTable(SharedTable.open(region, name));
            case '4' -> useChannel(PacketChannel.open(region, name));
            default -> requireZeros(region.window(region.find(name).orElseThrow()));
        }
    }

    private static void useRing(SharedRing ring) {
        try (RingProducer producer = ring.producer(); RingConsumer consumer = ring.consumer()) {
            require(consumer.isEmpty(), "a new ring is not empty");
            producer.offer(7);
            long[] taken = new long[2];
            require(consumer.poll(taken, 0, 2) == 1 && taken[0] == 7, "a new ring does not work");
        }
    }

    private static void useMessages(MessageRing ring) {
        try (MessageProducer producer = ring.producer(); MessageConsumer consumer = ring.consumer()) {
            require(consumer.isEmpty(), "a new message ring is not empty");
            for (int i = 0; i < 200; i++) {
                require(producer.offer(1, BYTES, 0, 10), "there is no room in a new ring");
                require(consumer.read((type, memory, offset, length) -> require(length == 10, "torn"), 2) == 1, "none came");
            }
        }
    }

    private static void useBroadcast(Broadcast broadcast) {
        BroadcastReader reader = broadcast.reader(Start.LATEST);
        require(reader.isEmpty(), "a new broadcast is not empty");
        try (BroadcastWriter writer = broadcast.writer()) {
            require(writer.written() == 0, "a new broadcast has messages");
            writer.write(1, BYTES, 0, 10);
            require(reader.read((type, memory, offset, length) -> require(length == 10, "torn"), 2) == 1, "none came");
        }
    }

    private static void useTable(SharedTable table) {
        TableReader reader = table.reader();
        require(reader.snapshot().entries().isEmpty(), "a new table has entries");
        try (TableWriter writer = table.writer()) {
            for (int i = 0; i < 8; i++) {
                writer.putText("k" + i, "v" + i);
            }
            require(reader.snapshot().entries().size() == 8, "a new table loses entries");
        }
    }

    private static void useChannel(PacketChannel channel) {
        try (PacketSender sender = channel.sender(); PacketReceiver receiver = channel.receiver()) {
            long[] packets = new long[4];
            require(receiver.size() == 0 && sender.claim(packets, 0, 4) == 3, "a new channel has packets");
            packets[0] = sender.fill(packets[0], BYTES, 0, 10);
            require(sender.send(packets, 0, 1) == 1 && receiver.receive(packets, 0, 4) == 1, "a new channel does not work");
            receiver.release(packets, 0, 1);
        }
    }

    private static void requireZeros(ByteBuffer zone) {
        for (int i = 0; i < zone.capacity(); i++) {
            require(zone.get(i) == 0, "a new zone has " + zone.get(i) + " at " + i);
        }
    }
}

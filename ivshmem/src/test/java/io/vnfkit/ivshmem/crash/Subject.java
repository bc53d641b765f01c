package io.vnfkit.ivshmem.crash;

import io.vnfkit.ivshmem.Region;
import io.vnfkit.ivshmem.memory.Access;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;

/** What victims in processes of their own do until they are killed, and what this process sees of it. */
interface Subject extends AutoCloseable {

    Map<String, Supplier<Subject>> ALL = Map.of("messageProducer", MessageProducerSubject::new,
            "messageConsumer", MessageConsumerSubject::new, "packetSender", PacketSenderSubject::new,
            "packetReceiver", PacketReceiverSubject::new, "broadcastWriter", BroadcastWriterSubject::new,
            "tableWriter", TableWriterSubject::new);

    /** The victim's process. */
    final class Victim {

        private Victim() {}

        public static void main(String[] args) {
            try (Region region = Region.attach(Path.of(args[1]), Access.READ_WRITE)) {
                ALL.get(args[0]).get().work(region, Long.parseLong(args[2]));
            }
        }
    }

    /** The victim: takes its side over and works for ever. */
    void work(Region region, long from);

    /** Makes the object, and takes the other side. */
    void make(Region region);

    /** Does what the other side does, while the victim is alive; returns how much the victims have done by now. */
    long watch();

    /** Looks at what a victim that is dead has left; returns where the next one goes on. */
    long settle();

    @Override
    void close();

    static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}

package io.vnfkit.dpdk;

import io.vnfkit.dpdk.Forwarding.Pool;
import io.vnfkit.dpdk.Forwarding.Ring;
import io.vnfkit.dpdk.Forwarding.SubscriberTable;
import io.vnfkit.dpdk.channel.ChannelPlace;
import io.vnfkit.dpdk.function.NetworkFunction.Generator;
import io.vnfkit.dpdk.function.Task;
import io.vnfkit.dpdk.port.Port;
import io.vnfkit.unit.Bytes;

/** How much hugepage memory a description needs: mempools sized so that no queue, ring or cache can starve another. */
final class MemoryNeeds {

    /** What drivers prefer when they are not told, rounded up; the fallback of ethdev is 512. */
    private static final int USUAL_DESCRIPTORS = 1024;
    private static final int SMALLEST_POOL = 1023;
    /** struct rte_mbuf, the header of a mempool object, and RTE_PKTMBUF_HEADROOM. */
    private static final int MBUF_OVERHEAD = 128 + 64 + 128;
    private static final int LINE = 64;
    /** Of a receiver, for a packet on its way: an mbuf without a buffer, what remembers it, its places in queues. */
    private static final long PACKET_OF_RECEIVER = 128 + 64 + 64 + 4 * 16;
    /**
     * Of a sender, for a buffer: an mbuf with the counter of a buffer elsewhere. Besides, it has a pointer for each place of
     * the region where a packet can begin.
     */
    private static final long BUFFER_OF_SENDER = 128 + 64 + 64 + 16;
    /** One and a half times HEADER_CACHE of channel_receiver.c, for each lcore. */
    private static final long HEADERS_OF_LCORE = 192;
    /** Objects that EAL allocations carry with them, and tasks. */
    private static final long SMALL_THINGS = 256 << 10;

    private MemoryNeeds() {}

    /** Mbufs of the one mempool of a node, as 2^n - 1, which wastes no memory in its ring. */
    static int mbufs(Forwarding forwarding) {
        Pool pool = forwarding.pool();
        if (pool.mbufs() > 0) {
            return pool.mbufs();
        }
        long held = SMALLEST_POOL;
        for (Port port : forwarding.ports()) {
            held += (long) port.receiveQueues() * descriptors(port.receiveDescriptors());
            held += (long) port.transmitQueues() * descriptors(port.transmitDescriptors());
        }
        for (Ring ring : forwarding.rings()) {
            held += ring.size();
        }
        for (Task task : forwarding.tasks()) {
            // A cache flushes at one and a half times its size.
            held += pool.cache() * 3L / 2 + (long) task.burst() * (task.outputs().size() + 2);
            held += task.function() instanceof Generator ? 2L * task.burst() : 0;
        }
        return (int) Math.min((1L << 26) - 1, Long.highestOneBit(held) * 2 - 1);
    }

    private static int descriptors(int given) {
        return given == 0 ? USUAL_DESCRIPTORS : given;
    }

    static Bytes poolBytes(Forwarding forwarding) {
        long element = MBUF_OVERHEAD + (forwarding.pool().dataRoom() + LINE - 1L & -LINE);
        // The ring of the mempool has a pointer for each, in a power of two.
        return Bytes.of(mbufs(forwarding) * (element + 16L));
    }

    /** Tables, rings and the rest, which lie on the node of the first task. */
    static Bytes otherBytes(Forwarding forwarding) {
        long bytes = SMALL_THINGS + forwarding.nextHops() * 32L;
        bytes += forwarding.routeTables().stream().mapToLong(RouteTable::bytes).sum();
        bytes += forwarding.subscriberTables().stream().mapToLong(SubscriberTable::bytes).sum();
        bytes += forwarding.rings().stream().mapToLong(ring -> 16L * ring.size() + 1024).sum();
        bytes += forwarding.tasks().size() * (40L << 10);
        return Bytes.of(bytes);
    }

    /** The mbufs of channels, on the node of the first task too; their buffers lie in the shared memory. */
    static Bytes channelBytes(Forwarding forwarding, int lcores) {
        return Bytes.of(forwarding.channels().stream().mapToLong(channel -> SMALL_THINGS + (channel.isSender()
                ? channel.side().place().bufferCount() * BUFFER_OF_SENDER
                        + channel.side().place().size() / ChannelPlace.BUFFER_UNIT * Long.BYTES
                : (channel.side().place().slots() + HEADERS_OF_LCORE * (lcores + 1)) * PACKET_OF_RECEIVER)).sum());
    }
}

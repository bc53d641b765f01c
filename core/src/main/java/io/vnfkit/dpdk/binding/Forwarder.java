package io.vnfkit.dpdk.binding;

import io.vnfkit.dpdk.DpdkException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The functions of the forwarding core, as {@code src/main/c/forwarder/forwarder.h} declares them. Handles are small
 * numbers that the core gives out.
 *
 * <p>Every method throws {@link DpdkException} where the core or DPDK refuses. Thread-safe: calls are made one at a
 * time. Buffers must be direct.
 */
public interface Forwarder {

    /** An lcore of the EAL. */
    record Lcore(int lcore, int cpu, int node, boolean isMain) {}

    /** Bytes of the heap of a node. */
    record Heap(long free, long total) {}

    /** How far a list of changes got. */
    record Applied(int done, int result) {}

    /** Version of the DPDK that is loaded, such as {@code DPDK 22.11.11}. */
    String dpdkVersion();

    /** Starts the EAL, with log lines to a descriptor. */
    void startEal(List<String> arguments, int logDescriptor);

    /** Stops it. */
    void stopEal();

    /** The lcores that the EAL has. */
    List<Lcore> lcores();

    /** Cycles per second of the time stamp counter. */
    long tscHertz();

    /** What the heap of a node has. */
    Heap heap(int node);

    /** Sets the level of log types, 1 (emergency) to 8 (debug), that match a shell pattern. */
    void logLevel(String pattern, int level);

    /** Makes a mempool of mbufs. */
    int createPool(String name, int mbufs, int cache, int dataRoom, int node);

    /** Frees it. */
    void freePool(int pool);

    /** Gives the pool up, which is freed when all of its mbufs are back; returns how many are not. */
    long retirePool(int pool);

    /** How many mbufs are in the pool and its caches. */
    long availableInPool(int pool);

    /** Makes a ring for at least so many packets. */
    int createRing(String name, int size, int node, boolean oneProducer, boolean oneConsumer);

    /** Frees it; it must be empty. */
    void freeRing(int ring);

    /** How many packets wait in it. */
    long countInRing(int ring);

    /** Puts packets of one content into a ring. */
    void fillRing(int ring, int pool, int count, ByteBuffer frame);

    /** Frees the packets in a ring. */
    long drainRing(int ring);

    /** Becomes a side of a channel. */
    int openChannel(ByteBuffer configuration);

    /** Gives it up; returns whether no driver has a packet of it any more. */
    boolean closeChannel(int channel);

    /** Takes back all packets of a sender whose task is stopped; returns how many. */
    long restartChannel(int channel);

    /** The mempool of a sender's buffers, which goes with the channel. */
    int poolOfChannel(int channel);

    /** Fills a vnfkit_channel_info. */
    void channelInfo(int channel, ByteBuffer info);

    /** Makes a device known to the EAL. */
    void plugDevice(String name, String arguments);

    /** Takes it away. */
    void unplugDevice(String name);

    /** The port of a device. */
    int findPort(String device);

    /** Sets queues and pool up. */
    void configurePort(int port, ByteBuffer configuration);

    /** Starts a port. */
    void startPort(int port);

    /** Stops it, without what waits in its receive queues. No task may have it any more. */
    void stopPort(int port);

    /** Takes the queues of a stopped port away, with the mbufs that its driver holds for them. */
    void releasePort(int port);

    /** Gives it up. */
    void closePort(int port);

    /** Fills a vnfkit_port_info. */
    void portInfo(int port, ByteBuffer info);

    /** Sets the address. */
    void setPortMac(int port, ByteBuffer mac);

    /** Switches the promiscuous mode. */
    void setPortPromiscuous(int port, boolean on);

    /** Fills a vnfkit_port_statistics. */
    void portStatistics(int port, ByteBuffer statistics);

    /** Fills vnfkit_extended_statistic; returns how many there are, which may be more than fit: then none is written. */
    int portExtendedStatistics(int port, ByteBuffer statistics, int capacity);

    /** Sets the counters of a port to 0. */
    void resetPortStatistics(int port);

    /** Makes a table of routes for addresses of 4 or 16 bytes. */
    int createRoutes(int addressBytes, int groups, int node);

    /** Applies changes until one fails. */
    Applied applyRoutes(int routes, ByteBuffer changes, int count);

    /** Frees a table that no task uses. */
    void freeRoutes(int routes);

    /** Makes a table of next hops. */
    int createNextHops(int capacity, int node);

    /** Writes a slot that no route names. */
    void setNextHop(int nextHops, int slot, ByteBuffer nextHop);

    /** Frees a table that no task uses. */
    void freeNextHops(int nextHops);

    /** Makes a table of subscribers. */
    int createSubscribers(int capacity, int node);

    /** Applies changes until one fails. */
    Applied applySubscribers(int subscribers, ByteBuffer changes, int count);

    /** How many there are. */
    long countSubscribers(int subscribers);

    /** Frees a table that no task uses. */
    void freeSubscribers(int subscribers);

    /** Waits for a grace period. */
    void synchronize();

    /** Makes a task. */
    int createTask(ByteBuffer configuration);

    /** Frees a task that is stopped. */
    void freeTask(int task);

    /** Gives a task to an lcore. */
    void startTask(int task, int lcore);

    /** Takes it back; returns when the lcore has left it. */
    void stopTask(int task);

    /** Changes the rate of a generator. */
    void setGeneratorRate(int task, int unit, long rate);

    /** The address of a direct buffer, which must stay reachable for as long as the core uses it. */
    long addressOf(ByteBuffer buffer);

    /** Says where an lcore without tasks shall write its statistics. */
    void watchLcore(int lcore, ByteBuffer statistics, boolean measureGaps);
}

package io.vnfkit.dpdk;

import io.vnfkit.dpdk.channel.ChannelSide;
import io.vnfkit.dpdk.channel.Direction;
import io.vnfkit.dpdk.function.Task;
import io.vnfkit.dpdk.port.Port;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Description of what a forwarding core does: ports, rings, channels, tables and tasks.
 *
 * <pre>{@code
 * Forwarding router = Forwarding.of(
 *                 Port.of("west", new Device.AfPacket(0, "eth0", 1)), Port.of("east", new Device.AfPacket(1, "eth1", 1)))
 *         .routes(RouteTable.ipv4("fib", 1000))
 *         .task(Task.of("l3fwd", new L3Forward(Optional.of("fib"), Optional.empty(), true))
 *                 .from(Endpoint.port("west"), Endpoint.port("east"))
 *                 .to(Endpoint.port("west"), Endpoint.port("east")).on(1));
 * }</pre>
 *
 * <p>Immutable and thread-safe: every method returns a new value. Nothing is touched before
 * {@link ForwardingCore#start}.
 *
 * @param ports the ports
 * @param rings rings between tasks
 * @param channels sides of packet channels to other processes
 * @param routeTables tables of routes
 * @param subscriberTables tables of subscribers
 * @param tasks the tasks
 * @param nextHops how many distinct next hops the routes of all tables may have
 * @param pool size of mbufs and their number
 * @param statisticsFile where other processes can read the statistics
 * @param measureGaps whether lcores measure the longest time between two iterations, which costs them some nanoseconds
 *     each time
 */
public record Forwarding(List<Port> ports, List<Ring> rings, List<Channel> channels, List<RouteTable> routeTables,
        List<SubscriberTable> subscriberTables, List<Task> tasks, int nextHops, Pool pool, Optional<Path> statisticsFile,
        boolean measureGaps) {

    private static final int DEFAULT_NEXT_HOPS = 1024;

    /**
     * A ring between tasks, with packets of one or several producers for one or several consumers, as the tasks say.
     *
     * @param name how the description calls it
     * @param size how many packets it holds at most
     */
    public record Ring(String name, int size) {
        /** Checks the range. */
        public Ring {
            Objects.requireNonNull(name, "name");
            if (size < 1 || size > 1 << 20) {
                throw new IllegalArgumentException("a ring holds 1 to 1048576 packets, not " + size);
            }
        }
    }

    /**
     * A side of a packet channel in memory that other processes have too. A receiver is the input of one task, a sender the
     * output of one; no packet that lies in the shared memory is copied.
     *
     * @param name how the description calls it
     * @param side which side of which channel
     */
    public record Channel(String name, ChannelSide side) {
        /** Checks that they are there. */
        public Channel {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(side, "side");
        }

        boolean isSender() {
            return side.direction() == Direction.SENDER;
        }
    }

    /**
     * A table of subscribers.
     *
     * @param name how the description calls it
     * @param capacity how many it holds at most
     */
    public record SubscriberTable(String name, int capacity) {
        /** Checks the range. */
        public SubscriberTable {
            Objects.requireNonNull(name, "name");
            if (capacity < 1 || capacity > 1 << 24) {
                throw new IllegalArgumentException(
                        "a table holds 1 to 16777216 subscribers (two tags of 12 bits), not " + capacity);
            }
        }

        long bytes() {
            // Two maps of 16 to 32 bytes a key, a record of 32 bytes, two lists of 4.
            long buckets = Long.highestOneBit(Math.max(1, (2L * capacity + 7) / 8 - 1)) * 2;
            return 2 * buckets * 64 + capacity * 40L;
        }
    }

    /**
     * The mempools, one on each node that has ports or tasks.
     *
     * @param mbufs how many in each; 0 for as many as ports, rings, tasks and caches can hold at once
     * @param cache how many each lcore keeps for itself, 0 to 512
     * @param dataRoom bytes of a packet that fit into one mbuf, behind the headroom
     */
    public record Pool(int mbufs, int cache, int dataRoom) {
        /** A number that follows from the description, and packets of 2048 bytes. */
        public static final Pool DEFAULT = new Pool(0, 256, 2048);

        /** Checks the ranges. */
        public Pool {
            if (mbufs < 0 || cache < 0 || cache > 512 || dataRoom < 64 || dataRoom > 65000) {
                throw new IllegalArgumentException("a mempool of " + mbufs + " mbufs of " + dataRoom
                        + " bytes with caches of " + cache + " is not possible");
            }
        }
    }

    /** Copies the lists. */
    public Forwarding {
        ports = List.copyOf(ports);
        rings = List.copyOf(rings);
        channels = List.copyOf(channels);
        routeTables = List.copyOf(routeTables);
        subscriberTables = List.copyOf(subscriberTables);
        tasks = List.copyOf(tasks);
        Objects.requireNonNull(pool, "pool");
        Objects.requireNonNull(statisticsFile, "statisticsFile");
        if (nextHops < 1 || nextHops > 1 << 20) {
            throw new IllegalArgumentException("1 to 1048576 next hops, not " + nextHops);
        }
    }

    /**
     * A description with these ports and nothing else.
     *
     * @param ports the ports
     * @return the description
     */
    public static Forwarding of(Port... ports) {
        return new Forwarding(Arrays.asList(ports), List.of(), List.of(), List.of(), List.of(), List.of(),
                DEFAULT_NEXT_HOPS, Pool.DEFAULT, Optional.empty(), false);
    }

    /**
     * Adds a ring.
     *
     * @param name how the description calls it
     * @param size how many packets it holds at most
     * @return the new description
     */
    public Forwarding ring(String name, int size) {
        return new Forwarding(ports, with(rings, new Ring(name, size)), channels, routeTables, subscriberTables, tasks,
                nextHops, pool, statisticsFile, measureGaps);
    }

    /**
     * Adds a side of a packet channel. The forwarding core becomes this side when it starts and gives it up when it is
     * closed, before the shared memory is detached.
     *
     * <p>Virtual devices reach the shared memory without ado. A network card needs it on hugepages, and an EAL whose
     * addresses for devices are virtual ({@code --iova-mode=va}, the default with an IOMMU); otherwise its port is refused
     * with EOPNOTSUPP when the core starts.
     *
     * @param name how the description calls it
     * @param side which side of which channel
     * @return the new description
     */
    public Forwarding channel(String name, ChannelSide side) {
        return new Forwarding(ports, rings, with(channels, new Channel(name, side)), routeTables, subscriberTables, tasks,
                nextHops, pool, statisticsFile, measureGaps);
    }

    /**
     * Adds a table of routes.
     *
     * @param table the table
     * @return the new description
     */
    public Forwarding routes(RouteTable table) {
        return new Forwarding(ports, rings, channels, with(routeTables, table), subscriberTables, tasks, nextHops, pool,
                statisticsFile, measureGaps);
    }

    /**
     * Adds a table of subscribers.
     *
     * @param name how the description calls it
     * @param capacity how many it holds at most
     * @return the new description
     */
    public Forwarding subscribers(String name, int capacity) {
        return new Forwarding(ports, rings, channels, routeTables,
                with(subscriberTables, new SubscriberTable(name, capacity)), tasks, nextHops, pool, statisticsFile, measureGaps);
    }

    /**
     * Adds a task.
     *
     * @param task the task
     * @return the new description
     */
    public Forwarding task(Task task) {
        return new Forwarding(ports, rings, channels, routeTables, subscriberTables, with(tasks, task), nextHops, pool,
                statisticsFile, measureGaps);
    }

    /**
     * Sets how many distinct next hops there may be, 1024 otherwise.
     *
     * @param count how many
     * @return the new description
     */
    public Forwarding nextHops(int count) {
        return new Forwarding(ports, rings, channels, routeTables, subscriberTables, tasks, count, pool, statisticsFile,
                measureGaps);
    }

    /**
     * Sets the size of the mempools.
     *
     * @param size mbufs, caches and data room
     * @return the new description
     */
    public Forwarding pool(Pool size) {
        return new Forwarding(ports, rings, channels, routeTables, subscriberTables, tasks, nextHops, size,
                statisticsFile, measureGaps);
    }

    /**
     * Puts the statistics into a file, where other processes read them with
     * {@link io.vnfkit.dpdk.statistics.StatisticsArea#open}.
     *
     * @param file best on a tmpfs; it stays when the core is closed
     * @return the new description
     */
    public Forwarding statisticsFile(Path file) {
        return new Forwarding(ports, rings, channels, routeTables, subscriberTables, tasks, nextHops, pool,
                Optional.of(file), measureGaps);
    }

    /**
     * Lets lcores measure the longest time between two iterations.
     *
     * @return the new description
     */
    public Forwarding measuringGaps() {
        return new Forwarding(ports, rings, channels, routeTables, subscriberTables, tasks, nextHops, pool,
                statisticsFile, true);
    }

    private static <T> List<T> with(List<T> list, T added) {
        List<T> longer = new ArrayList<>(list);
        longer.add(added);
        return longer;
    }
}

package io.vnfkit.dpdk.binding;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.StringArray;
import io.vnfkit.dpdk.DpdkException;
import io.vnfkit.linux.Errno;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** The forwarding core in this process. */
final class NativeForwarder implements Forwarder {

    private static final int LCORE_SIZE = 16;

    @Override
    public synchronized String dpdkVersion() {
        return ForwarderLibrary.vnfkit_dpdk_version();
    }

    @Override
    public synchronized void startEal(List<String> arguments, int logDescriptor) {
        String what = "rte_eal_init " + String.join(" ", arguments);
        StringArray words = new StringArray(arguments.toArray(String[]::new), "UTF-8");
        int result = ForwarderLibrary.vnfkit_eal_start(
                arguments.size(), Pointer.nativeValue(words), logDescriptor);
        Reference.reachabilityFence(words);
        if (result == -Errno.EALREADY.number()) {
            throw new DpdkException(what, Errno.EALREADY.number(), "the EAL can be started once in a process");
        }
        check(what, result);
    }

    @Override
    public synchronized void stopEal() {
        check("rte_eal_cleanup", ForwarderLibrary.vnfkit_eal_stop());
    }

    @Override
    public synchronized List<Lcore> lcores() {
        ByteBuffer buffer = direct(LCORE_SIZE * 1024);
        int count = check("list lcores", ForwarderLibrary.vnfkit_lcores(buffer, 1024));
        List<Lcore> lcores = new ArrayList<>();
        for (int at = 0; at < count * LCORE_SIZE; at += LCORE_SIZE) {
            lcores.add(new Lcore(buffer.getInt(at), buffer.getInt(at + 4), buffer.getInt(at + 8),
                    buffer.getInt(at + 12) != 0));
        }
        return List.copyOf(lcores);
    }

    @Override
    public synchronized long tscHertz() {
        return ForwarderLibrary.vnfkit_tsc_hertz();
    }

    @Override
    public synchronized Heap heap(int node) {
        ByteBuffer free = direct(Long.BYTES);
        ByteBuffer total = direct(Long.BYTES);
        check("read the heap of node " + node, ForwarderLibrary.vnfkit_heap(node, free, total));
        return new Heap(free.getLong(0), total.getLong(0));
    }

    @Override
    public synchronized void logLevel(String pattern, int level) {
        check("set log level " + level + " of " + pattern, ForwarderLibrary.vnfkit_log_level(pattern, level));
    }

    @Override
    public synchronized int createPool(String name, int mbufs, int cache, int dataRoom, int node) {
        return check("create mempool \"" + name + "\" of " + mbufs + " mbufs with " + dataRoom + " bytes on node " + node,
                ForwarderLibrary.vnfkit_pool_create(name, mbufs, cache, dataRoom, node));
    }

    @Override
    public synchronized void freePool(int pool) {
        check("free mempool", ForwarderLibrary.vnfkit_pool_free(pool));
    }

    @Override
    public synchronized long retirePool(int pool) {
        return check("give up mempool", ForwarderLibrary.vnfkit_pool_retire(pool));
    }

    @Override
    public synchronized long availableInPool(int pool) {
        return check("count mempool", ForwarderLibrary.vnfkit_pool_available(pool));
    }

    @Override
    public synchronized int createRing(String name, int size, int node, boolean oneProducer, boolean oneConsumer) {
        return check("create ring \"" + name + "\" of " + size + " on node " + node,
                ForwarderLibrary.vnfkit_ring_create(name, size, node, oneProducer ? 1 : 0, oneConsumer ? 1 : 0));
    }

    @Override
    public synchronized void freeRing(int ring) {
        check("free ring", ForwarderLibrary.vnfkit_ring_free(ring));
    }

    @Override
    public synchronized long countInRing(int ring) {
        return check("count ring", ForwarderLibrary.vnfkit_ring_count(ring));
    }

    @Override
    public synchronized void fillRing(int ring, int pool, int count, ByteBuffer frame) {
        check("put " + count + " packets into a ring",
                ForwarderLibrary.vnfkit_ring_fill(ring, pool, count, frame, frame.remaining()));
    }

    @Override
    public synchronized long drainRing(int ring) {
        return check("drain ring", ForwarderLibrary.vnfkit_ring_drain(ring));
    }

    @Override
    public synchronized int openChannel(ByteBuffer configuration) {
        int result = ForwarderLibrary.vnfkit_channel_open(configuration);
        if (result == -Errno.EILSEQ.number()) {
            throw new DpdkException("open a packet channel", Errno.EILSEQ.number(),
                    "the rings in memory are others than described: is it another file, or is the region damaged?");
        }
        return check("open a packet channel", result);
    }

    @Override
    public synchronized boolean closeChannel(int channel) {
        return check("close a packet channel", ForwarderLibrary.vnfkit_channel_close(channel)) == 0;
    }

    @Override
    public synchronized long restartChannel(int channel) {
        return check("restart a packet channel", ForwarderLibrary.vnfkit_channel_restart(channel));
    }

    @Override
    public synchronized int poolOfChannel(int channel) {
        return check("find the mempool of a packet channel", ForwarderLibrary.vnfkit_channel_pool(channel));
    }

    @Override
    public synchronized void channelInfo(int channel, ByteBuffer info) {
        check("read information of a packet channel", ForwarderLibrary.vnfkit_channel_info(channel, info));
    }

    @Override
    public synchronized void plugDevice(String name, String arguments) {
        check("rte_vdev_init " + name + "," + arguments, ForwarderLibrary.vnfkit_device_plug(name, arguments));
    }

    @Override
    public synchronized void unplugDevice(String name) {
        check("rte_vdev_uninit " + name, ForwarderLibrary.vnfkit_device_unplug(name));
    }

    @Override
    public synchronized int findPort(String device) {
        return check("find the port of " + device, ForwarderLibrary.vnfkit_port_find(device));
    }

    @Override
    public synchronized void configurePort(int port, ByteBuffer configuration) {
        check("configure port " + port, ForwarderLibrary.vnfkit_port_configure(port, configuration));
    }

    @Override
    public synchronized void startPort(int port) {
        check("rte_eth_dev_start of port " + port, ForwarderLibrary.vnfkit_port_start(port));
    }

    @Override
    public synchronized void stopPort(int port) {
        check("rte_eth_dev_stop of port " + port, ForwarderLibrary.vnfkit_port_stop(port));
    }

    @Override
    public synchronized void releasePort(int port) {
        check("release the queues of port " + port, ForwarderLibrary.vnfkit_port_release(port));
    }

    @Override
    public synchronized void closePort(int port) {
        check("rte_eth_dev_close of port " + port, ForwarderLibrary.vnfkit_port_close(port));
    }

    @Override
    public synchronized void portInfo(int port, ByteBuffer info) {
        check("read information of port " + port, ForwarderLibrary.vnfkit_port_info(port, info));
    }

    @Override
    public synchronized void setPortMac(int port, ByteBuffer mac) {
        check("set the MAC address of port " + port, ForwarderLibrary.vnfkit_port_set_mac(port, mac));
    }

    @Override
    public synchronized void setPortPromiscuous(int port, boolean on) {
        check("switch promiscuous mode of port " + port + (on ? " on" : " off"),
                ForwarderLibrary.vnfkit_port_set_promiscuous(port, on ? 1 : 0));
    }

    @Override
    public synchronized void portStatistics(int port, ByteBuffer statistics) {
        check("read statistics of port " + port, ForwarderLibrary.vnfkit_port_statistics(port, statistics));
    }

    @Override
    public synchronized int portExtendedStatistics(int port, ByteBuffer statistics, int capacity) {
        return check("read extended statistics of port " + port,
                ForwarderLibrary.vnfkit_port_extended(port, statistics, capacity));
    }

    @Override
    public synchronized void resetPortStatistics(int port) {
        check("reset statistics of port " + port, ForwarderLibrary.vnfkit_port_reset_statistics(port));
    }

    @Override
    public synchronized int createRoutes(int addressBytes, int groups, int node) {
        return check("create a table of routes with " + groups + " groups on node " + node,
                ForwarderLibrary.vnfkit_routes_create(addressBytes, groups, node));
    }

    @Override
    public synchronized Applied applyRoutes(int routes, ByteBuffer changes, int count) {
        ByteBuffer done = direct(Integer.BYTES);
        int result = ForwarderLibrary.vnfkit_routes_apply(routes, changes, count, done);
        return new Applied(done.getInt(0), result);
    }

    @Override
    public synchronized void freeRoutes(int routes) {
        check("free a table of routes", ForwarderLibrary.vnfkit_routes_free(routes));
    }

    @Override
    public synchronized int createNextHops(int capacity, int node) {
        return check("create a table of " + capacity + " next hops on node " + node,
                ForwarderLibrary.vnfkit_next_hops_create(capacity, node));
    }

    @Override
    public synchronized void setNextHop(int nextHops, int slot, ByteBuffer nextHop) {
        check("write next hop " + slot, ForwarderLibrary.vnfkit_next_hops_set(nextHops, slot, nextHop));
    }

    @Override
    public synchronized void freeNextHops(int nextHops) {
        check("free a table of next hops", ForwarderLibrary.vnfkit_next_hops_free(nextHops));
    }

    @Override
    public synchronized int createSubscribers(int capacity, int node) {
        return check("create a table of " + capacity + " subscribers on node " + node,
                ForwarderLibrary.vnfkit_subscribers_create(capacity, node));
    }

    @Override
    public synchronized Applied applySubscribers(int subscribers, ByteBuffer changes, int count) {
        ByteBuffer done = direct(Integer.BYTES);
        int result = ForwarderLibrary.vnfkit_subscribers_apply(subscribers, changes, count, done);
        return new Applied(done.getInt(0), result);
    }

    @Override
    public synchronized long countSubscribers(int subscribers) {
        return check("count subscribers", ForwarderLibrary.vnfkit_subscribers_count(subscribers));
    }

    @Override
    public synchronized void freeSubscribers(int subscribers) {
        check("free a table of subscribers", ForwarderLibrary.vnfkit_subscribers_free(subscribers));
    }

    @Override
    public synchronized void synchronize() {
        check("wait for a grace period", ForwarderLibrary.vnfkit_synchronize());
    }

    @Override
    public synchronized int createTask(ByteBuffer configuration) {
        return check("create a task", ForwarderLibrary.vnfkit_task_create(configuration));
    }

    @Override
    public synchronized void freeTask(int task) {
        check("free a task", ForwarderLibrary.vnfkit_task_free(task));
    }

    @Override
    public synchronized void startTask(int task, int lcore) {
        check("start a task on lcore " + lcore, ForwarderLibrary.vnfkit_task_start(task, lcore));
    }

    @Override
    public synchronized void stopTask(int task) {
        check("stop a task", ForwarderLibrary.vnfkit_task_stop(task));
    }

    @Override
    public synchronized void setGeneratorRate(int task, int unit, long rate) {
        check("set the rate of a generator to " + rate, ForwarderLibrary.vnfkit_generator_rate(task, unit, rate));
    }

    @Override
    public synchronized void watchLcore(int lcore, ByteBuffer statistics, boolean measureGaps) {
        check("watch lcore " + lcore,
                ForwarderLibrary.vnfkit_lcore_watch(lcore, statistics, measureGaps ? 1 : 0));
    }

    @Override
    public long addressOf(ByteBuffer buffer) {
        return Pointer.nativeValue(Native.getDirectBufferPointer(buffer));
    }

    private static ByteBuffer direct(int size) {
        return ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
    }

    private static int check(String what, int result) {
        return (int) check(what, (long) result);
    }

    private static long check(String what, long result) {
        if (result < 0) {
            throw new DpdkException(what, (int) -result, "");
        }
        return result;
    }
}

package io.vnfkit.dpdk;

import io.vnfkit.dpdk.Forwarding.Channel;
import io.vnfkit.dpdk.Forwarding.Ring;
import io.vnfkit.dpdk.binding.Forwarder;
import io.vnfkit.dpdk.channel.RunningChannel;
import io.vnfkit.dpdk.function.Endpoint;
import io.vnfkit.dpdk.function.NetworkFunction.Sink;
import io.vnfkit.dpdk.function.Task;
import io.vnfkit.dpdk.function.TaskLayout;
import io.vnfkit.dpdk.port.Device;
import io.vnfkit.dpdk.port.Port;
import io.vnfkit.dpdk.port.PortLayout;
import io.vnfkit.dpdk.port.RunningPort;
import io.vnfkit.dpdk.statistics.StatisticsArea;
import io.vnfkit.dpdk.table.NextHops;
import io.vnfkit.dpdk.table.Routes;
import io.vnfkit.dpdk.table.Subscribers;
import io.vnfkit.linux.Errno;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries a plan out. Each thing that is made says at once how it is given back. */
final class ForwardingBuilder {

    private static final Logger LOG = LoggerFactory.getLogger(ForwardingBuilder.class);

    /** Names in the EAL are those of the process, and a process may have several cores after each other. */
    private static final AtomicInteger SERIAL = new AtomicInteger();

    private final Forwarder forwarder;
    private final ForwardingPlan plan;
    private final Forwarding forwarding;
    private final ForwardingParts parts;
    private final String prefix = "vnfkit" + SERIAL.getAndIncrement();
    private final MbufRecovery mbufs;
    private NextHops nextHops;

    ForwardingBuilder(Forwarder forwarder, ForwardingPlan plan, ForwardingParts parts) {
        this.forwarder = forwarder;
        this.plan = plan;
        this.forwarding = plan.forwarding();
        this.parts = parts;
        this.mbufs = new MbufRecovery(forwarder, parts.poolByNode(), plan.mbufs(), parts.channels().values());
    }

    void build() {
        pools();
        channels();
        parts.onClose(mbufs::recover);
        forwarding.ports().forEach(this::port);
        forwarding.rings().forEach(this::ring);
        tables();
        statistics();
        forwarding.tasks().forEach(this::task);
    }

    private void pools() {
        for (int node : plan.nodes()) {
            int pool = forwarder.createPool(prefix + "p" + node, plan.mbufs(), forwarding.pool().cache(),
                    forwarding.pool().dataRoom(), node);
            parts.poolByNode().put(node, pool);
            parts.onClose(() -> mbufs.free(pool));
        }
    }

    /**
     * Ports receive into their buffers, so they come before ports. Receivers come before senders: at the end, a sender
     * waits for packets that go back through a receiver.
     */
    private void channels() {
        forwarding.channels().stream().filter(channel -> !channel.isSender()).forEach(this::channel);
        forwarding.channels().stream().filter(Channel::isSender).forEach(this::channel);
    }

    private void channel(Channel channel) {
        RunningChannel running = RunningChannel.open(forwarder, channel.name(), channel.side(),
                prefix + "c" + parts.channels().size(), plan.nodes().get(0), () -> runningTask(channel));
        parts.onClose(running::close);
        parts.channels().put(channel.name(), running);
    }

    private Optional<String> runningTask(Channel channel) {
        Endpoint end = Endpoint.channel(channel.name());
        return parts.tasks().values().stream().filter(RunningTask::isRunning).map(RunningTask::description)
                .filter(task -> task.inputs().contains(end) || task.outputs().contains(end)).map(Task::name).findFirst();
    }

    private int poolOf(Port port, RunningPort running) {
        if (port.channel().isPresent()) {
            return parts.channels().get(port.channel().get()).pool();
        }
        int node = running.information().node();
        return parts.poolByNode().getOrDefault(node, parts.poolByNode().values().iterator().next());
    }

    private void port(Port port) {
        Device device = port.device();
        if (device.isMade()) {
            forwarder.plugDevice(device.name(), device.parameters());
            parts.onClose(() -> forwarder.unplugDevice(device.name()));
        }
        int id = forwarder.findPort(device.name());
        RunningPort running = new RunningPort(forwarder, port, id);
        if (!device.isMade()) {
            mbufs.mayStayWith(running);
        }
        parts.onClose(running::close);
        forwarder.configurePort(id, PortLayout.configuration(port, poolOf(port, running)));
        port.mac().ifPresent(running::setMac);
        forwarder.startPort(id);
        parts.onClose(() -> forwarder.stopPort(id));
        if (port.promiscuous() != running.information().promiscuous()) {
            switchPromiscuous(running, port.promiscuous());
        }
        parts.ports().put(port.name(), running);
    }

    /** virtio without a control queue, for one, has no such mode: it gives whatever its other side sends. */
    private static void switchPromiscuous(RunningPort port, boolean on) {
        try {
            port.setPromiscuous(on);
        } catch (DpdkException failure) {
            if (!on || failure.errno() != Errno.EOPNOTSUPP) {
                throw failure;
            }
            LOG.warn("{} has no promiscuous mode; it gives the packets that its device takes", port);
        }
    }

    private void ring(Ring ring) {
        boolean oneProducer = users(ring, true) == 1;
        boolean oneConsumer = users(ring, false) == 1;
        int handle = forwarder.createRing(
                prefix + "r" + parts.rings().size(), ring.size(), plan.nodes().get(0), oneProducer, oneConsumer);
        parts.rings().put(ring.name(), handle);
        parts.onClose(() -> {
            forwarder.drainRing(handle);
            forwarder.freeRing(handle);
        });
    }

    private long users(Ring ring, boolean asOutput) {
        Endpoint end = Endpoint.ring(ring.name());
        return forwarding.tasks().stream()
                .filter(task -> (asOutput ? task.outputs() : task.inputs()).contains(end)).count();
    }

    private void tables() {
        int node = plan.nodes().get(0);
        nextHops = new NextHops(
                forwarder, forwarder.createNextHops(forwarding.nextHops(), node), forwarding.nextHops());
        parts.onClose(nextHops::free);
        for (RouteTable table : forwarding.routeTables()) {
            int handle = forwarder.createRoutes(table.isIpv4() ? 4 : 16, table.groups(), node);
            Routes routes = new Routes(forwarder, handle, table.isIpv4(), table.name(), nextHops);
            parts.onClose(routes::free);
            parts.routes().put(table.name(), routes);
        }
        for (Forwarding.SubscriberTable table : forwarding.subscriberTables()) {
            int handle = forwarder.createSubscribers(table.capacity(), node);
            Subscribers subscribers = new Subscribers(forwarder, handle, table.name());
            parts.onClose(subscribers::free);
            parts.subscribers().put(table.name(), subscribers);
        }
    }

    private void statistics() {
        List<String> tasks = forwarding.tasks().stream().map(Task::name).toList();
        List<Integer> lcores = forwarding.tasks().stream().map(Task::lcore).distinct().sorted().toList();
        List<String> sinks = forwarding.tasks().stream().filter(task -> task.function() instanceof Sink)
                .map(Task::name).toList();
        long hertz = forwarder.tscHertz();
        StatisticsArea area = forwarding.statisticsFile().isPresent()
                ? StatisticsArea.inFile(forwarding.statisticsFile().get(), tasks, lcores, sinks, hertz)
                : StatisticsArea.inMemory(tasks, lcores, sinks, hertz);
        parts.statistics(area);
        for (int lcore : lcores) {
            ByteBuffer memory = area.ofLcore(lcore);
            forwarder.watchLcore(lcore, memory, forwarding.measureGaps());
            parts.onClose(() -> forwarder.watchLcore(lcore, null, false));
        }
    }

    private void task(Task task) {
        ByteBuffer templates = TaskLayout.templates(task);
        ByteBuffer configuration = TaskLayout.encode(
                task, new BoundHandles(forwarder, plan, parts, nextHops), templates);
        int handle = forwarder.createTask(configuration);
        // Only their address is in the configuration.
        Reference.reachabilityFence(templates);
        RunningTask running = new RunningTask(forwarder, task, handle, parts.statistics());
        parts.tasks().put(task.name(), running);
        parts.onClose(running::free);
    }
}

package io.vnfkit.dpdk;

import io.vnfkit.dpdk.binding.Forwarder;
import io.vnfkit.dpdk.channel.RunningChannel;
import io.vnfkit.dpdk.function.Endpoint;
import io.vnfkit.dpdk.port.RunningPort;
import io.vnfkit.dpdk.statistics.ForwardingStatistics;
import io.vnfkit.dpdk.statistics.StatisticsArea;
import io.vnfkit.dpdk.table.Routes;
import io.vnfkit.dpdk.table.Subscribers;
import io.vnfkit.linux.KernelFiles;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import java.util.function.Consumer;

/**
 * Forwards packets in C, on lcores that no JVM knows of. Java sets it up, starts and stops tasks, changes tables while
 * packets flow, and reads counters from memory; no call is made per packet.
 *
 * <pre>{@code
 * try (Eal eal = Eal.start(List.of(args)); ForwardingCore core = ForwardingCore.start(eal, router)) {
 *     core.routes("fib").put(IpPrefix.parse("10.2.0.0/16"), NextHop.via(1, neighbour, own));
 *     core.startTasks();
 *     ...
 *     System.out.println(core.statistics().task("l3fwd").sent());
 * }
 * }</pre>
 *
 * <p>Thread-safe.
 */
public final class ForwardingCore implements AutoCloseable {

    private final ForwardingPlan plan;
    private final ForwardingParts parts;

    private ForwardingCore(ForwardingPlan plan, ForwardingParts parts) {
        this.plan = plan;
        this.parts = parts;
    }

    /**
     * Checks a description against an EAL and makes everything in it. Ports are started, tasks are not; the sides of
     * channels are taken. If anything fails, what was made is given back.
     *
     * @param eal a started EAL
     * @param forwarding what to do
     * @return the core
     * @throws InvalidForwardingException with everything that is wrong, before anything is made
     * @throws DpdkException if DPDK refuses
     */
    public static ForwardingCore start(Eal eal, Forwarding forwarding) {
        return start(eal.forwarder(), plan(eal, forwarding));
    }

    /**
     * Plans only.
     *
     * @param eal a started EAL
     * @param forwarding what to do
     * @return the plan
     * @throws InvalidForwardingException with everything that is wrong
     */
    public static ForwardingPlan plan(Eal eal, Forwarding forwarding) {
        return ForwardingPlan.of(forwarding, EalResources.of(eal.forwarder(), KernelFiles.host()));
    }

    static ForwardingCore start(Forwarder forwarder, ForwardingPlan plan) {
        ForwardingParts parts = new ForwardingParts(forwarder);
        try {
            new ForwardingBuilder(forwarder, plan, parts).build();
        } catch (RuntimeException failure) {
            parts.closeAfter(failure);
            throw failure;
        }
        return new ForwardingCore(plan, parts);
    }

    /**
     * What it was made from.
     *
     * @return the plan
     */
    public ForwardingPlan plan() {
        return plan;
    }

    /** Starts all tasks, the last of the description first, so that whoever takes packets is there before they come. */
    public void startTasks() {
        RunningTask[] tasks = parts.tasks().values().toArray(RunningTask[]::new);
        for (int i = tasks.length - 1; i >= 0; i--) {
            tasks[i].start();
        }
    }

    /** Stops all tasks, the first of the description first. */
    public void stopTasks() {
        parts.tasks().values().forEach(RunningTask::stop);
    }

    /**
     * A task.
     *
     * @param name its name in the description
     * @return the task
     * @throws IllegalArgumentException if there is none of this name
     */
    public RunningTask task(String name) {
        return named("task", parts.tasks(), name);
    }

    /**
     * A port.
     *
     * @param name its name in the description
     * @return the port
     * @throws IllegalArgumentException if there is none of this name
     */
    public RunningPort port(String name) {
        return named("port", parts.ports(), name);
    }

    /**
     * All ports.
     *
     * @return in the order of the description
     */
    public Collection<RunningPort> ports() {
        return Collections.unmodifiableCollection(parts.ports().values());
    }

    /**
     * A table of routes.
     *
     * @param name its name in the description
     * @return the table
     * @throws IllegalArgumentException if there is none of this name
     */
    public Routes routes(String name) {
        return named("table of routes", parts.routes(), name);
    }

    /**
     * A table of subscribers.
     *
     * @param name its name in the description
     * @return the table
     * @throws IllegalArgumentException if there is none of this name
     */
    public Subscribers subscribers(String name) {
        return named("table of subscribers", parts.subscribers(), name);
    }

    /**
     * A side of a packet channel.
     *
     * @param name its name in the description
     * @return the side
     * @throws IllegalArgumentException if there is none of this name
     */
    public RunningChannel channel(String name) {
        return named("channel", parts.channels(), name);
    }

    private static <T> T named(String kind, Map<String, T> things, String name) {
        T thing = things.get(name);
        if (thing == null) {
            throw new IllegalArgumentException("no " + kind + " \"" + name + "\"; there are " + things.keySet());
        }
        return thing;
    }

    /**
     * All counters, read from memory.
     *
     * @return the values now
     */
    public ForwardingStatistics statistics() {
        return parts.statistics().read();
    }

    /**
     * The memory that lcores count in.
     *
     * @return the area
     */
    public StatisticsArea statisticsArea() {
        return parts.statistics();
    }

    /**
     * Calls a listener with all counters, again and again, on a daemon thread of its own.
     *
     * @param interval time between two calls
     * @param listener what to call; an exception of it ends the calls
     * @return closes the subscription
     */
    public AutoCloseable onStatistics(Duration interval, Consumer<ForwardingStatistics> listener) {
        ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "vnfkit-statistics");
            thread.setDaemon(true);
            return thread;
        });
        executor.scheduleAtFixedRate(
                () -> listener.accept(statistics()), interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
        return executor::shutdownNow;
    }

    /**
     * Mbufs that are in the mempools and not with a queue, ring or task.
     *
     * @return their number, all nodes together
     * @throws IllegalStateException if the core is closed
     */
    public long availableMbufs() {
        return parts.availableMbufs();
    }

    /**
     * Puts packets into a ring of the description, for instance to let them go round a loop of tasks.
     *
     * @param ring its name
     * @param frame content of each
     * @param count how many
     * @throws IllegalStateException if the one task that fills this ring runs: such a ring is not made for a second
     *     producer; or if the core is closed
     */
    public void inject(String ring, byte[] frame, int count) {
        int handle = named("ring", parts.rings(), ring);
        List<RunningTask> producers = parts.tasks().values().stream()
                .filter(task -> task.description().outputs().contains(Endpoint.ring(ring))).toList();
        if (producers.size() == 1 && producers.get(0).isRunning()) {
            throw new IllegalStateException("task \"" + producers.get(0).description().name()
                    + "\" fills the ring \"" + ring + "\": stop it before packets are put in beside it");
        }
        parts.inject(handle, frame, count);
    }

    /**
     * Stops the tasks and gives everything back, in the reverse order. Does nothing the second time. Tasks, tables and
     * ports of a closed core refuse whatever would need it, with an {@link IllegalStateException}.
     *
     * <p>A port that was there before the core, such as a network card, is stopped without queues and can be used by
     * another core. Where its driver keeps mbufs beyond that, their mempool stays in memory until they are back.
     */
    @Override
    public void close() {
        parts.close();
    }
}

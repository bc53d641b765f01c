package io.vnfkit.dpdk;

import io.vnfkit.dpdk.binding.Forwarder;
import io.vnfkit.dpdk.channel.RunningChannel;
import io.vnfkit.dpdk.port.RunningPort;
import io.vnfkit.dpdk.statistics.StatisticsArea;
import io.vnfkit.dpdk.table.Routes;
import io.vnfkit.dpdk.table.Subscribers;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What a forwarding core has made so far, and how to give it back. */
final class ForwardingParts {

    /**
     * Those that are not closed. Lcores write into their statistics areas, also when nobody in Java holds the forwarding
     * core any more.
     */
    private static final Set<ForwardingParts> OPEN = ConcurrentHashMap.newKeySet();

    private final Forwarder forwarder;
    private final Map<String, RunningTask> tasks = new LinkedHashMap<>();
    private final Map<String, RunningPort> ports = new LinkedHashMap<>();
    private final Map<String, Routes> routes = new LinkedHashMap<>();
    private final Map<String, Subscribers> subscribers = new LinkedHashMap<>();
    private final Map<String, Integer> rings = new LinkedHashMap<>();
    private final Map<String, RunningChannel> channels = new LinkedHashMap<>();
    private final Map<Integer, Integer> poolByNode = new LinkedHashMap<>();
    private final Deque<Runnable> undo = new ArrayDeque<>();
    private StatisticsArea statistics;
    private boolean isClosed;

    ForwardingParts(Forwarder forwarder) {
        this.forwarder = forwarder;
        OPEN.add(this);
    }

    /** Whether a forwarding core lives on this EAL. */
    static boolean isAnyOpen(Forwarder forwarder) {
        return OPEN.stream().anyMatch(parts -> parts.forwarder == forwarder);
    }

    Map<String, RunningTask> tasks() {
        return tasks;
    }

    Map<String, RunningPort> ports() {
        return ports;
    }

    Map<String, Routes> routes() {
        return routes;
    }

    Map<String, Subscribers> subscribers() {
        return subscribers;
    }

    Map<String, Integer> rings() {
        return rings;
    }

    Map<String, RunningChannel> channels() {
        return channels;
    }

    Map<Integer, Integer> poolByNode() {
        return poolByNode;
    }

    StatisticsArea statistics() {
        return statistics;
    }

    void statistics(StatisticsArea area) {
        this.statistics = area;
    }

    /** What gives the thing back that was made last. */
    void onClose(Runnable step) {
        undo.push(step);
    }

    synchronized long availableMbufs() {
        requireOpen();
        return poolByNode.values().stream().mapToLong(forwarder::availableInPool).sum();
    }

    synchronized void inject(int ring, byte[] frame, int count) {
        requireOpen();
        ByteBuffer content = ByteBuffer.allocateDirect(frame.length).put(frame).flip();
        forwarder.fillRing(ring, poolByNode.values().iterator().next(), count, content);
    }

    private void requireOpen() {
        // The numbers of the handles may be those of another core's things by now.
        if (isClosed) {
            throw new IllegalStateException("the forwarding core is closed");
        }
    }

    synchronized void close() {
        isClosed = true;
        RuntimeException first = null;
        while (!undo.isEmpty()) {
            try {
                undo.pop().run();
            } catch (RuntimeException failure) {
                if (first == null) {
                    first = failure;
                } else {
                    first.addSuppressed(failure);
                }
            }
        }
        OPEN.remove(this);
        if (first != null) {
            throw first;
        }
    }

    void closeAfter(RuntimeException cause) {
        try {
            close();
        } catch (RuntimeException failure) {
            cause.addSuppressed(failure);
        }
    }
}

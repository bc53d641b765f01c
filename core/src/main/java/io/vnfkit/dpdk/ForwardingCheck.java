package io.vnfkit.dpdk;

import io.vnfkit.Problem;
import io.vnfkit.dpdk.function.Endpoint;
import io.vnfkit.dpdk.function.Endpoint.PortQueue;
import io.vnfkit.dpdk.function.Endpoint.RingEnd;
import io.vnfkit.dpdk.function.NetworkFunction.BngDownstream;
import io.vnfkit.dpdk.function.NetworkFunction.BngUpstream;
import io.vnfkit.dpdk.function.NetworkFunction.Generator;
import io.vnfkit.dpdk.function.NetworkFunction.L2Forward;
import io.vnfkit.dpdk.function.NetworkFunction.L3Forward;
import io.vnfkit.dpdk.function.NetworkFunction.None;
import io.vnfkit.dpdk.function.NetworkFunction.Sink;
import io.vnfkit.dpdk.function.Task;
import io.vnfkit.dpdk.port.Port;
import io.vnfkit.unit.Bytes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Everything that is wrong with a description on an EAL, found before anything is made. */
final class ForwardingCheck {

    /** MAX_TASKS of lcore.c. */
    private static final int TASKS_PER_LCORE = 16;

    private final Forwarding forwarding;
    private final EalResources resources;
    private final List<Problem> problems = new ArrayList<>();

    private ForwardingCheck(Forwarding forwarding, EalResources resources) {
        this.forwarding = forwarding;
        this.resources = resources;
    }

    static List<Problem> problems(Forwarding forwarding, EalResources resources) {
        ForwardingCheck check = new ForwardingCheck(forwarding, resources);
        check.names();
        check.lcores();
        check.queues();
        forwarding.tasks().forEach(check::task);
        check.rings();
        check.problems.addAll(ChannelCheck.problems(forwarding));
        check.problems.addAll(RegionReach.problems(forwarding));
        check.memory();
        return List.copyOf(check.problems);
    }

    private void add(String where, String what, String cure) {
        problems.add(new Problem(where, what, cure));
    }

    private void names() {
        requireDistinct("port", forwarding.ports().stream().map(Port::name));
        requireDistinct("device of port", forwarding.ports().stream().map(port -> port.device().name()));
        requireDistinct("ring", forwarding.rings().stream().map(Forwarding.Ring::name));
        requireDistinct("channel", forwarding.channels().stream().map(Forwarding.Channel::name));
        requireDistinct("routes", forwarding.routeTables().stream().map(RouteTable::name));
        requireDistinct("subscribers", forwarding.subscriberTables().stream().map(Forwarding.SubscriberTable::name));
        requireDistinct("task", forwarding.tasks().stream().map(Task::name));
    }

    private void requireDistinct(String kind, Stream<String> names) {
        Set<String> seen = new HashSet<>();
        names.filter(name -> !seen.add(name)).distinct()
                .forEach(name -> add(kind, "\"" + name + "\" is there twice", "give each a name of its own"));
    }

    private void lcores() {
        Map<Integer, Task> taken = new HashMap<>();
        for (Task task : forwarding.tasks()) {
            if (!resources.nodeByLcore().containsKey(task.lcore())) {
                add(where(task), "there is no lcore " + task.lcore(),
                        "the EAL has lcores " + resources.nodeByLcore().keySet().stream().sorted().toList());
            }
            Task other = taken.putIfAbsent(task.lcore(), task);
            if (other != null && !(other.sharesLcore() && task.sharesLcore())) {
                add(where(task), "lcore " + task.lcore() + " runs task \"" + other.name() + "\" already",
                        "choose another lcore, or say sharing() on both");
            }
        }
        taken.keySet().stream().sorted().forEach(this::requireRoom);
    }

    private void requireRoom(int lcore) {
        long tasks = forwarding.tasks().stream().filter(task -> task.lcore() == lcore).count();
        if (tasks > TASKS_PER_LCORE) {
            add("lcore " + lcore, tasks + " tasks, but an lcore runs at most " + TASKS_PER_LCORE,
                    "give some of them to another lcore");
        }
    }

    private void queues() {
        requireOneUser("input", task -> task.inputs());
        requireOneUser("output", task -> task.outputs());
    }

    private interface Ends {
        List<Endpoint> of(Task task);
    }

    /** The queues of a port are not made for several lcores. Tasks that take turns on one lcore may share them. */
    private void requireOneUser(String direction, Ends ends) {
        Map<PortQueue, Task> taken = new HashMap<>();
        for (Task task : forwarding.tasks()) {
            for (Endpoint end : ends.of(task)) {
                if (!(end instanceof PortQueue queue)) {
                    continue;
                }
                Task other = taken.putIfAbsent(queue, task);
                if (other != null && other.lcore() != task.lcore()) {
                    add(where(task), end + " is an " + direction + " of task \"" + other.name() + "\" already",
                            "give each task a queue of its own");
                }
            }
        }
    }

    private void task(Task task) {
        task.inputs().forEach(end -> endpoint(task, "input", end));
        task.outputs().forEach(end -> endpoint(task, "output", end));
        boolean makesPackets = task.function() instanceof Generator;
        boolean takesPackets = task.function() instanceof Sink;
        if (makesPackets != task.inputs().isEmpty()) {
            add(where(task), makesPackets ? "a generator has no inputs" : "it has no inputs",
                    makesPackets ? "leave them out" : "say from(...)");
        }
        if (takesPackets != task.outputs().isEmpty()) {
            add(where(task), takesPackets ? "a sink has no outputs" : "it has no outputs",
                    takesPackets ? "leave them out" : "say to(...)");
        }
        boolean isPaired = task.function() instanceof None || task.function() instanceof L2Forward;
        if (isPaired && task.outputs().size() > 1 && task.outputs().size() != task.inputs().size()) {
            add(where(task), task.inputs().size() + " inputs and " + task.outputs().size() + " outputs",
                    "give it one output, or as many as inputs");
        }
        tables(task);
        templates(task);
    }

    private void endpoint(Task task, String direction, Endpoint end) {
        if (end instanceof RingEnd ring) {
            if (forwarding.rings().stream().noneMatch(known -> known.name().equals(ring.ring()))) {
                add(where(task), "no " + end, "there are " + forwarding.rings().stream().map(Forwarding.Ring::name).toList());
            }
            return;
        }
        if (!(end instanceof PortQueue queue)) {
            // A channel, which is looked at together with its other users.
            return;
        }
        Optional<Port> port =
                forwarding.ports().stream().filter(known -> known.name().equals(queue.port())).findFirst();
        if (port.isEmpty()) {
            add(where(task), "no port \"" + queue.port() + "\"",
                    "there are " + forwarding.ports().stream().map(Port::name).toList());
            return;
        }
        int queues = direction.equals("input") ? port.get().receiveQueues() : port.get().transmitQueues();
        if (queue.queue() >= queues) {
            add(where(task), end + " as " + direction + ": the port has " + queues + " of that kind",
                    "describe the port with more queues");
        }
    }

    private void tables(Task task) {
        if (task.function() instanceof L3Forward l3) {
            l3.ipv4Routes().ifPresent(name -> routes(task, name, true));
            l3.ipv6Routes().ifPresent(name -> routes(task, name, false));
        } else if (task.function() instanceof BngUpstream bng) {
            routes(task, bng.routes(), true);
            subscribers(task, bng.subscribers());
        } else if (task.function() instanceof BngDownstream bng) {
            subscribers(task, bng.subscribers());
        }
    }

    private void routes(Task task, String name, boolean isIpv4) {
        boolean exists = forwarding.routeTables().stream()
                .anyMatch(table -> table.name().equals(name) && table.isIpv4() == isIpv4);
        if (!exists) {
            add(where(task), "no table \"" + name + "\" of " + (isIpv4 ? "IPv4" : "IPv6") + " routes",
                    "add it with routes(RouteTable." + (isIpv4 ? "ipv4" : "ipv6") + "(\"" + name + "\", ...))");
        }
    }

    private void subscribers(Task task, String name) {
        if (forwarding.subscriberTables().stream().noneMatch(table -> table.name().equals(name))) {
            add(where(task), "no table \"" + name + "\" of subscribers",
                    "add it with subscribers(\"" + name + "\", ...)");
        }
    }

    private void templates(Task task) {
        // Packets made in the buffers of a channel are held against those, together with its other users.
        if (!(task.function() instanceof Generator generator) || task.onlyChannel().isPresent()) {
            return;
        }
        int room = forwarding.pool().dataRoom();
        generator.templates().stream().filter(template -> template.length() > room).findFirst()
                .ifPresent(template -> add(where(task), "packets of " + template.length()
                        + " bytes do not fit into mbufs with room for " + room, "describe the pool with more data room"));
    }

    private void rings() {
        for (Forwarding.Ring ring : forwarding.rings()) {
            Endpoint end = Endpoint.ring(ring.name());
            if (forwarding.tasks().stream().noneMatch(task -> task.inputs().contains(end))) {
                add("ring " + ring.name(), "no task takes packets from it", "make it the input of a task");
            }
        }
    }

    private void memory() {
        Bytes pools = MemoryNeeds.poolBytes(forwarding);
        Bytes others = MemoryNeeds.otherBytes(forwarding)
                .plus(MemoryNeeds.channelBytes(forwarding, resources.nodeByLcore().size()));
        for (int node : ForwardingNodes.of(forwarding, resources)) {
            Bytes needed = node == ForwardingNodes.first(forwarding, resources) ? pools.plus(others) : pools;
            Bytes available = resources.memoryByNode().getOrDefault(node, Bytes.ZERO);
            if (needed.value() > available.value() && !resources.memoryNodes().contains(node)) {
                add("memory of node " + node, needed + " are needed for tasks on its lcores, but cpuset.mems lets this"
                                + " process take memory of nodes " + resources.memoryNodes() + " only",
                        "add node " + node + " to cpuset.mems, or choose lcores of the nodes that are there");
            } else if (needed.value() > available.value()) {
                add("hugepages of node " + node, needed + " are needed, " + available + " can be had: "
                                + MemoryNeeds.mbufs(forwarding) + " mbufs take " + pools + ", tables, rings and channels " + others,
                        "grant " + pages(needed) + " pages of 2 MiB, or describe fewer descriptors, routes or mbufs");
            }
        }
    }

    private static long pages(Bytes needed) {
        return (needed.value() + (2 << 20) - 1) / (2 << 20);
    }

    private static String where(Task task) {
        return "task " + task.name();
    }
}

package io.vnfkit.dpdk;

import io.vnfkit.Problem;
import io.vnfkit.dpdk.Forwarding.Channel;
import io.vnfkit.dpdk.channel.ChannelPlace;
import io.vnfkit.dpdk.function.Task;
import io.vnfkit.dpdk.port.Port;
import io.vnfkit.unit.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a forwarding core will make, in this order. Planning touches nothing; {@link #toString} is for people.
 *
 * @param forwarding the description
 * @param resources what it was planned for
 * @param mbufs how many each mempool gets
 * @param memory what it needs on the first node
 */
public record ForwardingPlan(Forwarding forwarding, EalResources resources, int mbufs, Bytes memory) {

    /**
     * Plans.
     *
     * @param forwarding what to do
     * @param resources what there is to do it with
     * @return the plan
     * @throws InvalidForwardingException with everything that is wrong
     */
    public static ForwardingPlan of(Forwarding forwarding, EalResources resources) {
        List<Problem> problems = ForwardingCheck.problems(forwarding, resources);
        if (!problems.isEmpty()) {
            throw new InvalidForwardingException(problems);
        }
        return new ForwardingPlan(forwarding, resources, MemoryNeeds.mbufs(forwarding),
                MemoryNeeds.poolBytes(forwarding).plus(MemoryNeeds.otherBytes(forwarding))
                        .plus(MemoryNeeds.channelBytes(forwarding, resources.nodeByLcore().size())));
    }

    List<Integer> nodes() {
        return List.copyOf(ForwardingNodes.of(forwarding, resources));
    }

    int nodeOf(Task task) {
        return ForwardingNodes.nodeOf(task, resources);
    }

    private static String describe(Channel channel) {
        ChannelPlace place = channel.side().place();
        return channel.side().direction().name().toLowerCase(Locale.ROOT) + " of channel \"" + channel.name() + "\", "
                + place.bufferCount() + " buffers of " + place.bufferSize() + " bytes: " + channel.side();
    }

    @Override
    public String toString() {
        List<String> lines = new ArrayList<>();
        nodes().forEach(node -> lines.add("mempool of " + mbufs + " mbufs on node " + node));
        forwarding.channels().forEach(channel -> lines.add(describe(channel)));
        for (Port port : forwarding.ports()) {
            lines.add("port \"" + port.name() + "\" on " + port.device().name() + " with " + port.receiveQueues()
                    + " receive and " + port.transmitQueues() + " transmit queues"
                    + port.channel().map(channel -> ", into channel \"" + channel + "\"").orElse(""));
        }
        forwarding.rings().forEach(ring -> lines.add("ring \"" + ring.name() + "\" of " + ring.size()));
        forwarding.routeTables().forEach(table -> lines.add("table \"" + table.name() + "\" of "
                + (table.isIpv4() ? "IPv4" : "IPv6") + " routes with " + table.groups() + " groups"));
        forwarding.subscriberTables().forEach(
                table -> lines.add("table \"" + table.name() + "\" of " + table.capacity() + " subscribers"));
        for (Task task : forwarding.tasks()) {
            lines.add("task \"" + task.name() + "\" on lcore " + task.lcore() + ": "
                    + task.function().getClass().getSimpleName() + " from " + task.inputs() + " to " + task.outputs());
        }
        StringBuilder text = new StringBuilder("forwarding, " + memory + " of hugepages\n");
        for (int i = 0; i < lines.size(); i++) {
            text.append(String.format("%3d. %s%n", i + 1, lines.get(i)));
        }
        return text.toString();
    }
}

package io.vnfkit.dpdk;

import io.vnfkit.dpdk.binding.Forwarder;
import io.vnfkit.dpdk.function.Endpoint;
import io.vnfkit.dpdk.function.Endpoint.ChannelEnd;
import io.vnfkit.dpdk.function.Endpoint.PortQueue;
import io.vnfkit.dpdk.function.Endpoint.RingEnd;
import io.vnfkit.dpdk.function.Task;
import io.vnfkit.dpdk.function.TaskLayout.BoundEndpoint;
import io.vnfkit.dpdk.function.TaskLayout.EndpointKind;
import io.vnfkit.dpdk.function.TaskLayout.Handles;
import io.vnfkit.dpdk.port.PortInformation;
import io.vnfkit.dpdk.port.RunningPort;
import io.vnfkit.dpdk.table.NextHops;
import java.nio.ByteBuffer;
import java.util.Optional;

/** What the names in the tasks of a description stand for, once ports, rings and tables are made. */
record BoundHandles(Forwarder forwarder, ForwardingPlan plan, ForwardingParts parts, NextHops hops) implements Handles {

    @Override
    public BoundEndpoint endpoint(Endpoint endpoint) {
        if (endpoint instanceof RingEnd ring) {
            return BoundEndpoint.of(EndpointKind.RING, parts.rings().get(ring.ring()));
        }
        if (endpoint instanceof ChannelEnd channel) {
            return BoundEndpoint.of(EndpointKind.CHANNEL, parts.channels().get(channel.channel()).handle());
        }
        PortQueue queue = (PortQueue) endpoint;
        RunningPort port = parts.ports().get(queue.port());
        PortInformation information = port.information();
        return new BoundEndpoint(EndpointKind.PORT, port.id(), queue.queue(), information.mtu(), information.mac());
    }

    @Override
    public int routes(Optional<String> name) {
        return name.map(table -> parts.routes().get(table).handle()).orElse(-1);
    }

    @Override
    public int nextHops() {
        return hops.handle();
    }

    @Override
    public int subscribers(String name) {
        return parts.subscribers().get(name).handle();
    }

    @Override
    public int pool(Task task) {
        return task.onlyChannel().map(channel -> parts.channels().get(channel.channel()).pool())
                .orElseGet(() -> parts.poolByNode().values().iterator().next());
    }

    @Override
    public long statistics(String task) {
        return address(parts.statistics().ofTask(task));
    }

    @Override
    public long latency(String task) {
        return address(parts.statistics().ofSink(task));
    }

    @Override
    public long address(ByteBuffer buffer) {
        return forwarder.addressOf(buffer);
    }
}

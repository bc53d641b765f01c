package io.vnfkit.dpdk;

import io.vnfkit.Problem;
import io.vnfkit.dpdk.function.Endpoint;
import io.vnfkit.dpdk.function.Endpoint.ChannelEnd;
import io.vnfkit.dpdk.function.Endpoint.PortQueue;
import io.vnfkit.dpdk.function.Endpoint.RingEnd;
import io.vnfkit.dpdk.function.NetworkFunction.L2Forward;
import io.vnfkit.dpdk.function.NetworkFunction.None;
import io.vnfkit.dpdk.function.Task;
import io.vnfkit.dpdk.port.Device;
import io.vnfkit.dpdk.port.Port;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Where packets in the memory of channels get to. Some devices let their other side read mbufs in the memory of the EAL,
 * and tell it of no other memory: packets in a region would be what it cannot find.
 */
final class RegionReach {

    private static final List<String> VIRTIO_USER = List.of("virtio_user", "net_virtio_user");
    /** It takes the memory of the mempool itself for that of its packets. */
    private static final String AF_XDP = "net_af_xdp";

    private RegionReach() {}

    static List<Problem> problems(Forwarding forwarding) {
        List<Problem> problems = new ArrayList<>();
        Set<Endpoint> reached = reached(forwarding);
        for (Port port : forwarding.ports()) {
            if (port.channel().isPresent() && (readsTheEal(port.device()) || port.device().name().startsWith(AF_XDP))) {
                problems.add(new Problem("port " + port.name(),
                        port.device().name() + " cannot receive into the buffers of a channel",
                        "leave receiveInto(...) out: its packets are copied once"));
            }
            if (readsTheEal(port.device()) && reached.stream().anyMatch(end -> isOf(port, end))) {
                problems.add(new Problem("port " + port.name(), "packets in the memory of a channel get to "
                                + port.device().name() + ", whose other side sees the memory of the EAL alone",
                        "use Device.Vhost, or Device.Memif without zeroCopy"));
            }
        }
        return problems;
    }

    private static boolean isOf(Port port, Endpoint end) {
        return end instanceof PortQueue queue && queue.port().equals(port.name());
    }

    private static boolean readsTheEal(Device device) {
        return device instanceof Device.Memif memif && memif.zeroCopy()
                || VIRTIO_USER.stream().anyMatch(device.name()::startsWith);
    }

    /** Outputs that such packets get to, over whatever tasks and rings. */
    private static Set<Endpoint> reached(Forwarding forwarding) {
        Set<Endpoint> reached = new HashSet<>();
        boolean isGrowing = true;
        while (isGrowing) {
            List<Endpoint> more = forwarding.tasks().stream()
                    .flatMap(task -> outputs(task, end -> isInRegion(forwarding, end, reached))).toList();
            isGrowing = reached.addAll(more);
        }
        return reached;
    }

    private static boolean isInRegion(Forwarding forwarding, Endpoint input, Set<Endpoint> reached) {
        return input instanceof ChannelEnd || input instanceof RingEnd && reached.contains(input)
                || forwarding.ports().stream().anyMatch(port -> port.channel().isPresent() && isOf(port, input));
    }

    /** Where packets of some inputs leave a task. */
    private static Stream<Endpoint> outputs(Task task, Predicate<Endpoint> inputs) {
        boolean isPaired = (task.function() instanceof None || task.function() instanceof L2Forward)
                && task.outputs().size() == task.inputs().size();
        if (isPaired) {
            return IntStream.range(0, task.inputs().size()).filter(i -> inputs.test(task.inputs().get(i)))
                    .mapToObj(task.outputs()::get);
        }
        return task.inputs().stream().anyMatch(inputs) ? task.outputs().stream() : Stream.empty();
    }
}

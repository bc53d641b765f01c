package io.vnfkit.dpdk;

import io.vnfkit.Problem;
import io.vnfkit.dpdk.function.Endpoint;
import io.vnfkit.dpdk.function.Endpoint.ChannelEnd;
import io.vnfkit.dpdk.function.Endpoint.PortQueue;
import io.vnfkit.dpdk.function.Endpoint.RingEnd;
import io.vnfkit.dpdk.function.Task;
import io.vnfkit.dpdk.port.Device;
import io.vnfkit.dpdk.port.Port;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

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
            List<Endpoint> more = forwarding.tasks().stream().filter(task -> takes(forwarding, task, reached))
                    .flatMap(task -> task.outputs().stream()).toList();
            isGrowing = reached.addAll(more);
        }
        return reached;
    }

    private static boolean takes(Forwarding forwarding, Task task, Set<Endpoint> reached) {
        return task.inputs().stream().anyMatch(end -> end instanceof ChannelEnd
                || end instanceof RingEnd && reached.contains(end)
                || forwarding.ports().stream().anyMatch(port -> port.channel().isPresent() && isOf(port, end)));
    }
}

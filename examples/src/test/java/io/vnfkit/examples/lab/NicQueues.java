package io.vnfkit.examples.lab;

import io.vnfkit.dpdk.Eal;
import io.vnfkit.dpdk.Forwarding;
import io.vnfkit.dpdk.ForwardingCore;
import io.vnfkit.dpdk.function.Endpoint;
import io.vnfkit.dpdk.function.NetworkFunction.Sink;
import io.vnfkit.dpdk.function.Task;
import io.vnfkit.dpdk.port.Device;
import io.vnfkit.dpdk.port.Port;
import io.vnfkit.dpdk.port.Port.Spread;

/**
 * The forwarding core on a NIC, inside a VNF: counts what comes to each of two receive queues, until it is enough. Its
 * word is what packets are spread by.
 */
final class NicQueues {

    private static final int ENOUGH = 600;

    private NicQueues() {}

    public static void main(String[] arguments) {
        NicProgram program = NicProgram.parse(arguments);
        Port port = Port.of("nic", new Device.Physical(program.nic())).queues(2, 1)
                .spread(Spread.valueOf(program.words().get(0)));
        try (Eal eal = Eal.start(program.eal())) {
            int lcore = eal.lcores().get(eal.lcores().size() - 1);
            Forwarding forwarding = Forwarding.of(port).task(sink(0, lcore)).task(sink(1, lcore));
            try (ForwardingCore core = ForwardingCore.start(eal, forwarding)) {
                core.startTasks();
                System.out.println("receiving with " + core.port("nic").information().driver());
                NicProgram.await("packets", () -> received(core, 0) + received(core, 1) >= ENOUGH);
                core.stopTasks();
                System.out.println("queues: " + received(core, 0) + " " + received(core, 1));
            }
        }
    }

    private static Task sink(int queue, int lcore) {
        return Task.of(name(queue), new Sink(3, true)).from(Endpoint.port("nic", queue)).on(lcore).sharing();
    }

    private static String name(int queue) {
        return "queue-" + queue;
    }

    private static long received(ForwardingCore core, int queue) {
        return core.task(name(queue)).statistics().received();
    }
}

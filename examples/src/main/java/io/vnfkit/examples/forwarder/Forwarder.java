package io.vnfkit.examples.forwarder;

import io.vnfkit.dpdk.Eal;
import io.vnfkit.dpdk.Forwarding;
import io.vnfkit.dpdk.ForwardingCore;
import io.vnfkit.dpdk.RouteTable;
import io.vnfkit.dpdk.function.Endpoint;
import io.vnfkit.dpdk.function.NetworkFunction.L3Forward;
import io.vnfkit.dpdk.function.Task;
import io.vnfkit.dpdk.port.Device;
import io.vnfkit.dpdk.port.Port;
import io.vnfkit.dpdk.table.IpPrefix;
import io.vnfkit.dpdk.table.Routes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Routes between network interfaces. Runs inside a VNF until SIGTERM, which gives everything back:
 *
 * <pre>{@code
 * Forwarder [EAL ARGUMENT]... -- --interface left --interface right --statistics FILE --control SOCKET
 * }</pre>
 *
 * <p>It prints {@code forwarding} when it forwards, and at the end how many of its mbufs are back in the mempool. Packets
 * move on the last lcore and never pass through Java.
 */
@Command(name = "Forwarder", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Routes between network interfaces. Arguments of the EAL come before a word --.")
public final class Forwarder implements Callable<Integer> {

    /** What it prints when it forwards. */
    public static final String READY = "forwarding";
    /** Name of its task in the statistics. */
    public static final String TASK = "l3fwd";

    private static final String IPV4 = "ipv4";
    private static final String IPV6 = "ipv6";

    @Option(names = "--interface", required = true, arity = "1",
            description = "network interface; the first is output 0, the second output 1, and so on")
    private List<String> interfaces;

    @Option(names = "--route", arity = "1", paramLabel = "ROUTE",
            description = "a route from the start: " + Route.FORM + " with commas in between")
    private List<String> routes = new ArrayList<>();

    @Option(names = "--statistics", required = true, description = "file for the statistics, best on a tmpfs")
    private Path statistics;

    @Option(names = "--control", required = true, description = "Unix domain socket that takes routes")
    private Path control;

    @Option(names = "--routes", defaultValue = "1000", description = "most routes of each family (${DEFAULT-VALUE})")
    private int capacity;

    private final List<String> ealArguments;
    private final CountDownLatch ended = new CountDownLatch(1);

    private Forwarder(List<String> ealArguments) {
        this.ealArguments = ealArguments;
    }

    /**
     * Runs it.
     *
     * @param arguments those of the EAL, {@code --}, and its own; see {@code -- --help}
     */
    public static void main(String[] arguments) {
        List<String> words = Arrays.asList(arguments);
        int end = words.indexOf("--");
        List<String> ofEal = end < 0 ? List.of() : words.subList(0, end);
        String[] own = words.subList(end + 1, words.size()).toArray(String[]::new);
        System.exit(new CommandLine(new Forwarder(ofEal)).execute(own));
    }

    @Override
    public Integer call() throws IOException {
        try {
            forward();
        } finally {
            ended.countDown();
        }
        return 0;
    }

    private void forward() throws IOException {
        try (Eal eal = Eal.start(ealArguments); ForwardingCore core = ForwardingCore.start(eal, describe(eal))) {
            long mbufs = core.availableMbufs();
            routes.forEach(route -> put(core, Route.parse(Arrays.asList(route.split(",")))));
            try (ControlServer server = new ControlServer(control, request -> answer(core, request))) {
                closeAtExit(server);
                core.startTasks();
                System.out.println(READY);
                server.serve();
            }
            core.stopTasks();
            System.out.println("mempool: " + core.availableMbufs() + " of " + mbufs);
        }
    }

    private Forwarding describe(Eal eal) {
        List<Port> ports = new ArrayList<>();
        for (String name : interfaces) {
            ports.add(Port.of(name, new Device.AfPacket(ports.size(), name, 1)));
        }
        Endpoint[] ends = interfaces.stream().map(Endpoint::port).toArray(Endpoint[]::new);
        List<Integer> lcores = eal.lcores();
        return Forwarding.of(ports.toArray(Port[]::new))
                .routes(RouteTable.ipv4(IPV4, capacity)).routes(RouteTable.ipv6(IPV6, capacity))
                .task(Task.of(TASK, new L3Forward(Optional.of(IPV4), Optional.of(IPV6), true))
                        .from(ends).to(ends).on(lcores.get(lcores.size() - 1)))
                .statisticsFile(statistics);
    }

    /** Ends the program on SIGTERM: the JVM runs hooks and then halts, so the hook waits for everything to be given back. */
    private void closeAtExit(ControlServer server) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                server.close();
                // Not for the main thread: System.exit in the middle of an exit never returns.
                ended.await(10, TimeUnit.SECONDS);
            } catch (IOException | InterruptedException failure) {
                System.err.println("the end was not orderly: " + failure);
            }
        }, "end"));
    }

    private static List<String> answer(ForwardingCore core, ControlRequest request) {
        if (request instanceof ControlRequest.Put put) {
            put(core, put.route());
            return List.of(ControlServer.OK);
        }
        if (request instanceof ControlRequest.Remove remove) {
            boolean wasThere = table(core, remove.prefix()).remove(remove.prefix());
            return List.of(wasThere ? ControlServer.OK : ControlServer.ERROR + "no route to " + remove.prefix());
        }
        Stream<String> all = Stream.of(core.routes(IPV4), core.routes(IPV6))
                .flatMap(table -> table.all().entrySet().stream())
                .map(entry -> new Route(entry.getKey(), entry.getValue()).toString());
        return Stream.concat(all.sorted(), Stream.of(ControlServer.OK)).toList();
    }

    private static void put(ForwardingCore core, Route route) {
        int outputs = core.ports().size();
        if (route.nextHop().output() >= outputs) {
            throw new IllegalArgumentException(
                    "outputs are 0 to " + (outputs - 1) + ", not " + route.nextHop().output());
        }
        table(core, route.prefix()).put(route.prefix(), route.nextHop());
    }

    private static Routes table(ForwardingCore core, IpPrefix prefix) {
        return core.routes(prefix.isIpv4() ? IPV4 : IPV6);
    }
}

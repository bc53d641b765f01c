package io.vnfkit.examples.forwarder;

import io.vnfkit.dpdk.Eal;
import io.vnfkit.dpdk.ForwardingCore;
import io.vnfkit.dpdk.RunningTask;
import io.vnfkit.dpdk.function.Endpoint;
import io.vnfkit.dpdk.function.Task;
import io.vnfkit.examples.jvm.EalWords;
import io.vnfkit.unit.MacAddress;
import java.io.IOException;
import java.net.Inet4Address;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Forwards between network interfaces. Runs inside a VNF until SIGTERM, which gives everything back:
 *
 * <pre>{@code
 * Forwarder [EAL ARGUMENT]... -- --interface left --interface right --statistics FILE --control SOCKET FUNCTION
 * }</pre>
 *
 * <p>The function is {@code none}, {@code l2fwd}, {@code l3fwd} or {@code bng}, with its own options behind; see
 * {@link VnfFunction}. The program prints {@code forwarding} when it forwards, and at the end how many of its mbufs are
 * back in the mempool. Packets never pass through Java.
 */
@Command(name = "Forwarder", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Forwards between network interfaces. Arguments of the EAL come before a word --.")
public final class Forwarder {

    /** What it prints when it forwards. */
    public static final String READY = "forwarding";

    @Option(names = "--interface", required = true, arity = "1",
            description = "network interface; the first is output 0, the second output 1, and so on")
    private List<String> interfaces;

    @Option(names = "--statistics", required = true, description = "file for the statistics, best on a tmpfs")
    private Path statistics;

    @Option(names = "--control", required = true, description = "Unix domain socket that takes routes and subscribers")
    private Path control;

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
        EalWords words = EalWords.part(arguments);
        System.exit(commandLine(new Forwarder(words.eal()))
                .execute(words.own().toArray(String[]::new)));
    }

    private static CommandLine commandLine(Forwarder forwarder) {
        return new CommandLine(forwarder)
                .registerConverter(MacAddress.class, MacAddress::parse)
                .registerConverter(Inet4Address.class, Ipv4Text::parse);
    }

    @Command(mixinStandardHelpOptions = true, description = "Moves packets between the interfaces of a pair.")
    int none() throws IOException {
        return run(new VnfFunction.None(), List.of());
    }

    @Command(mixinStandardHelpOptions = true,
            description = "Moves packets between the interfaces of a pair and gives them new MAC addresses.")
    int l2fwd(@Option(names = "--neighbour", required = true, arity = "1", paramLabel = "MAC",
                    description = "MAC address of the neighbour on the first interface, the second, and so on")
            List<MacAddress> neighbours) throws IOException {
        return run(new VnfFunction.L2Forward(neighbours), List.of());
    }

    @Command(mixinStandardHelpOptions = true, description = "Routes IPv4 and IPv6 between all interfaces.")
    int l3fwd(@Option(names = "--routes", defaultValue = "" + VnfFunction.L3Forward.DEFAULT_ROUTES,
                    description = "most routes of each family (${DEFAULT-VALUE})") int capacity,
            @Option(names = "--route", arity = "1", paramLabel = "ROUTE",
                    description = "a route from the start: " + Route.FORM + " with commas in between")
            List<String> routes) throws IOException {
        return run(new VnfFunction.L3Forward(capacity), routes == null ? List.of() : routes);
    }

    @Command(mixinStandardHelpOptions = true, description = "Broadband network gateway: subscribers with two VLAN tags on the"
            + " first interface, tunnels of GRE with an MPLS label on the second.")
    int bng(@Option(names = "--workers", defaultValue = "2", description = "of each direction (${DEFAULT-VALUE})") int workers,
            @Option(names = "--subscribers", defaultValue = "1000", description = "most subscribers (${DEFAULT-VALUE})")
            int subscribers,
            @Option(names = "--routes", defaultValue = "1000", description = "most routes to the core (${DEFAULT-VALUE})")
            int routes,
            @Option(names = "--tunnel-end", paramLabel = "ADDRESS",
                    description = "IPv4 address that tunnels must end at; any if it is left out")
            Inet4Address tunnelEnd) throws IOException {
        return run(new VnfFunction.Bng(workers, subscribers, routes, Optional.ofNullable(tunnelEnd)), List.of());
    }

    private int run(VnfFunction function, List<String> routes) throws IOException {
        try {
            forward(function, routes);
        } finally {
            ended.countDown();
        }
        return 0;
    }

    private void forward(VnfFunction function, List<String> routes) throws IOException {
        List<Link> links = IntStream.range(0, interfaces.size())
                .mapToObj(number -> Link.of(number, interfaces.get(number))).toList();
        try (Eal eal = Eal.start(ealArguments); ForwardingCore core = ForwardingCore.start(eal,
                function.describe(links, eal.lcores()).statisticsFile(statistics))) {
            long mbufs = core.availableMbufs();
            TableControl tables = new TableControl(core, function);
            routes.forEach(route -> tables.put(Route.parse(Arrays.asList(route.split(",")))));
            try (ControlServer server = new ControlServer(control, tables::answer)) {
                closeAtExit(server);
                core.startTasks();
                System.out.println(READY);
                server.serve();
            }
            stopTasks(core);
            System.out.println("mempool: " + core.availableMbufs() + " of " + mbufs);
        }
    }

    /** In the order of the packets: who takes them from a ring is stopped when there are no more in it. */
    private static void stopTasks(ForwardingCore core) {
        for (Task description : core.plan().forwarding().tasks()) {
            RunningTask task = core.task(description.name());
            if (description.inputs().stream().allMatch(Endpoint.RingEnd.class::isInstance)) {
                awaitIdle(task);
            }
            task.stop();
        }
    }

    private static void awaitIdle(RunningTask task) {
        long idle = task.statistics().idlePolls();
        while (task.statistics().idlePolls() == idle) {
            Thread.onSpinWait();
        }
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
}

package io.vnfkit.examples.chain;

import io.vnfkit.dpdk.Eal;
import io.vnfkit.dpdk.Forwarding;
import io.vnfkit.dpdk.ForwardingCore;
import io.vnfkit.dpdk.channel.RunningChannel;
import io.vnfkit.dpdk.function.Endpoint;
import io.vnfkit.dpdk.function.Task;
import io.vnfkit.dpdk.port.Device;
import io.vnfkit.dpdk.port.Port;
import io.vnfkit.examples.jvm.EalWords;
import io.vnfkit.ivshmem.Region;
import io.vnfkit.ivshmem.RegionException;
import io.vnfkit.ivshmem.memory.Access;
import io.vnfkit.ivshmem.packet.PacketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * A stage of a chain, in a VNF until SIGTERM:
 *
 * <pre>{@code
 * Stage [EAL ARGUMENT]... -- --region FILE --from west --to east --statistics FILE l2fwd
 * }</pre>
 *
 * <p>With {@code --interface NAME} it is an end of the chain: what comes to the network interface goes to one channel, what
 * comes out of the other channel leaves through the interface.
 *
 * <p>It prints {@code forwarding} when it forwards. If the next stage ends, it takes back the packets that this one had, so
 * that another one can take its place. Packets never pass through Java.
 */
@Command(name = "Stage", mixinStandardHelpOptions = true, sortOptions = false,
        description = "A stage of a chain over a shared region. Arguments of the EAL come before a word --.")
public final class Stage implements Callable<Integer> {

    /** What it prints when it forwards. */
    public static final String READY = "forwarding";

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long LOOK_MILLISECONDS = 5;
    private static final String FROM = "from";
    private static final String TO = "to";
    private static final String INTERFACE = "interface";
    private static final int WAIT_FOR_ROOM = 1_000_000;

    @Option(names = "--region", required = true, description = "file of the region")
    private Path file;

    @Option(names = "--from", description = "channel that packets come from")
    private String from;

    @Option(names = "--to", description = "channel that packets go to")
    private String to;

    @Option(names = "--interface", description = "network interface between the channels")
    private String networkInterface;

    @Option(names = "--statistics", required = true, description = "file for the statistics, best on a tmpfs")
    private Path statistics;

    @Option(names = "--packets", defaultValue = "0", description = "of a generator; 0 for no end")
    private long packets;

    @Parameters(description = "${COMPLETION-CANDIDATES}")
    private StageFunction function;

    private final List<String> ealArguments;
    private final CountDownLatch end = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);

    private Stage(List<String> ealArguments) {
        this.ealArguments = ealArguments;
    }

    /**
     * Runs it.
     *
     * @param arguments those of the EAL, {@code --}, and its own; see {@code -- --help}
     */
    public static void main(String[] arguments) {
        EalWords words = EalWords.part(arguments);
        System.exit(new CommandLine(new Stage(words.eal())).setCaseInsensitiveEnumValuesAllowed(true)
                .execute(words.own().toArray(String[]::new)));
    }

    @Override
    public Integer call() throws InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(this::endInOrder, "end"));
        try (Region region = Region.attach(file, Access.READ_WRITE); Eal eal = Eal.start(ealArguments)) {
            Optional<ForwardingCore> core = start(eal, region);
            if (core.isPresent()) {
                forward(core.get());
            }
        } finally {
            ended.countDown();
        }
        return 0;
    }

    private void forward(ForwardingCore core) throws InterruptedException {
        try (core) {
            core.startTasks();
            System.out.println(READY);
            while (!end.await(LOOK_MILLISECONDS, TimeUnit.MILLISECONDS)) {
                lookAfterNext(core);
            }
            // What the next stage has not given back by then, closing waits for.
            core.stopTasks();
        }
    }

    /** On SIGTERM the JVM runs hooks and then halts, so this waits until everything is given back. */
    private void endInOrder() {
        end.countDown();
        try {
            ended.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException failure) {
            System.err.println("the end was not orderly: " + failure);
        }
    }

    private Forwarding describe(Region region, List<Integer> lcores) {
        Forwarding forwarding = networkInterface == null ? Forwarding.of() : Forwarding.of(port());
        forwarding = forwarding.statisticsFile(statistics);
        if (from != null) {
            forwarding = forwarding.channel(FROM, PacketChannel.open(region, from).forwardingReceiver());
        }
        if (to != null) {
            forwarding = forwarding.channel(TO, PacketChannel.open(region, to).forwardingSender());
        }
        int lcore = lcores.get(lcores.size() - 1);
        return networkInterface == null ? between(forwarding, lcore) : atAnEnd(forwarding, lcore);
    }

    /** What the interface receives lies in buffers of the channel from the beginning. */
    private Port port() {
        return Port.of(INTERFACE, new Device.AfPacket(0, networkInterface, 1)).receiveInto(TO);
    }

    private Task task(String name, int lcore) {
        return Task.of(name, function.function(packets)).on(lcore).transmitTries(WAIT_FOR_ROOM);
    }

    private Forwarding between(Forwarding forwarding, int lcore) {
        Task task = task(StageFunction.TASK, lcore);
        task = from == null ? task : task.from(Endpoint.channel(FROM));
        return forwarding.task(to == null ? task : task.to(Endpoint.channel(TO)));
    }

    private Forwarding atAnEnd(Forwarding forwarding, int lcore) {
        return forwarding
                .task(task(StageFunction.INTO_CHAIN, lcore).sharing()
                        .from(Endpoint.port(INTERFACE)).to(Endpoint.channel(TO)))
                .task(task(StageFunction.OUT_OF_CHAIN, lcore).sharing()
                        .from(Endpoint.channel(FROM)).to(Endpoint.port(INTERFACE)));
    }

    /**
     * The stages beside a dead one need a moment to take their packets back, before another one is let in.
     *
     * @return empty if it is to end before that
     */
    private Optional<ForwardingCore> start(Eal eal, Region region) throws InterruptedException {
        Forwarding forwarding = describe(region, eal.lcores());
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        String last = "";
        do {
            try {
                return Optional.of(ForwardingCore.start(eal, forwarding));
            } catch (RegionException refused) {
                if (System.nanoTime() - deadline > 0) {
                    throw refused;
                }
                if (!refused.getMessage().equals(last)) {
                    System.err.println("not yet: " + refused.getMessage());
                }
                last = refused.getMessage();
            }
        } while (!end.await(LOOK_MILLISECONDS, TimeUnit.MILLISECONDS));
        return Optional.empty();
    }

    /** Nothing is sent while nobody takes it: a channel without packets on their way lets any receiver in. */
    private void lookAfterNext(ForwardingCore core) {
        if (to == null) {
            return;
        }
        RunningChannel channel = core.channel(TO);
        if (channel.isPeerPresent()) {
            core.startTasks();
            return;
        }
        core.stopTasks();
        if (channel.information().inFlight() > 0) {
            System.err.println(channel.recover() + " packets were with a stage that has ended");
        }
    }
}

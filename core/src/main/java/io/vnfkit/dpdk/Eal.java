package io.vnfkit.dpdk;

import io.vnfkit.Grant;
import io.vnfkit.dpdk.binding.Forwarder;
import io.vnfkit.dpdk.binding.Forwarder.Lcore;
import io.vnfkit.dpdk.binding.ForwarderLoader;
import io.vnfkit.linux.Syscalls;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The environment abstraction layer of DPDK in this process, started once in its life.
 *
 * <p><b>What {@code rte_eal_init} does to the process.</b> It runs on a native thread of its own, which becomes the main
 * lcore and which no JVM knows of; no thread of the JVM is pinned. It makes a thread per lcore and three for control. It
 * maps hugepages, raises the soft limit of open files to the hard one, loads every driver of its plugin directory,
 * installs a handler of SIGBUS for the moments in which it touches new pages, makes a runtime directory, and a telemetry
 * socket unless {@code --no-telemetry} is given. Threads of DPDK are not attached to the JVM: no garbage collection
 * stops them. After {@link #close} the process goes on, and the EAL cannot be started again.
 *
 * <p>What DPDK logs goes to the slf4j logger {@code io.vnfkit.dpdk.eal}: errors and worse as error, warnings as warn,
 * notices and information as info, debug as debug.
 *
 * <p>Loading DPDK happens here and nowhere else: a process that does not call this has none of it.
 *
 * <p>Thread-safe.
 */
public final class Eal implements AutoCloseable {

    private static final long LOG_PATIENCE_MILLIS = 400;
    private static final long LOG_QUIET_MILLIS = 40;

    private final Forwarder forwarder;
    private final EalLog log;
    private boolean closed;

    private Eal(Forwarder forwarder, EalLog log) {
        this.forwarder = forwarder;
        this.log = log;
    }

    /**
     * Starts the EAL. In a VNF, the arguments are those that the launch put into the command.
     *
     * @param arguments as on the command line of a DPDK program, without the program
     * @return the EAL
     * @throws io.vnfkit.dpdk.binding.DpdkUnavailableException if no DPDK is installed that fits
     * @throws DpdkException if the EAL refuses, with what it printed, or was started before in this process
     */
    public static Eal start(List<String> arguments) {
        return start(ForwarderLoader.load(), Syscalls.host(), arguments);
    }

    /**
     * Starts the EAL with arguments that follow from a grant.
     *
     * @param arguments what to ask for
     * @param grant what this process may use
     * @return the EAL
     */
    public static Eal start(EalArguments arguments, Grant grant) {
        return start(arguments.resolve(grant, List.of()));
    }

    static Eal start(Forwarder forwarder, Syscalls syscalls, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of("vnfkit"));
        command.addAll(arguments);
        EalLog log = new EalLog(syscalls);
        try {
            forwarder.startEal(command, log.descriptor());
        } catch (DpdkException failure) {
            log.close();
            throw withLog(failure, log);
        }
        log.handedOver();
        return new Eal(forwarder, log);
    }

    private static DpdkException withLog(DpdkException failure, EalLog log) {
        awaitLog(log);
        String printed = log.lines().isEmpty() ? "" : "it printed:\n  " + String.join("\n  ", log.lines());
        String hint = failure.hint().isEmpty() ? printed : failure.hint() + (printed.isEmpty() ? "" : "; " + printed);
        DpdkException explained = new DpdkException(failure.operation(), failure.number(), hint);
        explained.addSuppressed(failure);
        return explained;
    }

    /** The reader is another thread: what was printed before the failure may still be on its way, the last line too. */
    private static void awaitLog(EalLog log) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LOG_PATIENCE_MILLIS);
        long seen = -1;
        while ((log.count() == 0 || log.count() != seen) && System.nanoTime() - deadline < 0) {
            seen = log.count();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOG_QUIET_MILLIS));
        }
    }

    Forwarder forwarder() {
        return forwarder;
    }

    /**
     * Which DPDK was loaded.
     *
     * @return such as {@code DPDK 22.11.11}
     */
    public String version() {
        return forwarder.dpdkVersion();
    }

    /**
     * Numbers of the lcores, the main lcore among them: it can run tasks like any other.
     *
     * @return in ascending order
     */
    public List<Integer> lcores() {
        return forwarder.lcores().stream().map(Lcore::lcore).toList();
    }

    /**
     * The NUMA node of an lcore: the first of the machine where its CPUs lie on several.
     *
     * @param lcore its number
     * @return the node
     * @throws IllegalArgumentException if there is no such lcore
     */
    public int nodeOf(int lcore) {
        return forwarder.lcores().stream().filter(found -> found.lcore() == lcore).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no lcore " + lcore + "; there are " + lcores()))
                .node();
    }

    /**
     * Sets what DPDK logs.
     *
     * @param pattern shell pattern of log types, such as {@code pmd.net.memif*}
     * @param level 1 (emergency) to 8 (debug)
     */
    public void logLevel(String pattern, int level) {
        forwarder.logLevel(pattern, level);
    }

    /**
     * The last lines that DPDK printed.
     *
     * @return at most 40, the oldest first
     */
    public List<String> lastLogLines() {
        return log.lines();
    }

    /**
     * Stops the EAL, and unmaps the memory of all that was made with it. Does nothing the second time.
     *
     * @throws IllegalStateException if a forwarding core is not closed; nothing has happened then
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        if (ForwardingParts.isAnyOpen(forwarder)) {
            throw new IllegalStateException("a forwarding core is open: close it before the EAL, whose memory it uses");
        }
        closed = true;
        forwarder.stopEal();
        log.close();
    }
}

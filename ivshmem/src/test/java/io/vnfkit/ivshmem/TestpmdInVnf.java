package io.vnfkit.ivshmem;

import io.vnfkit.RunningVnf;
import io.vnfkit.Vnf;
import io.vnfkit.VnfLauncher;
import io.vnfkit.dpdk.EalArguments;
import io.vnfkit.hugetlb.HugetlbfsVolume;
import io.vnfkit.testing.InsideVnf;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.NodeSet;
import io.vnfkit.unit.PageSize;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An unmodified dpdk-testpmd with one port in a VNF, which gives every packet back, and takes commands. */
final class TestpmdInVnf implements AutoCloseable {

    static final int PAGES = 32;
    private static final Bytes HUGEPAGES = Bytes.mebibytes(2 * PAGES);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Pattern RECEIVED = Pattern.compile("RX-packets: (\\d+)");
    private static final Pattern SENT = Pattern.compile("TX-packets: (\\d+)");

    private final RunningVnf running;
    private final StringBuilder output = new StringBuilder();
    private boolean ended;

    /** Packets of the port. */
    record Counted(long received, long sent) {}

    private TestpmdInVnf(RunningVnf running) {
        this.running = running;
        Thread reader = new Thread(() -> read(running.standardOutput()), "output of testpmd");
        reader.setDaemon(true);
        reader.start();
    }

    /** Launches it with the arguments of its grant and a device. */
    static TestpmdInVnf launch(SharedSockets sockets, DpdkArguments device, UnaryOperator<Vnf.Builder> more) {
        // testpmd takes two lcores; one CPU is enough for both.
        EalArguments arguments = device.addTo(EalArguments.fromGrant().with("--lcores", "(0,1)@0").noTelemetry());
        Vnf.Builder vnf = InsideVnf.vnf()
                .cgroup(cg -> cg.memoryNodes(NodeSet.of(0)).hugetlb(PageSize.MIB_2, HUGEPAGES))
                .with(HugetlbfsVolume.at("/dev/hugepages").pageSize(PageSize.MIB_2).size(HUGEPAGES))
                .with(sockets);
        // Into a pipe it would print its counters when it ends.
        String unbuffered = "exec 2>&1; exec stdbuf -oL \"$@\"";
        return new TestpmdInVnf(VnfLauncher.onThisHost().launch(more.apply(vnf).command("sh", "-c", unbuffered,
                "sh", "dpdk-testpmd", arguments, "--", "-i", "--forward-mode=io", "--port-topology=loop",
                "--total-num-mbufs=2048", "--no-mlockall", "--no-flush-rx").build()));
    }

    private void read(InputStream stream) {
        byte[] part = new byte[4096];
        try {
            for (int length = stream.read(part); length >= 0; length = stream.read(part)) {
                add(new String(part, 0, length, StandardCharsets.US_ASCII));
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } finally {
            end();
        }
    }

    private synchronized void add(String text) {
        output.append(text);
        notifyAll();
    }

    private synchronized void end() {
        ended = true;
        notifyAll();
    }

    synchronized String log() {
        return output.toString();
    }

    /** Waits for a text behind a position, and tells where it ends. */
    private synchronized int await(Pattern text, int from) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Matcher matcher = text.matcher(output);
            if (matcher.find(from)) {
                return matcher.end();
            }
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (ended || left <= 0) {
                throw new AssertionError("testpmd does not print " + text + ": " + output);
            }
            try {
                wait(left);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", interrupted);
            }
        }
    }

    TestpmdInVnf awaitPrompt() {
        return await("testpmd> ");
    }

    TestpmdInVnf await(String text) {
        await(Pattern.compile(Pattern.quote(text)), 0);
        return this;
    }

    TestpmdInVnf command(String command) {
        try {
            running.standardInput().write((command + "\n").getBytes(StandardCharsets.US_ASCII));
            running.standardInput().flush();
        } catch (IOException failure) {
            throw new AssertionError("testpmd takes no command: " + log(), failure);
        }
        return this;
    }

    Counted counted() {
        int from = log().length();
        command("show port stats 0");
        // The line behind the two counters.
        await(Pattern.compile("Tx-pps:"), from);
        return new Counted(number(RECEIVED, from), number(SENT, from));
    }

    private long number(Pattern counter, int from) {
        Matcher matcher = counter.matcher(log());
        if (!matcher.find(from)) {
            throw new AssertionError("no " + counter + " in " + log());
        }
        return Long.parseLong(matcher.group(1));
    }

    /** Asks until so many packets have passed in both directions. */
    Counted awaitPackets(long packets) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Counted counted = counted();
        while (counted.received() < packets || counted.sent() < packets) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError(counted + " instead of " + packets + ": " + log());
            }
            counted = counted();
        }
        return counted;
    }

    @Override
    public void close() {
        running.close();
    }
}

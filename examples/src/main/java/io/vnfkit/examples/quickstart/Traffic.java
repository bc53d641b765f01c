package io.vnfkit.examples.quickstart;

import io.vnfkit.examples.report.OutputLog;
import io.vnfkit.examples.report.Report;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Sends packets through the VNF: a ping, then a stream of UDP datagrams that come back. */
final class Traffic {

    private static final int PORT = 5000;
    private static final int COUNT = 20_000;
    private static final int SIZE = 512;

    private final String address;

    /** Traffic from the left neighbour to an address of the right one. */
    Traffic(String address) {
        this.address = address;
    }

    void show(Report report) throws IOException, InterruptedException, TimeoutException {
        ping(report);
        stream(report);
    }

    void ping(Report report) throws IOException {
        HostCommand.Result ping = HostCommand.run("ip", "netns", "exec", Neighbours.LEFT,
                "ping", "-c", "5", "-i", "0.2", "-W", "2", address);
        report.quote(ping.output());
        report.check(ping.exitCode() == 0 && ping.output().contains(" 0% packet loss"), "ping from left to right and back");
    }

    void stream(Report report) throws IOException, InterruptedException, TimeoutException {
        Process echo = HostCommand.startJava(Neighbours.RIGHT, PacketEcho.class, address, PORT);
        Process source = null;
        try {
            OutputLog echoed = new OutputLog(echo.getInputStream());
            echoed.await("listening", Duration.ofSeconds(20));
            long leftBefore = Neighbours.counter(Neighbours.LEFT, Neighbours.LEFT_INTERFACE, "tx_packets");
            long rightBefore = Neighbours.counter(Neighbours.RIGHT, Neighbours.RIGHT_INTERFACE, "rx_packets");
            source = HostCommand.startJava(Neighbours.LEFT, PacketSource.class, address, PORT, COUNT, SIZE);
            String result = new OutputLog(source.getInputStream()).all().get(0);
            long left = Neighbours.counter(Neighbours.LEFT, Neighbours.LEFT_INTERFACE, "tx_packets") - leftBefore;
            long right = Neighbours.counter(Neighbours.RIGHT, Neighbours.RIGHT_INTERFACE, "rx_packets") - rightBefore;
            if (!echo.waitFor(5, TimeUnit.SECONDS)) {
                echo.destroy();
            }
            print(report, result, echoed.all(), left, right);
        } finally {
            echo.destroy();
            if (source != null) {
                source.destroy();
            }
        }
    }

    private void print(Report report, String result, List<String> echoed, long left, long right) {
        String[] parts = result.split(" ");
        if (parts.length != 3) {
            report.check(false, "the stream ended with: " + result);
            return;
        }
        long sent = Long.parseLong(parts[0]);
        long returned = Long.parseLong(parts[1]);
        long micros = Long.parseLong(parts[2]);
        String received = echoed.get(echoed.size() - 1);
        report.quote(String.format("UDP datagrams of %d octets: sent by left %d, received by right %s, back at left %d",
                SIZE, sent, received, returned));
        report.quote(String.format("the kernel's counters: sent by left %d, received by right %d", left, right));
        report.quote(String.format("%.1f s, %.0f packets a second in both directions", micros / 1e6,
                (sent + returned) * 1e6 / micros));
        report.check(returned == COUNT && received.equals(Integer.toString(COUNT)),
                returned + " of " + COUNT + " datagrams went through and came back");
    }
}

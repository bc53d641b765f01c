package io.vnfkit.examples.peers;

import io.vnfkit.testing.HostShell;
import io.vnfkit.unit.MacAddress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * A network namespace in which both links of a router end, the left and the right one, and whose kernel says nothing of
 * its own. Closing removes it with the links.
 *
 * @param name of the namespace
 */
record Ends(String name) implements AutoCloseable {

    static final String LEFT = "left-end";
    static final String RIGHT = "right-end";
    /** The host on the left, and the neighbour of the router on the right. */
    static final MacAddress SENDER = MacAddress.parse("02:00:00:00:00:01");
    static final MacAddress NEIGHBOUR = MacAddress.parse("02:00:00:00:00:02");

    private static final byte[] SOME_BYTES = "a-marker-for-".getBytes(StandardCharsets.US_ASCII);

    static Ends make(String name) {
        HostShell.run("ip netns add " + name
                + " && ip netns exec " + name + " sysctl -q -w net.ipv6.conf.default.disable_ipv6=1");
        return new Ends(name);
    }

    void linksUp() {
        HostShell.run("ip -n " + name + " link set " + LEFT + " up && ip -n " + name + " link set " + RIGHT + " up");
    }

    /**
     * Sends packets to a router on the left and collects what it sends to its neighbour on the right.
     *
     * @return for each packet the frames that it led to
     */
    List<List<byte[]>> exchange(List<Packet> packets, MacAddress router) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("ip", "netns", "exec", name, "python3", "-c", script(), LEFT, RIGHT)
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (Writer input = process.outputWriter(StandardCharsets.US_ASCII);
                BufferedReader output = new BufferedReader(new InputStreamReader(process.getInputStream()))) {
            List<List<byte[]>> answers = new ArrayList<>();
            for (Packet packet : packets) {
                Packet marker = marker(answers.size());
                input.write(hex(packet.frame(router, SENDER)) + " " + hex(marker.frame(router, SENDER)) + "\n");
                input.flush();
                answers.add(answer(packet, output.readLine()));
            }
            return answers;
        } finally {
            process.destroy();
            process.waitFor();
        }
    }

    private static List<byte[]> answer(Packet packet, String line) {
        if (line == null) {
            throw new AssertionError("the router forwards nothing more after: " + packet);
        }
        return Arrays.stream(line.split(" ")).skip(1).map(HexFormat.of()::parseHex)
                .filter(frame -> Arrays.equals(frame, 0, 6, NEIGHBOUR.octets(), 0, 6)).toList();
    }

    private static Packet marker(int number) {
        String end = String.format("%08d", number);
        return Ipv4Header.packet("marker", h -> h.payload =
                (new String(SOME_BYTES, StandardCharsets.US_ASCII) + end).getBytes(StandardCharsets.US_ASCII));
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static String script() throws IOException {
        try (var stream = Ends.class.getResourceAsStream("exchange.py")) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Override
    public void close() {
        HostShell.run("ip netns delete " + name);
    }
}

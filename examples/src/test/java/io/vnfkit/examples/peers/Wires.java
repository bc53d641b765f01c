package io.vnfkit.examples.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Frames on the two links of {@link Ends}, sent and received by a process there. Closing ends it. */
final class Wires implements AutoCloseable {

    private static final HexFormat HEX = HexFormat.of();

    private final Process process;
    private final Writer commands;
    private final BufferedReader answers;

    private Wires(Process process) {
        this.process = process;
        this.commands = process.outputWriter(StandardCharsets.US_ASCII);
        this.answers = process.inputReader(StandardCharsets.US_ASCII);
    }

    /** Both links must be up. */
    static Wires of(Ends ends) throws IOException {
        Wires wires = new Wires(new ProcessBuilder(
                "ip", "netns", "exec", ends.name(), "python3", "-c", script(), Ends.LEFT, Ends.RIGHT)
                .redirectError(ProcessBuilder.Redirect.INHERIT).start());
        assertThat(wires.answers.readLine()).isEqualTo("open");
        return wires;
    }

    private static String script() throws IOException {
        try (var stream = Wires.class.getResourceAsStream("wires.py")) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    void send(String end, byte[] frame) throws IOException {
        put("send " + end + " " + HEX.formatHex(frame));
    }

    /** Sends a frame again and again, until the link is gone. */
    void flood(String end, byte[] frame) throws IOException {
        put("flood " + end + " " + HEX.formatHex(frame));
    }

    /** Requires that the next frame at this end is this one, in every byte. */
    void expect(String end, byte[] frame) throws IOException {
        assertThat(receive(end)).as("next frame at " + end).isEqualTo(HEX.formatHex(frame));
    }

    /** The next frame at this end, in hexadecimal. */
    String receive(String end) throws IOException {
        return ask("receive " + end);
    }

    /** Everything that is still there at an end. */
    List<byte[]> left(String end) throws IOException {
        return Arrays.stream(ask("left " + end).split(" ")).skip(1).map(HEX::parseHex).toList();
    }

    private String ask(String command) throws IOException {
        put(command);
        return answers.readLine();
    }

    private void put(String command) throws IOException {
        commands.write(command + "\n");
        commands.flush();
    }

    @Override
    public void close() throws IOException {
        commands.close();
        process.destroy();
        try {
            process.waitFor();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

package io.vnfkit.testing;

import io.vnfkit.RunningVnf;
import io.vnfkit.StandardStreams;
import io.vnfkit.Vnf;
import io.vnfkit.VnfLauncher;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/** What a shell sees from inside a VNF. Needs root. */
public final class InsideVnf {

    private static final String PREFIX = "inside-" + ProcessHandle.current().pid() + "-";
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private InsideVnf() {}

    /**
     * What a script printed, on both streams, and how it ended.
     *
     * @param exitCode its exit code
     * @param output all that it printed
     */
    public record Seen(int exitCode, String output) {

        /**
         * The lines that were printed.
         *
         * @return lines in their order
         */
        public List<String> lines() {
            return output.lines().toList();
        }

        /**
         * Output in the form {@code key: value} or {@code key=value}, such as /proc/self/status, as a map.
         *
         * @return values without surrounding blanks, by key
         */
        public Map<String, String> fields() {
            Map<String, String> fields = new TreeMap<>();
            for (String line : lines()) {
                String[] parts = line.split("[:=]", 2);
                if (parts.length == 2) {
                    fields.put(parts[0].strip(), parts[1].strip());
                }
            }
            return fields;
        }
    }

    /**
     * A description with a name and a parent group that no other program on this machine has.
     *
     * @return a builder with pipes
     */
    public static Vnf.Builder vnf() {
        return Vnf.named(PREFIX + NUMBER.incrementAndGet()).streams(StandardStreams.PIPES)
                // Not the common parent, which other programs on the machine may keep.
                .cgroup(cgroup -> cgroup.parent(Path.of("vnfkit-" + PREFIX + "parent")));
    }

    static boolean isOfThisProcess(String text) {
        return text.contains(PREFIX);
    }

    /**
     * Launches a VNF that runs a script of the shell, waits for its end and closes it.
     *
     * @param vnf the description, its command aside
     * @param script lines of the script
     * @return what it saw
     */
    public static Seen run(Vnf.Builder vnf, String... script) {
        return run(vnf.command("/bin/sh", "-c", "exec 2>&1\n" + String.join("\n", script)).build());
    }

    /**
     * Launches a VNF with its own command, waits for its end and closes it.
     *
     * @param vnf the description, with pipes
     * @return what it saw
     */
    public static Seen run(Vnf vnf) {
        try (RunningVnf running = VnfLauncher.onThisHost().launch(vnf)) {
            String output = readAll(running.standardOutput());
            return new Seen(running.onExit().join(), output);
        }
    }

    /**
     * Launches a VNF that stays until it is closed.
     *
     * @param vnf the description, its command aside
     * @param script lines that run before it stays
     * @return the VNF; its script has been run
     */
    public static RunningVnf hold(Vnf.Builder vnf, String... script) {
        String lines = "exec 2>&1\n" + String.join("\n", script) + "\necho holding\nread -r end\n";
        RunningVnf running = VnfLauncher.onThisHost().launch(vnf.command("/bin/sh", "-c", lines).build());
        String output = readUntil(running.standardOutput(), "holding\n");
        if (!output.endsWith("holding\n")) {
            running.close();
            throw new AssertionError("the script of " + running + " ended early: " + output);
        }
        return running;
    }

    /**
     * Runs a script in a VNF that runs.
     *
     * @param running the VNF
     * @param script lines of the script
     * @return what it saw
     */
    public static Seen exec(RunningVnf running, String... script) {
        try (var command = running.exec(StandardStreams.PIPES, "/bin/sh", "-c",
                "exec 2>&1\n" + String.join("\n", script))) {
            String output = readAll(command.standardOutput());
            return new Seen(command.onExit().join(), output);
        }
    }

    private static String readAll(InputStream stream) {
        try {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String readUntil(InputStream stream, String end) {
        StringBuilder text = new StringBuilder();
        try {
            int octet = stream.read();
            while (octet >= 0) {
                text.append((char) octet);
                if (text.toString().endsWith(end)) {
                    break;
                }
                octet = stream.read();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return text.toString();
    }
}

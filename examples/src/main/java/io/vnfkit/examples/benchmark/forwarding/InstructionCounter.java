package io.vnfkit.examples.benchmark.forwarding;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Counts the instructions of a thread with perf, where the machine has hardware counters that perf may read. */
final class InstructionCounter {

    private static final String EVENT = "instructions:u";
    private static final List<String> COMMAND =
            List.of("perf", "stat", "--field-separator", ",", "--event", EVENT);

    /**
     * What perf counted.
     *
     * @param instructions in user space
     * @param nanoseconds for which it counted
     */
    record Reading(long instructions, long nanoseconds) {

        private static final int COUNT_AT = 0;
        private static final int EVENT_AT = 2;
        private static final int TIME_AT = 3;

        /** Finds the count in what perf printed; nothing if perf has none. */
        static Optional<Reading> parse(String output) {
            return output.lines().map(line -> line.split(","))
                    .filter(fields -> fields.length > TIME_AT && fields[EVENT_AT].equals(EVENT))
                    .filter(fields -> fields[COUNT_AT].matches("\\d+"))
                    .map(fields -> new Reading(Long.parseLong(fields[COUNT_AT]), Long.parseLong(fields[TIME_AT])))
                    .filter(reading -> reading.nanoseconds > 0)
                    .findFirst();
        }

        /** Instructions for each packet at a rate, in millions of packets per second. */
        double perPacket(double millionsOfPackets) {
            return instructions * 1000.0 / nanoseconds / millionsOfPackets;
        }
    }

    private final Optional<String> absence;

    private InstructionCounter(Optional<String> absence) {
        this.absence = absence;
    }

    /** Tries to count those of a short program. */
    static InstructionCounter probe() {
        try {
            String output = perf("true");
            return new InstructionCounter(Reading.parse(output).isPresent() ? Optional.empty()
                    : Optional.of("perf counts no " + EVENT + " on this machine: " + output.strip()));
        } catch (IOException missing) {
            return new InstructionCounter(Optional.of("perf does not start: " + missing.getMessage()));
        }
    }

    /** Why it cannot count; empty if it can. */
    Optional<String> absence() {
        return absence;
    }

    /** Counts those of a thread for a while. */
    Reading count(long thread, Duration length) throws IOException {
        String seconds = String.format(Locale.ROOT, "%.3f", length.toNanos() / 1e9);
        String output = perf("--tid", Long.toString(thread), "sleep", seconds);
        return Reading.parse(output)
                .orElseThrow(() -> new IOException("perf stopped counting " + EVENT + ": " + output));
    }

    private static String perf(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(COMMAND);
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}

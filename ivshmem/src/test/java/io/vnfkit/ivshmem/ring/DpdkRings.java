package io.vnfkit.ivshmem.ring;

import io.vnfkit.ivshmem.Region;
import io.vnfkit.testing.HostShell;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/** A process that works on rings of a region with DPDK's own functions: src/test/c/ring. */
final class DpdkRings implements AutoCloseable {

    /** RING_F_SP_ENQ | RING_F_SC_DEQ. */
    static final int SINGLE_SINGLE = 3;

    private static final Path SOURCE = Path.of("src", "test", "c", "ring", "ring_peer.c");

    /** DPDK has two implementations: one with fences, which x86 builds take, and one with the atomics of C11. */
    enum Model {
        FENCES(""),
        C11("-DRTE_USE_C11_MEM_MODEL");

        private final String option;

        Model(String option) {
            this.option = option;
        }
    }

    private final Process process;
    private final Writer commands;
    private final BufferedReader answers;

    private DpdkRings(Process process) {
        this.process = process;
        this.commands = process.outputWriter();
        this.answers = process.inputReader();
    }

    /** Compiles the program. DPDK's own headers are not written for all the warnings. */
    static Path compile(Path directory, Model model) {
        Path program = directory.resolve("ring_peer_" + model);
        HostShell.run("gcc -std=gnu11 -O2 -g -Wall -Wextra -Wshadow -Wstrict-prototypes -Wpointer-arith -Werror "
                + model.option + " -fsanitize=address,undefined -fno-sanitize-recover=all"
                + " $(pkg-config --cflags libdpdk | sed 's/-I/-isystem /g') -o " + program + " " + SOURCE
                + " $(pkg-config --libs-only-L libdpdk) -Wl,--as-needed -lrte_ring -lrte_eal"
                + " $(pkg-config --libs libdpdk | grep -o -e '-lrte_log' || true)");
        return program;
    }

    static DpdkRings attach(Path program, Region region) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(program.toString(), region.file().toString()).redirectErrorStream(true);
        // Under a tracer the search for leaks fails.
        builder.environment().put("ASAN_OPTIONS", "detect_leaks=0");
        return new DpdkRings(builder.start());
    }

    /** Gives a command, and waits for what it says. */
    String ask(String command, Object... arguments) throws IOException {
        String line = Arrays.stream(arguments).map(Object::toString).collect(Collectors.joining(" ", command + " ", "\n"));
        commands.write(line);
        commands.flush();
        String answer = answers.readLine();
        if (answer == null || answer.startsWith("error: ") || answer.startsWith("=")) {
            throw new AssertionError("to \"" + line.strip() + "\" the DPDK program says: " + answer + "\n"
                    + answers.lines().limit(40).collect(Collectors.joining("\n")));
        }
        return answer;
    }

    int number(String command, Object... arguments) throws IOException {
        return Integer.parseInt(ask(command, arguments));
    }

    /** Gives a command while this thread goes on. */
    CompletableFuture<String> begin(String command, Object... arguments) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return ask(command, arguments);
            } catch (IOException broken) {
                throw new AssertionError("the DPDK program has ended", broken);
            }
        });
    }

    /** The answer to a command that tells several numbers, by their names. */
    Map<String, Long> numbers(String command, Object... arguments) throws IOException {
        return Arrays.stream(ask(command, arguments).split(" ")).map(pair -> pair.split("="))
                .collect(Collectors.toMap(pair -> pair[0], pair -> Long.parseLong(pair[1])));
    }

    /** The elements that the program makes of numbers; both sides know them, so that each word of each can be checked. */
    static void fill(long[] elements, int words, long number, int count) {
        for (int i = 0; i < count * words; i++) {
            elements[i] = word(number + i / words, i % words);
        }
    }

    /** SplitMix64. */
    private static long word(long number, int word) {
        long mixed = (number * 8 + word + 1) * 0x9e3779b97f4a7c15L;
        mixed = (mixed ^ mixed >>> 30) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
        return mixed ^ mixed >>> 31;
    }

    static void check(long[] elements, int words, long number, int count) {
        for (int i = 0; i < count * words; i++) {
            if (elements[i] != word(number + i / words, i % words)) {
                throw new AssertionError("word " + i % words + " of element " + (number + i / words) + " is "
                        + Long.toHexString(elements[i]));
            }
        }
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}

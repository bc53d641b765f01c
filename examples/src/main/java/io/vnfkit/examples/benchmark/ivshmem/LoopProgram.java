package io.vnfkit.examples.benchmark.ivshmem;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A process with one loop or two, which works when it is told to: a region's file, and loops as {@link LoopFactory} reads
 * them. Commands on standard input, one a line:
 *
 * <pre>
 * start      begins, or goes on; the answer is "ready"
 * count      "count", elements of the last loop, nanoseconds of the clock, mean CPU time of the loops
 * stop       "ready" when all loops have stopped
 * latencies  "latencies", and pairs of nanoseconds and count, since the last start
 * </pre>
 */
public final class LoopProgram {

    private final List<LoopThread> loops;
    private final PrintStream answers;

    private LoopProgram(List<LoopThread> loops, PrintStream answers) {
        this.loops = loops;
        this.answers = answers;
    }

    /**
     * Runs the program, until the end of its input.
     *
     * @param arguments the file of a region, and loops
     * @throws IOException if a loop has failed
     */
    public static void main(String[] arguments) throws IOException {
        try (SharedMemory memory = SharedMemory.attach(Path.of(arguments[0]))) {
            LoopFactory factory = new LoopFactory(memory);
            List<LoopThread> loops = new ArrayList<>();
            for (String words : List.of(arguments).subList(1, arguments.length)) {
                loops.add(factory.make(words.split(" ")));
            }
            PrintStream answers = new PrintStream(System.out, true, StandardCharsets.US_ASCII);
            answers.println("ready");
            new LoopProgram(loops, answers).carryOut();
        }
    }

    private void carryOut() throws IOException {
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String command = commands.readLine(); command != null; command = commands.readLine()) {
            switch (command) {
                case "start" -> start();
                case "stop" -> stop();
                case "count" -> count();
                case "latencies" -> latencies();
                default -> throw new IOException("unknown command: " + command);
            }
        }
    }

    private void start() {
        loops.forEach(LoopThread::start);
        answers.println("ready");
    }

    private void stop() throws IOException {
        for (LoopThread loop : loops) {
            loop.stop();
        }
        answers.println("ready");
    }

    private void count() throws IOException {
        for (LoopThread loop : loops) {
            loop.done();
        }
        long cpuTime = loops.stream().mapToLong(LoopThread::cpuTime).sum() / loops.size();
        answers.println("count " + last().done() + " " + System.nanoTime() + " " + cpuTime);
    }

    private LoopThread last() {
        return loops.get(loops.size() - 1);
    }

    private void latencies() {
        answers.println("latencies" + ((RoundTripLoop) last().loop()).latencies());
    }
}

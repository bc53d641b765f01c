package io.vnfkit.examples.benchmark.ivshmem;

import io.vnfkit.examples.benchmark.CommandedProgram;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A process that is one side of a contestant or both, in Java ({@link LoopProgram}) or in C ({@code ring_loops.c}). Both
 * understand the same commands.
 */
final class Side implements AutoCloseable {

    private static final Pattern COUNT = Pattern.compile("^count (\\d+) (\\d+) (\\d+)$");
    private static final Pattern READY = Pattern.compile("^ready$");
    private static final Pattern LATENCIES = Pattern.compile("^latencies(.*)$");

    /** For Agrona, whose buffers look into a package of the JDK. */
    private static final List<String> OPEN = List.of("--add-opens", "java.base/jdk.internal.misc=ALL-UNNAMED");

    private final CommandedProgram program;

    private Side(CommandedProgram program) {
        this.program = program;
    }

    /**
     * How far it was at a moment.
     *
     * @param elements that it has done since it was started
     * @param nanoseconds the moment, on its own clock
     * @param cpuNanoseconds time that the CPUs of its loops have spent on them, on average
     */
    record Count(long elements, long nanoseconds, long cpuNanoseconds) {

        /** Millions of elements a second since an earlier count. */
        double millionsSince(Count earlier) {
            return (elements - earlier.elements) * 1000.0 / (nanoseconds - earlier.nanoseconds);
        }

        /** The share of the time since an earlier count in which it had its CPUs. */
        double cpuShareSince(Count earlier) {
            return (double) (cpuNanoseconds - earlier.cpuNanoseconds) / (nanoseconds - earlier.nanoseconds);
        }
    }

    /** A JVM like this one. Its loops are on the CPUs that they name, its other threads where the kernel puts them. */
    static Side java(SharedMemory memory, String... loops) throws IOException {
        List<String> command = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java")));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(OPEN);
        Collections.addAll(command, "-cp", System.getProperty("java.class.path"), LoopProgram.class.getName(),
                memory.file().toString());
        Collections.addAll(command, loops);
        return start(command);
    }

    /** The C program. */
    static Side c(Path programs, SharedMemory memory, int cpu, Object... loop) throws IOException {
        List<String> command = new ArrayList<>(List.of("taskset", "--cpu-list", Integer.toString(cpu),
                programs.resolve("ring_loops").toString(), memory.file().toString()));
        Arrays.stream(loop).map(Object::toString).forEach(command::add);
        return start(command);
    }

    private static Side start(List<String> command) throws IOException {
        CommandedProgram program = CommandedProgram.start(String.join(" ", command.subList(command.size() - 2,
                command.size())), command);
        program.await(READY);
        return new Side(program);
    }

    /** Begins, or goes on. */
    void run() throws IOException {
        program.send("start");
        program.await(READY);
    }

    Count count() throws IOException {
        program.send("count");
        var numbers = program.await(COUNT);
        return new Count(Long.parseLong(numbers.group(1)), Long.parseLong(numbers.group(2)),
                Long.parseLong(numbers.group(3)));
    }

    void pause() throws IOException {
        program.send("stop");
        program.await(READY);
    }

    /** Round trips since it ran last: pairs of nanoseconds and how often they were measured. */
    long[] latencies() throws IOException {
        program.send("latencies");
        return Pattern.compile(" ").splitAsStream(program.await(LATENCIES).group(1).strip())
                .filter(word -> !word.isEmpty()).mapToLong(Long::parseLong).toArray();
    }

    @Override
    public void close() throws IOException {
        program.close();
    }
}

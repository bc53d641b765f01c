package io.vnfkit.examples.benchmark.forwarding;

import io.vnfkit.examples.benchmark.CommandedProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** vnfkit's forwarding core in a JVM of its own, which {@link ForwarderMain} runs. */
final class Vnfkit implements Contestant {

    private static final int TRAFFIC_BURST = 256;

    private final String name;
    private final CommandedProgram program;

    private Vnfkit(String name, CommandedProgram program) {
        this.name = name;
        this.program = program;
    }

    static Vnfkit start(Placement placement, Scene scene) throws IOException {
        return start("vnfkit", placement, scene, placement.ealArguments("vnfkit", scene.lcores()));
    }

    /** One of two, of which the scene is what differs. */
    static Vnfkit start(String name, Placement placement, Scene scene) throws IOException {
        return start(name, placement, scene, placement.ealArguments(filePrefix(name), scene.lcores()));
    }

    /** Generator and sink at the other ends of the links of a forwarder. */
    static Vnfkit startTraffic(Placement placement, String forwarder, Scene traffic) throws IOException {
        // Bursts larger than the forwarder's: generator and sink together have more to do than it has.
        return start("traffic of " + forwarder, placement, traffic.burst(TRAFFIC_BURST),
                placement.ealArgumentsOfTraffic("traffic-" + filePrefix(forwarder)));
    }

    private static String filePrefix(String name) {
        return name.replaceAll("\\W", "-");
    }

    private static Vnfkit start(String name, Placement placement, Scene scene, List<String> ealArguments)
            throws IOException {
        String[] java = javaCommand(System.getProperty("java.class.path"), scene);
        List<String> command = new ArrayList<>(placement.onControlCpu(java));
        command.addAll(ealArguments);
        command.add("--no-telemetry");
        return of(name, CommandedProgram.start(name, command));
    }

    /** A program that was started otherwise, and is ready when this returns. */
    static Vnfkit of(String name, CommandedProgram program) throws IOException {
        program.await(Pattern.compile("^ready"));
        return new Vnfkit(name, program);
    }

    /** The command up to the arguments of the EAL. */
    static String[] javaCommand(String classPath, Scene scene) {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-cp", classPath,
                ForwarderMain.class.getName(), scene.toString(), "--"));
        return words.toArray(String[]::new);
    }

    @Override
    public String name() {
        return name;
    }

    private Matcher ask(String request, String answer) throws IOException {
        program.send(request);
        return program.await(Pattern.compile("^" + answer));
    }

    @Override
    public void start() throws IOException {
        ask("start", "started");
    }

    @Override
    public Count count() throws IOException {
        Matcher answer = ask("count", "count (\\d+) (-?\\d+)");
        return new Count(Long.parseLong(answer.group(1)), Long.parseLong(answer.group(2)));
    }

    @Override
    public void stop() throws IOException {
        ask("stop", "stopped");
    }

    @Override
    public long pid() {
        return program.pid();
    }

    /** How often its inputs were asked in vain so far. */
    long idlePolls() throws IOException {
        return Long.parseLong(ask("idle", "idle (\\d+)").group(1));
    }

    /** Cycles per second of the time stamp counter, as DPDK knows it. */
    long tscHertz() throws IOException {
        return Long.parseLong(ask("tsc", "tsc (\\d+)").group(1));
    }

    /** The longest time between two polls since the last question, in nanoseconds. */
    long takeLongestGap() throws IOException {
        return Long.parseLong(ask("gap", "gap (\\d+)").group(1));
    }

    /** Lets a thread of the JVM make garbage as fast as it can, or ends that. */
    void allocate(boolean on) throws IOException {
        ask(on ? "allocate" : "rest", "done");
    }

    /** How many collections there were so far. */
    long collections() throws IOException {
        return Long.parseLong(ask("collections", "collections (\\d+)").group(1));
    }

    /** Gives so many routes another next hop, in one call; how long that took, in nanoseconds. */
    long changeRoutes(int count) throws IOException {
        return Long.parseLong(ask("change " + count, "changed (\\d+)").group(1));
    }

    /** Nanoseconds of starting the EAL, of making the core, and from starting the tasks to the first packet. */
    long[] startTimes() throws IOException {
        Matcher answer = ask("times", "times (\\d+) (\\d+) (\\d+)");
        return new long[] {Long.parseLong(answer.group(1)), Long.parseLong(answer.group(2)),
            Long.parseLong(answer.group(3))};
    }

    @Override
    public void close() throws IOException {
        program.close();
    }
}

package io.vnfkit.examples.benchmark.forwarding;

import io.vnfkit.dpdk.Eal;
import io.vnfkit.dpdk.ForwardingCore;
import io.vnfkit.dpdk.RunningTask;
import io.vnfkit.dpdk.binding.ForwarderLoader;
import io.vnfkit.dpdk.table.RouteChange;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * vnfkit's contestant: one scene on one EAL, commanded by lines on standard input until its end. A process can start
 * the EAL once only, so each scene has a process of its own, as each testpmd has.
 */
public final class ForwarderMain implements AutoCloseable {

    private static final int LCORE = 1;

    private final Eal eal;
    private final SceneForwarding description;
    private final ForwardingCore core;
    private final MeasuredTasks tasks;
    private final boolean awaitsPackets;
    private final long ealTime;
    private final long coreTime;
    private final Garbage garbage = new Garbage();
    private long firstPacketTime;
    private int turn;

    private ForwarderMain(Scene scene, List<String> ealArguments) {
        long begin = System.nanoTime();
        eal = Eal.start(ealArguments);
        ealTime = System.nanoTime() - begin;
        description = new SceneForwarding(scene);
        begin = System.nanoTime();
        core = ForwardingCore.start(eal, description.describe());
        coreTime = System.nanoTime() - begin;
        description.fill(core);
        tasks = new MeasuredTasks(core, description.measured());
        // Those that a generator sends come back when the other end forwards, which starts later.
        awaitsPackets = !scene.isTraffic();
        if (scene.kind() == Scene.Kind.LOOP) {
            seed(2L * scene.burst());
        }
    }

    /**
     * Runs a scene.
     *
     * @param arguments the scene, {@code --}, and the arguments of the EAL
     * @throws IOException if standard input cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        List<String> words = Arrays.asList(arguments);
        List<String> ealArguments = words.subList(words.indexOf("--") + 1, words.size());
        try (ForwarderMain main = new ForwarderMain(Scene.parse(words.get(0)), ealArguments)) {
            say("ready");
            main.serve();
        }
    }

    private static void say(String answer) {
        System.out.println(answer);
    }

    private void seed(long packets) {
        RunningTask seed = core.task(SceneForwarding.SEED);
        seed.start();
        while (seed.statistics().sent() < packets) {
            Thread.onSpinWait();
        }
        seed.stop();
    }

    private void serve() throws IOException {
        BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = requests.readLine(); line != null; line = requests.readLine()) {
            String[] words = line.split(" ");
            switch (words[0]) {
                case "start" -> start();
                case "stop" -> stop();
                case "count" -> say("count " + tasks.packets() + " " + System.nanoTime());
                case "idle" -> say("idle " + tasks.idlePolls());
                case "tsc" -> say("tsc " + ForwarderLoader.load().tscHertz());
                case "gap" -> gap();
                case "allocate" -> allocate(true);
                case "rest" -> allocate(false);
                case "collections" -> say("collections " + collections());
                case "change" -> change(Integer.parseInt(words[1]));
                case "times" -> say("times " + ealTime + " " + coreTime + " " + firstPacketTime);
                default -> throw new IllegalArgumentException("no such request: " + line);
            }
        }
    }

    private void start() {
        long before = tasks.packets();
        long begin = System.nanoTime();
        tasks.start();
        while (awaitsPackets && tasks.packets() == before) {
            Thread.onSpinWait();
        }
        firstPacketTime = System.nanoTime() - begin;
        say("started");
    }

    private void stop() {
        tasks.stop();
        say("stopped");
    }

    private void gap() {
        long gap = core.statistics().lcores().get(LCORE).longestGap().toNanos();
        core.statisticsArea().resetLongestGap(LCORE);
        say("gap " + gap);
    }

    private void allocate(boolean on) {
        if (on) {
            garbage.start();
        } else {
            garbage.stop();
        }
        say("done");
    }

    private static long collections() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionCount).sum();
    }

    private void change(int count) {
        turn ^= 1;
        List<RouteChange> changes = SceneForwarding.routeChanges(0, count, turn);
        long begin = System.nanoTime();
        SceneForwarding.apply(core, changes);
        say("changed " + (System.nanoTime() - begin));
    }

    @Override
    public void close() {
        garbage.stop();
        core.close();
        description.close();
        eal.close();
    }
}

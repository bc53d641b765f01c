package io.vnfkit.examples.benchmark.forwarding;

import io.vnfkit.examples.benchmark.CommandedProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * DPDK's l3fwd example with longest prefix match. It has no prompt: signals hold it up and let it go on, and its
 * counters come from telemetry. That of DPDK 22.11 asks ports to verify checksums, which ports from files cannot, and has
 * no option against that: it is built with {@code offloads = 0} in main.c for this.
 */
final class L3fwdExample implements Contestant {

    private static final Pattern SENT = Pattern.compile("\"opackets\": (\\d+)");
    private static final Pattern READY = Pattern.compile("entering main loop on lcore 1");
    private static final int PORTS = 2;

    private final CommandedProgram program;
    private final CommandedProgram telemetry;

    private L3fwdExample(CommandedProgram program, CommandedProgram telemetry) {
        this.program = program;
        this.telemetry = telemetry;
    }

    /**
     * Starts it, and holds it up.
     *
     * @param binary the program, built for the installed DPDK
     * @param packets file that both ports give again and again
     * @param rules file for its routes
     * @throws CommandedProgram.EndedException if it has no room for so many
     */
    static L3fwdExample start(Placement placement, Path binary, Path packets, int routes, Path rules)
            throws IOException {
        writeRules(rules, routes);
        List<String> command =
                new ArrayList<>(placement.onControlCpu("stdbuf", "-oL", "-eL", binary.toString()));
        // It takes a transmit queue for each lcore, and ports from files have one.
        command.addAll(placement.ealArgumentsOfOneLcore("l3fwd"));
        for (int port = 0; port < PORTS; port++) {
            command.add("--vdev=net_pcap" + port + ",rx_pcap=" + packets + ",infinite_rx=1");
        }
        // Ports from files say nothing about packet types.
        command.addAll(List.of("--", "-p", "0x3", "-P", "--lookup=lpm", "--config=(0,0,1),(1,0,1)", "--parse-ptype",
                "--rule_ipv4=" + rules, "--rule_ipv6=" + rules + "6"));
        CommandedProgram program = CommandedProgram.start("l3fwd", command);
        awaitReady(program);
        L3fwdExample example = new L3fwdExample(program, CommandedProgram.start("dpdk-telemetry.py",
                placement.onControlCpu("python3", "-u", "/usr/bin/dpdk-telemetry.py", "-f", "benchmark-l3fwd")));
        example.stop();
        return example;
    }

    private static void awaitReady(CommandedProgram program) throws IOException {
        try {
            program.await(READY);
        } catch (IOException refusal) {
            program.close();
            throw refusal;
        }
    }

    private static void writeRules(Path rules, int routes) throws IOException {
        Files.writeString(rules, IntStream.range(0, routes)
                .mapToObj(i -> "R" + TestNetwork.route(i) + " " + (i & 1) + "\n").collect(Collectors.joining()));
        Files.writeString(Path.of(rules + "6"), "R2001:0200:0000:0000:0000:0000:0000:0000/48 0\n");
    }

    @Override
    public String name() {
        return "DPDK's l3fwd";
    }

    @Override
    public long pid() {
        return program.pid();
    }

    private void signal(String name) throws IOException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(program.pid())).inheritIO().start();
        if (kill.onExit().join().exitValue() != 0) {
            throw new IOException("kill -" + name + " " + program.pid() + " failed: has l3fwd ended?");
        }
    }

    @Override
    public void start() throws IOException {
        signal("CONT");
    }

    @Override
    public Count count() throws IOException {
        long sent = 0;
        long moment = 0;
        for (int port = 0; port < PORTS; port++) {
            telemetry.send("/ethdev/stats," + port);
            sent += Long.parseLong(telemetry.await(SENT).group(1));
            moment = port == 0 ? System.nanoTime() : moment;
        }
        return new Count(sent, moment);
    }

    @Override
    public void stop() throws IOException {
        signal("STOP");
    }

    @Override
    public void close() throws IOException {
        start();
        telemetry.close();
        program.close();
    }
}

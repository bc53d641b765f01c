package io.vnfkit.examples.benchmark.forwarding;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Debian's dpdk-testpmd, commanded at its prompt. */
final class Testpmd implements Contestant {

    private static final Pattern SENT = Pattern.compile("TX-packets: (\\d+)");
    private static final Pattern STARTED = Pattern.compile("Logical Core \\d+ .*forwards packets");
    private static final int PORTS = 2;

    private final CommandedProgram program;
    private final String name;
    private final boolean isLoop;
    private boolean isPrimed;

    private Testpmd(String name, CommandedProgram program, boolean isLoop) {
        this.name = name;
        this.program = program;
        this.isLoop = isLoop;
    }

    /**
     * Starts it on two devices of the EAL.
     *
     * @param isLoop whether the devices give back what was sent, so that packets have to be put in once
     */
    static Testpmd start(Placement placement, String mode, int burst, boolean isLoop, String... devices)
            throws IOException {
        String name = "testpmd " + mode;
        List<String> command = new ArrayList<>(placement.onControlCpu("stdbuf", "-oL", "dpdk-testpmd"));
        command.addAll(placement.ealArguments("testpmd"));
        for (String device : devices) {
            command.add("--vdev=" + device);
        }
        command.addAll(List.of("--", "-i", "--forward-mode=" + mode, "--burst=" + burst, "--nb-cores=1",
                "--no-mlockall", "--total-num-mbufs=16384"));
        if (isLoop) {
            // Otherwise each start empties the receive queues, and the loop with them.
            command.add("--no-flush-rx");
        }
        return new Testpmd(name, CommandedProgram.start(name, command), isLoop);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void start() throws IOException {
        program.send(isLoop && !isPrimed ? "start tx_first" : "start");
        isPrimed = true;
        program.await(STARTED);
    }

    @Override
    public Count count() throws IOException {
        program.send("show port stats all");
        long sent = 0;
        long moment = 0;
        for (int port = 0; port < PORTS; port++) {
            sent += Long.parseLong(program.await(SENT).group(1));
            moment = port == 0 ? System.nanoTime() : moment;
        }
        return new Count(sent, moment);
    }

    @Override
    public void stop() throws IOException {
        program.send("stop");
        program.await(Pattern.compile("Done\\."));
    }

    @Override
    public void close() throws IOException {
        program.close();
    }
}

package io.vnfkit.examples.benchmark.forwarding;

import io.vnfkit.dpdk.port.Device;
import io.vnfkit.examples.benchmark.CommandedProgram;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Debian's dpdk-testpmd, commanded at its prompt. */
final class Testpmd implements Contestant {

    private static final Pattern SENT = Pattern.compile("TX-packets: (\\d+)");
    private static final Pattern STARTED = Pattern.compile("Logical Core \\d+ .*forwards packets");
    private static final int PORTS = 2;

    /**
     * What it forwards.
     *
     * @param mode its forwarding mode
     * @param burst how many packets at once
     * @param isLoop whether the devices give back what was sent, so that packets have to be put in once
     * @param queues of each port
     * @param lcores that forward
     * @param devices the two, as the EAL takes them
     */
    record Setup(String mode, int burst, boolean isLoop, int queues, int lcores, List<String> devices) {

        static Setup of(String mode, String... devices) {
            return new Setup(mode, Scene.BURST, false, 1, 1, List.of(devices));
        }

        static Setup of(String mode, Device first, Device second) {
            return of(mode, asArgument(first), asArgument(second));
        }

        private static String asArgument(Device device) {
            return device.name() + "," + device.parameters();
        }

        Setup inLoop(int packets) {
            return new Setup(mode, packets, true, queues, lcores, devices);
        }

        Setup parallel(int queueCount, int lcoreCount) {
            return new Setup(mode, burst, isLoop, queueCount, lcoreCount, devices);
        }
    }

    private final CommandedProgram program;
    private final String name;
    private final boolean isLoop;
    private boolean isPrimed;

    private Testpmd(String name, CommandedProgram program, boolean isLoop) {
        this.name = name;
        this.program = program;
        this.isLoop = isLoop;
    }

    /** Starts it, and returns when it has its ports. */
    static Testpmd start(Placement placement, Setup setup) throws IOException {
        String name = "testpmd " + setup.mode();
        List<String> command = new ArrayList<>(placement.onControlCpu("stdbuf", "-oL", "dpdk-testpmd"));
        command.addAll(placement.ealArguments("testpmd", setup.lcores()));
        for (String device : setup.devices()) {
            command.add("--vdev=" + device);
        }
        // Links of memif come up when the other end is there, which starts later.
        command.addAll(List.of("--", "-i", "--forward-mode=" + setup.mode(), "--burst=" + setup.burst(),
                "--nb-cores=" + setup.lcores(), "--rxq=" + setup.queues(), "--txq=" + setup.queues(), "--no-mlockall",
                "--total-num-mbufs=16384", "--disable-link-check"));
        if (setup.isLoop()) {
            // Otherwise each start empties the receive queues, and the loop with them.
            command.add("--no-flush-rx");
        }
        Testpmd testpmd = new Testpmd(name, CommandedProgram.start(name, command), setup.isLoop());
        testpmd.count();
        return testpmd;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long pid() {
        return program.pid();
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

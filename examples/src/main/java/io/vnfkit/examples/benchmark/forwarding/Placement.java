package io.vnfkit.examples.benchmark.forwarding;

import java.util.ArrayList;
import java.util.List;

/**
 * Which CPU forwards and which does everything else, the same for every contestant.
 *
 * @param controlCpu of main lcores, control threads, JVMs and this program
 * @param forwardingCpu of the lcore that forwards; nothing of this program runs there
 */
record Placement(int controlCpu, int forwardingCpu) {

    /**
     * A command whose threads stay on the control CPU, apart from those that the EAL pins elsewhere, with the highest
     * priority of ordinary processes: what else runs on the machine shall not decide between contestants.
     */
    List<String> onControlCpu(String... command) {
        List<String> words = new ArrayList<>(List.of("nice", "-n", "-20", "taskset", "-c", Integer.toString(controlCpu)));
        words.addAll(List.of(command));
        return words;
    }

    /** One lcore, 1 on the forwarding CPU; the control threads find themselves the other CPU by their affinity. */
    List<String> ealArgumentsOfOneLcore(String prefix) {
        return List.of("--lcores", "1@" + forwardingCpu, "--no-pci", "--in-memory", "--file-prefix",
                "benchmark-" + prefix);
    }

    /** Two lcores: 0 on the control CPU, 1 on the forwarding CPU. */
    List<String> ealArguments(String prefix) {
        return List.of("--lcores", "0@" + controlCpu + ",1@" + forwardingCpu, "--no-pci", "--in-memory",
                "--file-prefix", "benchmark-" + prefix);
    }
}

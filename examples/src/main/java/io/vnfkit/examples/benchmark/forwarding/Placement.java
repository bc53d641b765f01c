package io.vnfkit.examples.benchmark.forwarding;

import java.util.ArrayList;
import java.util.List;

/**
 * Which CPU forwards and which does everything else, the same for every contestant.
 *
 * @param controlCpu of main lcores, control threads, JVMs and this program
 * @param forwardingCpu of the lcore that forwards; nothing of this program runs there
 * @param secondCpu of a second lcore that forwards, and of the traffic at the other ends of memif links; with two CPUs
 *     the control CPU
 */
record Placement(int controlCpu, int forwardingCpu, int secondCpu) {

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
        return withLcores("1@" + forwardingCpu, prefix);
    }

    /** Two lcores: 0 on the control CPU, 1 on the forwarding CPU. */
    List<String> ealArguments(String prefix) {
        return ealArguments(prefix, 1);
    }

    /** Lcore 0 on the control CPU, 1 on the forwarding CPU, and 2 on the second one if two forward. */
    List<String> ealArguments(String prefix, int forwardingLcores) {
        String second = forwardingLcores == 2 ? ",2@" + secondCpu : "";
        return withLcores("0@" + controlCpu + ",1@" + forwardingCpu + second, prefix);
    }

    /** Lcore 0 on the control CPU, and 1 on the second CPU. */
    List<String> ealArgumentsOfTraffic(String prefix) {
        return withLcores("0@" + controlCpu + ",1@" + secondCpu, prefix);
    }

    private static List<String> withLcores(String lcores, String prefix) {
        return List.of("--lcores", lcores, "--no-pci", "--in-memory", "--file-prefix", "benchmark-" + prefix);
    }

    /** What shares the second CPU, for a result. */
    String ofSecondCpu() {
        return "on CPU " + secondCpu + (secondCpu == controlCpu
                ? ", which it shares with main lcores, control threads, JVMs and the program that measures"
                : ", which it has for itself");
    }
}

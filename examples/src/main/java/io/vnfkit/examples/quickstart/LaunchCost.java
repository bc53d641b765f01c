package io.vnfkit.examples.quickstart;

import io.vnfkit.RunningVnf;
import io.vnfkit.Vnf;
import io.vnfkit.VnfLauncher;
import io.vnfkit.examples.report.Report;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.PageSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Measures launches of a small program in all namespaces, with cpuset, hugetlb and devices. */
final class LaunchCost {

    private static final int LAUNCHES = 50;

    private final VnfLauncher launcher;
    private final Machine machine;

    LaunchCost(VnfLauncher launcher, Machine machine) {
        this.launcher = launcher;
        this.machine = machine;
    }

    void show(Report report) throws IOException {
        Vnf vnf = Vnf.named("quickstart-cost")
                .cgroup(cg -> cg.cpus(machine.cpus()).memoryNodes(machine.nodes())
                        .hugetlb(PageSize.MIB_2, Bytes.mebibytes(2)))
                .command("sleep", "60")
                .build();
        long[] micros = new long[LAUNCHES];
        long memory = 0;
        for (int launch = 0; launch < LAUNCHES; launch++) {
            long start = System.nanoTime();
            try (RunningVnf running = launcher.launch(vnf)) {
                micros[launch] = (System.nanoTime() - start) / 1000;
                memory = supervisorMemory(running.pid());
            }
        }
        Arrays.sort(micros);
        report.quote(String.format("from the call of launch() to the first instruction of the program: median %.1f ms of %d"
                + " launches, fastest %.1f ms", micros[LAUNCHES / 2] / 1000.0, LAUNCHES, micros[0] / 1000.0));
        report.quote(memory + " kB of private memory beside the program itself (its supervisor)");
        report.check(memory < 100, "a VNF costs less than 100 kB of memory beside itself");
    }

    /** Memory that belongs to the supervisor alone, in kB: the VNF's parent process. */
    private static long supervisorMemory(long pid) throws IOException {
        String parent = value(Path.of("/proc", Long.toString(pid), "status"), "PPid:");
        Path memory = Path.of("/proc", parent, "smaps_rollup");
        return kilobytes(memory, "Private_Clean:") + kilobytes(memory, "Private_Dirty:");
    }

    private static long kilobytes(Path file, String key) throws IOException {
        return Long.parseLong(value(file, key).split(" ")[0]);
    }

    private static String value(Path file, String key) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(key.length()).strip())
                .findFirst()
                .orElseThrow();
    }
}

package io.vnfkit.examples.quickstart;

import io.vnfkit.RunningVnf;
import io.vnfkit.examples.report.Report;
import java.io.IOException;
import java.util.List;

/** The same questions to the host and to the VNF, answered by the programs that people use. */
final class View {

    private record Question(String title, String command) {}

    private static final String POOL = "/sys/kernel/mm/hugepages/hugepages-2048kB/";

    private static final List<Question> QUESTIONS = List.of(
            new Question("host name", "hostname"),
            new Question("CPUs: nproc", "nproc"),
            new Question("CPUs: lscpu", "lscpu -p=CPU | grep -v '^#' | tr '\\n' ' '"),
            new Question("CPUs: sysfs online", "cat /sys/devices/system/cpu/online"),
            new Question("CPUs: /proc/cpuinfo", "grep -c ^processor /proc/cpuinfo"),
            new Question("NUMA nodes: numactl -H", "numactl -H | sed -n 's/^available: //p'"),
            new Question("PCI devices: lspci", "lspci 2>/dev/null | wc -l"),
            new Question("hugepages of 2 MiB: sysfs total", "cat " + POOL + "nr_hugepages"),
            new Question("hugepages of 2 MiB: meminfo", "sed -n 's/^HugePages_Total: *//p' /proc/meminfo"),
            new Question("network interfaces", "ls /sys/class/net | tr '\\n' ' '"),
            new Question("processes", "ls /proc | grep -c '^[0-9]'"));

    private final Inside inside;
    private final Machine machine;

    View(RunningVnf vnf, Machine machine) {
        this.inside = new Inside(vnf);
        this.machine = machine;
    }

    void show(Report report) throws IOException {
        report.print(row("", "host", "VNF"));
        for (Question question : QUESTIONS) {
            String host = HostCommand.run("sh", "-c", question.command()).output();
            report.print(row(question.title(), host, inside.shell(question.command()).output()));
        }
        check(report, "nproc", Integer.toString(machine.cpus().size()), "nproc counts the granted CPUs");
        check(report, "cat /sys/devices/system/cpu/online", machine.cpus().toString(), "sysfs shows the granted CPUs");
        check(report, "sed -n 's/^HugePages_Total: *//p' /proc/meminfo",
                Long.toString(ForwardingVnf.HUGEPAGES.inMebibytes() / 2), "meminfo shows the granted hugepages");
        check(report, "lspci | wc -l", "0", "no PCI device was granted, and none is seen");
    }

    private void check(Report report, String command, String expected, String promise) throws IOException {
        String observed = inside.shell(command).output();
        report.check(observed.equals(expected), promise + ": " + observed);
    }

    private static String row(String title, String host, String vnf) {
        return String.format("    | %-33s | %-24s | %s", title, shorten(host), shorten(vnf));
    }

    private static String shorten(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        return line.length() <= 24 ? line : line.substring(0, 21) + "...";
    }
}

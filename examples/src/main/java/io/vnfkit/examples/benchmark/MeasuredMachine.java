package io.vnfkit.examples.benchmark;

import io.vnfkit.cgroup.CgroupLayout;
import io.vnfkit.cgroup.Placement;
import io.vnfkit.linux.Host;
import io.vnfkit.linux.KernelFiles;
import io.vnfkit.mount.Mountinfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a result depends on.
 *
 * @param date when it was measured
 * @param command how to measure it again
 * @param kernel of the machine
 * @param cpu its model
 * @param cpus how many this program may use
 * @param memory of the machine, in KiB
 * @param jdk that ran this program
 * @param cgroups where each controller that a launch uses lives
 * @param stateDirectory type of the file system of /run, where launchers keep their records
 * @param crun its version
 * @param runc its version
 * @param load the load of the machine before the measurement, as /proc/loadavg says: what else ran
 */
public record MeasuredMachine(
        String date,
        String command,
        String kernel,
        String cpu,
        int cpus,
        String memory,
        String jdk,
        Map<String, String> cgroups,
        String stateDirectory,
        String crun,
        String runc,
        String load) {

    private static final List<String> CONTROLLERS = List.of("cpuset", "hugetlb", "devices", "freezer");

    /**
     * Looks at this machine.
     *
     * @param host this machine
     * @param command how to measure again
     * @return what it is
     */
    public static MeasuredMachine look(Host host, String command) {
        KernelFiles files = host.files();
        return new MeasuredMachine(
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                command,
                String.join(" ", System.getProperty("os.name"), System.getProperty("os.version"),
                        System.getProperty("os.arch")),
                field(files, "/proc/cpuinfo", "model name"),
                Runtime.getRuntime().availableProcessors(),
                field(files, "/proc/meminfo", "MemTotal"),
                System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"),
                cgroups(files),
                fileSystemOf(files, Path.of("/run")),
                version("crun"),
                version("runc"),
                files.read("/proc/loadavg"));
    }

    private static String field(KernelFiles files, String file, String key) {
        return files.readLines(file).stream()
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst().orElse("unknown");
    }

    private static Map<String, String> cgroups(KernelFiles files) {
        CgroupLayout layout = CgroupLayout.read(files);
        Map<String, String> places = new TreeMap<>();
        for (String controller : CONTROLLERS) {
            places.put(controller, describe(layout.placement(controller)));
        }
        return places;
    }

    private static String describe(Placement placement) {
        if (placement instanceof Placement.V1 version1) {
            return "version 1 at " + version1.mountPoint();
        }
        if (placement instanceof Placement.V2 version2) {
            return "version 2 at " + version2.mountPoint();
        }
        return ((Placement.None) placement).reason();
    }

    private static String fileSystemOf(KernelFiles files, Path directory) {
        Mountinfo mounts = Mountinfo.read(files);
        return mounts.at(directory).or(() -> mounts.at(Path.of("/"))).map(Mountinfo.Mount::type).orElse("unknown");
    }

    /** The first line that a runtime prints about itself. */
    private static String version(String program) {
        try {
            Process process = new ProcessBuilder(program, "--version").redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return output.lines().findFirst().orElse("unknown");
        } catch (IOException absent) {
            return "not installed";
        }
    }
}

package io.vnfkit.examples.differential;

import io.vnfkit.RunningVnf;
import io.vnfkit.Vnf;
import io.vnfkit.VnfLauncher;
import io.vnfkit.cgroup.CgroupLayout;
import io.vnfkit.cgroup.Placement;
import io.vnfkit.examples.benchmark.OciRuntime;
import io.vnfkit.linux.Host;
import io.vnfkit.linux.KernelFiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Runs the probe and looks at what it is in from outside meanwhile. */
final class Observer {

    private static final List<String> CPUSET_FILES = List.of("cpuset.cpus", "cpuset.mems", "cpuset.cpu_exclusive",
            "cpuset.memory_migrate", "cpuset.cpus.partition");

    private final KernelFiles files = Host.thisHost().files();

    /** Launches it with vnfkit. */
    ObservedState withVnfkit(Intent intent) throws IOException {
        Vnf vnf = intent.vnf();
        try (RunningVnf running = VnfLauncher.onThisHost().launch(vnf)) {
            Map<String, List<String>> sections = Probe.read(new BufferedReader(
                    new InputStreamReader(running.standardOutput(), StandardCharsets.UTF_8)));
            Map<String, String> cgroupFiles = cgroupFiles(vnf.cgroup().parent().resolve(vnf.name()));
            ObservedState state = ObservedState.of(sections, hostNamespaces(), cgroupFiles);
            running.standardInput().close();
            running.onExit().join();
            return state;
        }
    }

    /** Runs it with an OCI runtime. */
    ObservedState with(OciRuntime runtime, Intent intent, Path bundle, String id) throws IOException {
        intent.bundle(id).write(bundle);
        Process process = new ProcessBuilder(runtime.run(List.of(), bundle, id)).redirectErrorStream(true).start();
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            Map<String, List<String>> sections = Probe.read(output);
            return ObservedState.of(sections, hostNamespaces(), cgroupFiles(Path.of(id)));
        } finally {
            process.getOutputStream().close();
            process.onExit().join();
        }
    }

    private static Map<String, String> hostNamespaces() throws IOException {
        Map<String, String> namespaces = new TreeMap<>();
        for (String kind : List.of("mnt", "net", "uts", "ipc", "pid", "cgroup", "user", "time")) {
            namespaces.put(kind, Files.readSymbolicLink(Path.of("/proc/self/ns", kind)).toString());
        }
        return namespaces;
    }

    private Map<String, String> cgroupFiles(Path group) {
        Map<String, String> contents = new TreeMap<>();
        CgroupLayout layout = CgroupLayout.read(files);
        CPUSET_FILES.forEach(name -> read(layout, "cpuset", group, name, contents));
        read(layout, "devices", group, "devices.list", contents);
        return contents;
    }

    private void read(CgroupLayout layout, String controller, Path group, String name, Map<String, String> contents) {
        if (layout.placement(controller) instanceof Placement.Hierarchy hierarchy) {
            files.readIfExists(hierarchy.mountPoint().resolve(group).resolve(name).toString()).ifPresent(content ->
                    contents.put(name, String.join(", ", Arrays.stream(content.split("\n")).sorted().toList())));
        }
    }
}

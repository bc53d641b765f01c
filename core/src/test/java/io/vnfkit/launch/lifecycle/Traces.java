package io.vnfkit.launch.lifecycle;

import io.vnfkit.cgroup.CgroupLayout;
import io.vnfkit.cgroup.Placement;
import io.vnfkit.cgroup.Polling;
import io.vnfkit.linux.Host;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What is on this host of a VNF: control groups, files below /run/vnfkit, mounts, network interfaces. Others may run meanwhile. */
final class Traces {

    private static final Host HOST = Host.thisHost();
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private Traces() {}

    /** Everything whose name or path holds this text. */
    static List<String> of(String name) {
        List<String> traces = new ArrayList<>();
        controlGroups(name).forEach(group -> traces.add("control group " + group));
        matching(Path.of("/run/vnfkit"), name).forEach(file -> traces.add("file " + file));
        HOST.files().readLines("/proc/self/mountinfo").stream().filter(line -> line.contains(name))
                .forEach(line -> traces.add("mount " + line));
        HOST.files().listIfExists("/sys/class/net").stream().filter(each -> each.contains(name))
                .forEach(each -> traces.add("network interface " + each));
        return traces;
    }

    /** Directories of a VNF's control groups. */
    static List<Path> controlGroups(String name) {
        List<Path> groups = new ArrayList<>();
        for (Placement.Hierarchy hierarchy : hierarchies()) {
            groups.addAll(matching(hierarchy.mountPoint(), name));
        }
        return groups;
    }

    /** The same, once there are any. */
    static List<Path> awaitControlGroups(String name) {
        Polling.until(() -> !controlGroups(name).isEmpty(), PATIENCE);
        return controlGroups(name);
    }

    static List<Placement.Hierarchy> hierarchies() {
        CgroupLayout layout = CgroupLayout.read(HOST.files());
        List<Placement.Hierarchy> all = new ArrayList<>();
        layout.unified().ifPresent(all::add);
        layout.placements().values().stream().filter(Placement.Hierarchy.class::isInstance)
                .map(Placement.Hierarchy.class::cast).filter(each -> !all.contains(each)).forEach(all::add);
        return all;
    }

    private static List<Path> matching(Path top, String name) {
        if (!Files.exists(top)) {
            return List.of();
        }
        try (Stream<Path> files = Files.find(top, 4, (path, ignored) -> path.getFileName().toString().contains(name))) {
            return files.toList();
        } catch (UncheckedIOException vanishing) {
            // Another VNF was taken away while the tree was walked.
            return matching(top, name);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Fails unless nothing is left at this moment. */
    static void requireNone(String name) {
        List<String> left = of(name);
        if (!left.isEmpty()) {
            throw new AssertionError("left of VNF " + name + ":\n  " + String.join("\n  ", left));
        }
    }
}

package io.vnfkit.examples.benchmark;

import io.vnfkit.cgroup.CgroupLayout;
import io.vnfkit.cgroup.Placement.V1;
import io.vnfkit.linux.Host;
import io.vnfkit.linux.KernelFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What a launch of the benchmarks could leave on the host: control groups, records, mounts, child processes of this
 * JVM, and open descriptors.
 *
 * @param names each with its kind
 * @param descriptors how many this JVM has open
 */
record Traces(SortedSet<String> names, int descriptors) {

    /** Descriptors that the JDK opens for itself now and then. */
    private static final int TOLERANCE = 8;

    private static final String PREFIX = "benchmark-";

    /** Copies the names. */
    Traces {
        names = Collections.unmodifiableSortedSet(new TreeSet<>(names));
    }

    static Traces look(Host host) {
        KernelFiles files = host.files();
        SortedSet<String> names = new TreeSet<>();
        groups(files).flatMap(directory -> below(files, directory.resolve("vnfkit")))
                .forEach(path -> names.add("group " + path));
        below(files, Path.of("/run/vnfkit/vnfs")).forEach(path -> names.add("record " + path));
        files.readLines("/proc/self/mountinfo").forEach(line -> names.add("mount " + line));
        ProcessHandle.current().children().forEach(child -> names.add("process " + child.pid()));
        return new Traces(names, files.list("/proc/self/fd").size());
    }

    private static Stream<Path> groups(KernelFiles files) {
        CgroupLayout layout = CgroupLayout.read(files);
        Stream<Path> version1 = layout.placements().values().stream()
                .filter(V1.class::isInstance).map(placement -> ((V1) placement).mountPoint());
        return Stream.concat(version1, layout.unified().stream().map(unified -> unified.mountPoint())).distinct();
    }

    private static Stream<Path> below(KernelFiles files, Path directory) {
        return files.listIfExists(directory.toString()).stream()
                .filter(name -> name.startsWith(PREFIX)).map(directory::resolve);
    }

    /** What is there now and was not there then. */
    List<String> since(Traces before) {
        List<String> added = new ArrayList<>(names);
        added.removeAll(before.names);
        if (descriptors > before.descriptors + TOLERANCE) {
            added.add(descriptors - before.descriptors + " open descriptors");
        }
        return added;
    }
}

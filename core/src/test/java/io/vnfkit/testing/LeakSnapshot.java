package io.vnfkit.testing;

import io.vnfkit.linux.Errno;
import io.vnfkit.linux.KernelFileException;
import io.vnfkit.linux.KernelFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What a VNF could leave behind on a host, at one moment: mounts, control groups of vnfkit in every hierarchy, network
 * interfaces and named network namespaces, hugepage counters, files below /run/vnfkit, children and descriptors of this
 * process.
 *
 * <p>Immutable. Two snapshots are equal if nothing was left.
 *
 * @param traces each thing by the kind of thing it is
 */
public record LeakSnapshot(SortedMap<String, SortedSet<String>> traces) {

    private static final List<String> HUGEPAGE_COUNTERS =
            List.of("nr_hugepages", "free_hugepages", "resv_hugepages", "surplus_hugepages");

    private static final String DESCRIPTOR = "descriptor";

    // What a launch opens in the JVM. Others, such as jars and sockets, come and go as classes are loaded, and the JVM
    // reads the limits of its own control group now and then.
    private static final List<String> DESCRIPTORS =
            List.of("/memfd:", "anon_inode:[pidfd]", "anon_inode:bpf-prog", "/sys/fs/cgroup/", "/run/vnfkit/",
                    "/proc/");

    /**
     * Looks at a host.
     *
     * @param files its files
     * @return what is there now
     */
    public static LeakSnapshot of(KernelFiles files) {
        SortedMap<String, SortedSet<String>> traces = new TreeMap<>();
        traces.put("mount", mounts(files));
        traces.put("control group", cgroups(files));
        traces.put("network interface", new TreeSet<>(files.listIfExists("/sys/class/net")));
        traces.put("network namespace", new TreeSet<>(files.listIfExists("/run/netns")));
        traces.put("hugepage counter", hugepages(files));
        traces.put("file", tree(files, "/run/vnfkit", true));
        traces.put("child process", children(files));
        traces.put(DESCRIPTOR, descriptors(files));
        return new LeakSnapshot(traces);
    }

    private static SortedSet<String> mounts(KernelFiles files) {
        SortedSet<String> mounts = new TreeSet<>();
        // Stacked mounts look alike: a running number tells how many there are.
        Map<String, Integer> seen = new TreeMap<>();
        for (String line : files.readLines("/proc/self/mountinfo")) {
            String[] tail = line.substring(line.indexOf(" - ") + 3).split(" ");
            String mount = tail[0] + " at " + line.split(" ")[4] + " from " + tail[1];
            int count = seen.merge(mount, 1, Integer::sum);
            mounts.add(count == 1 ? mount : mount + " (" + count + ")");
        }
        return mounts;
    }

    private static SortedSet<String> cgroups(KernelFiles files) {
        SortedSet<String> groups = new TreeSet<>();
        for (String line : files.readLines("/proc/self/mountinfo")) {
            if (line.contains(" - cgroup ") || line.contains(" - cgroup2 ")) {
                tree(files, line.split(" ")[4], false).stream()
                        .filter(path -> path.contains("vnfkit"))
                        .forEach(groups::add);
            }
        }
        return groups;
    }

    private static SortedSet<String> hugepages(KernelFiles files) {
        SortedSet<String> counters = new TreeSet<>();
        List<String> pools = new ArrayList<>();
        addPools(files, "/sys/kernel/mm/hugepages", pools);
        for (String node : files.listIfExists("/sys/devices/system/node")) {
            addPools(files, "/sys/devices/system/node/" + node + "/hugepages", pools);
        }
        for (String pool : pools) {
            for (String counter : HUGEPAGE_COUNTERS) {
                files.readIfExists(pool + "/" + counter).ifPresent(
                        value -> counters.add(pool + "/" + counter + " = " + value));
            }
        }
        return counters;
    }

    private static void addPools(KernelFiles files, String directory, List<String> pools) {
        files.listIfExists(directory).forEach(name -> pools.add(directory + "/" + name));
    }

    private static SortedSet<String> children(KernelFiles files) {
        SortedSet<String> children = new TreeSet<>();
        // Zombies too: a child that was not waited for is a leak.
        ProcessHandle.current().children().forEach(child -> children.add(child.pid() + " "
                + files.readIfExists("/proc/" + child.pid() + "/comm").orElse("(ended)")));
        return children;
    }

    private static SortedSet<String> descriptors(KernelFiles files) {
        SortedSet<String> open = new TreeSet<>();
        for (String number : files.listIfExists("/proc/self/fd")) {
            String target = unlessGone(() -> files.readLink("/proc/self/fd/" + number).toString(), "");
            boolean ofJvm = target.startsWith("/sys/fs/cgroup/") && !target.contains("vnfkit");
            if (DESCRIPTORS.stream().anyMatch(target::startsWith) && !target.endsWith("/fd") && !ofJvm) {
                open.add(number + " -> " + target);
            }
        }
        return open;
    }

    private static SortedSet<String> tree(KernelFiles files, String top, boolean withFiles) {
        SortedSet<String> found = new TreeSet<>();
        walk(files, top, withFiles, found::add);
        return found;
    }

    private static void walk(KernelFiles files, String directory, boolean withFiles, Consumer<String> found) {
        for (String name : unlessGone(() -> files.listIfExists(directory), List.<String>of())) {
            String path = directory + "/" + name;
            boolean isDirectory = files.isDirectory(path) && !files.isLink(path);
            if (isDirectory || withFiles) {
                found.accept(path);
            }
            if (isDirectory) {
                walk(files, path, withFiles, found);
            }
        }
    }

    private interface Look<T> {
        T look();
    }

    /** Things of the kernel may end while one looks at them. */
    private static <T> T unlessGone(Look<T> look, T gone) {
        try {
            return look.look();
        } catch (KernelFileException failure) {
            if (failure.is(Errno.ENOENT) || failure.is(Errno.ENODEV)) {
                return gone;
            }
            throw failure;
        }
    }

    /**
     * What is different now.
     *
     * @param later a snapshot taken after this one
     * @return a line for each thing that was left or, other than a descriptor, is gone; empty if there is none
     */
    public List<String> differences(LeakSnapshot later) {
        return traces.keySet().stream()
                .flatMap(kind -> Stream.concat(
                        missing(later.traces.get(kind), traces.get(kind)).map(thing -> kind + " left: " + thing),
                        gone(kind, later).map(thing -> kind + " gone: " + thing)))
                .toList();
    }

    // A descriptor that is closed now was the JVM's own: it reads /proc and its memory controller whenever it likes,
    // also at the moment of a snapshot.
    private Stream<String> gone(String kind, LeakSnapshot later) {
        return kind.equals(DESCRIPTOR) ? Stream.empty() : missing(traces.get(kind), later.traces.get(kind));
    }

    private static Stream<String> missing(SortedSet<String> from, SortedSet<String> in) {
        return from.stream().filter(thing -> !in.contains(thing));
    }
}

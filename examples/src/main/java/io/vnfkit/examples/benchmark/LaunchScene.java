package io.vnfkit.examples.benchmark;

import io.vnfkit.StandardStreams;
import io.vnfkit.Vnf;
import io.vnfkit.linux.Host;
import io.vnfkit.mount.RootFilesystem;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.NodeSet;
import io.vnfkit.unit.PageSize;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What all contestants launch: one static program in a directory root, with new mount, network, UTS, IPC, PID and
 * cgroup namespaces, a cpuset, a device list and, where a contestant can, a hugepage limit.
 *
 * <p>The program writes the time of its first instruction to standard output. See {@code first_instruction.c}.
 */
final class LaunchScene implements AutoCloseable {

    /** The program's path in the root. */
    static final String PROGRAM = "/bin/first_instruction";

    /** Octets that the program writes. */
    static final int MESSAGE_SIZE = Long.BYTES;

    private static final List<String> DIRECTORIES = List.of("bin", "proc", "sys", "dev", "run", "tmp", "etc");
    private static final Bytes HUGEPAGES = Bytes.mebibytes(4);

    private final Path directory;
    private final CpuSet cpus;

    private LaunchScene(Path directory, CpuSet cpus) {
        this.directory = directory;
        this.cpus = cpus;
    }

    /**
     * Makes the root file system.
     *
     * @param programs directory of the compiled programs
     */
    static LaunchScene make(Path programs) throws IOException {
        Path directory = Files.createTempDirectory("vnfkit-benchmark");
        Path root = directory.resolve("rootfs");
        Files.createDirectory(root);
        for (String name : DIRECTORIES) {
            Files.createDirectory(root.resolve(name));
        }
        Files.copy(programs.resolve("first_instruction"), root.resolve(PROGRAM.substring(1)));
        return new LaunchScene(directory, ownCpus(Host.thisHost()));
    }

    /** CPUs that this JVM may use: the machine's, or fewer where it runs in a container itself. */
    private static CpuSet ownCpus(Host host) {
        String key = "Cpus_allowed_list:";
        return host.files().readLines("/proc/self/status").stream()
                .filter(line -> line.startsWith(key))
                .map(line -> CpuSet.parse(line.substring(key.length()).strip()))
                .findFirst().orElseThrow();
    }

    Path directory() {
        return directory;
    }

    Path root() {
        return directory.resolve("rootfs");
    }

    CpuSet cpus() {
        return cpus;
    }

    NodeSet nodes() {
        return NodeSet.of(0);
    }

    /**
     * The VNF.
     *
     * @param name its name
     * @param arguments for the program; with any, it stays until it is killed
     */
    Vnf vnf(String name, String... arguments) {
        return Vnf.named(name)
                .root(RootFilesystem.directory(root()))
                .namespaces(ns -> ns.isolateAll().hostname(name))
                .cgroup(cg -> cg.cpus(cpus).memoryNodes(nodes()).hugetlb(PageSize.MIB_2, HUGEPAGES))
                .streams(StandardStreams.PIPES)
                .command(Stream.concat(Stream.of(PROGRAM), Stream.of(arguments)).toArray())
                .build();
    }

    @Override
    public void close() {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(LaunchScene::delete);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot remove " + directory, failure);
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot remove " + file, failure);
        }
    }
}

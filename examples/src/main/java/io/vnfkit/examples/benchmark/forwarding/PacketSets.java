package io.vnfkit.examples.benchmark.forwarding;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** The packet files of a run, in a directory that goes with it. */
final class PacketSets implements AutoCloseable {

    /** As many as DPDK's l3fwd has mbufs for. */
    static final int SMALL = 2048;
    /** Enough to miss the caches of a table, and not so many that the ports miss them themselves. */
    static final int LARGE = 16384;

    private final Path directory;

    PacketSets() throws IOException {
        this.directory = Files.createTempDirectory("vnfkit-benchmark");
    }

    Path routed(int routes, int packets) throws IOException {
        return PacketFile.routed(directory.resolve("routed-" + routes + "-" + packets + ".pcap"), routes, packets);
    }

    Path upstream(int subscribers) throws IOException {
        return PacketFile.upstream(directory.resolve("upstream-" + subscribers + ".pcap"), subscribers, LARGE);
    }

    Path downstream(int subscribers) throws IOException {
        return PacketFile.downstream(directory.resolve("downstream-" + subscribers + ".pcap"), subscribers, LARGE);
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}

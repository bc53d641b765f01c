package io.vnfkit.examples.benchmark.forwarding;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The thread of lcore 1, which forwards in every contestant. */
final class LcoreThread {

    /** Up to DPDK 23.07, and from 23.11 on. */
    private static final List<String> NAMES = List.of("rte-worker-1", "dpdk-worker1");

    private LcoreThread() {}

    /** Its number: a worker's if there is one, and the first thread where lcore 1 is the main lcore. */
    static long of(Path procfs, long pid) throws IOException {
        try (Stream<Path> threads = Files.list(procfs.resolve(pid + "/task"))) {
            for (Path thread : threads.toList()) {
                if (NAMES.contains(Files.readString(thread.resolve("comm")).strip())) {
                    return Long.parseLong(thread.getFileName().toString());
                }
            }
        }
        return pid;
    }
}

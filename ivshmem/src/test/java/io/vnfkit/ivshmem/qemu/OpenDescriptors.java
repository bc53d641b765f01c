package io.vnfkit.ivshmem.qemu;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** How many eventfds, sockets, pipes and memfds this process has open: what a peer or a server could leave. */
final class OpenDescriptors {

    private static final List<String> KINDS = List.of("anon_inode:[eventfd]", "socket:", "pipe:", "/memfd:vnfkit");

    static {
        // With its first channel the JDK opens a socket that it keeps.
        try {
            FileChannel.open(Path.of("/dev/null")).close();
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    private OpenDescriptors() {}

    static Map<String, Integer> count() {
        Map<String, Integer> counts = new TreeMap<>();
        for (Path descriptor : listed()) {
            String target = target(descriptor);
            KINDS.stream().filter(target::startsWith).forEach(kind -> counts.merge(kind, 1, Integer::sum));
        }
        return counts;
    }

    private static List<Path> listed() {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.toList();
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (NoSuchFileException closedMeanwhile) {
            return "";
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }
}

package io.vnfkit.examples.quickstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A directory that a VNF shares with this JVM, on a tmpfs: statistics in it are memory, and no disk shall be waited for when
 * they are written back.
 *
 * @param path of the host
 */
record SharedDirectory(Path path) implements AutoCloseable {

    static SharedDirectory make() throws IOException {
        return new SharedDirectory(Files.createTempDirectory(Path.of("/run"), "quickstart-"));
    }

    @Override
    public void close() throws IOException {
        try (var files = Files.list(path)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(path);
    }
}

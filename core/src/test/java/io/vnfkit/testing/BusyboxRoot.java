package io.vnfkit.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** A root file system of one static program and the directories that a VNF needs. */
public final class BusyboxRoot {

    private static final List<String> DIRECTORIES =
            List.of("bin", "dev", "etc", "proc", "run", "sys", "tmp", "var", "opt/config");
    private static final List<String> COMMANDS = List.of("sh", "cat", "echo", "grep", "head", "id", "ls", "mkdir",
            "mknod", "mount",
            "readlink", "rm", "sed", "sort", "stat", "test", "touch", "umount", "wc");

    private BusyboxRoot() {}

    /**
     * Fills a directory. Commands are links to busybox, /var/run is an absolute link to /run.
     *
     * @param directory an empty directory; it becomes accessible for all
     * @return the same directory
     */
    public static Path in(Path directory) {
        try {
            for (String name : DIRECTORIES) {
                Files.createDirectories(directory.resolve(name));
            }
            Files.copy(busybox(), directory.resolve("bin/busybox"));
            Files.setPosixFilePermissions(directory.resolve("bin/busybox"),
                    PosixFilePermissions.fromString("rwxr-xr-x"));
            for (String command : COMMANDS) {
                Files.createSymbolicLink(directory.resolve("bin").resolve(command), Path.of("busybox"));
            }
            Files.createSymbolicLink(directory.resolve("var/run"), Path.of("/run"));
            Files.writeString(directory.resolve("etc/marker"), "busybox root\n");
            // JUnit makes temporary directories for their owner only.
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
            return directory;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Path busybox() {
        return List.of(Path.of("/bin/busybox"), Path.of("/usr/bin/busybox")).stream().filter(Files::exists).findFirst()
                .orElseThrow(() -> new AssertionError(
                        "no busybox: annotate the test with @RequiresCommand(\"busybox\")"));
    }
}

package io.vnfkit.cgroup;

import io.vnfkit.linux.KernelFiles;
import io.vnfkit.testing.Needs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A few huge pages of 2 MiB, reserved on top of what the machine has, and a program that uses them. */
final class HugePages implements AutoCloseable {

    private static final String POOL = "/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages";

    private final KernelFiles files = KernelFiles.host();
    private final int added;

    HugePages(int pages) {
        Needs.thing(files.exists(POOL), "hugepages of 2MiB", "a kernel with hugetlbfs");
        int before = count();
        files.write(POOL, Integer.toString(before + pages));
        added = count() - before;
        if (added < pages) {
            close();
        }
        Needs.thing(added >= pages, "free hugepages of 2MiB", pages + " needed: free some memory");
    }

    private int count() {
        return Integer.parseInt(files.read(POOL));
    }

    /** Compiles the program that maps and touches pages. */
    static Path program() throws IOException, InterruptedException {
        Path directory = Files.createDirectories(Path.of("target", "test-programs").toAbsolutePath());
        Path source = directory.resolve("hugepages.c");
        try (InputStream content = HugePages.class.getResourceAsStream("hugepages.c")) {
            Files.write(source, content.readAllBytes());
        }
        Path program = directory.resolve("hugepages");
        Process compiler = new ProcessBuilder("cc", "-O1", "-Wall", "-Wextra", "-Werror", "-o", program.toString(),
                source.toString()).inheritIO().start();
        Needs.thing(compiler.waitFor() == 0, "command cc", "apt-get install gcc libc6-dev");
        return program;
    }

    @Override
    public void close() {
        files.write(POOL, Integer.toString(count() - added));
    }
}

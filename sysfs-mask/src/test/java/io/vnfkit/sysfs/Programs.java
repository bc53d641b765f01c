package io.vnfkit.sysfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Runs the programs that tests compare with. */
final class Programs {

    private Programs() {}

    static void assumeInstalled(String... names) {
        for (String name : names) {
            boolean isInstalled = Stream.of("/usr/bin/", "/usr/sbin/", "/bin/", "/sbin/")
                    .anyMatch(directory -> Files.isExecutable(Path.of(directory + name)));
            assumeTrue(isInstalled, "missing program: " + name);
        }
    }

    /** Standard output of a program that has to succeed. */
    static List<String> output(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(() -> String.join(" ", command) + "\n" + output).isZero();
        return output.lines().toList();
    }
}

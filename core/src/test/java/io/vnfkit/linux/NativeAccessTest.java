package io.vnfkit.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.testing.RequiresJdk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a user sees who starts a JVM that cannot load the binding. Each case needs a JVM of its own. */
@Timeout(120)
class NativeAccessTest {

    /** The program that is started: asks for the binding twice and prints what it gets. */
    static final class Program {
        private Program() {}

        public static void main(String[] arguments) {
            for (int i = 0; i < 2; i++) {
                try {
                    System.out.println("uid " + Syscalls.host().effectiveUserId());
                } catch (UnsupportedPlatformException failure) {
                    System.out.println("refused: " + failure.getMessage());
                }
            }
        }
    }

    @Test
    void theBindingLoadsInAPlainJvm() throws Exception {
        assertThat(run().lines().filter(line -> line.startsWith("uid "))).hasSize(2);
    }

    @Test
    @RequiresJdk(24)
    void deniedNativeAccessIsRefusedWithTheFlagEveryTime() throws Exception {
        assertThat(run("--illegal-native-access=deny").lines().filter(line -> line.startsWith("refused: ")))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).contains("--enable-native-access=ALL-UNNAMED"));
    }

    @Test
    void aTemporaryDirectoryThatCannotBeUsedIsRefusedWithTheProperty(@TempDir Path directory) throws Exception {
        Path file = Files.createFile(directory.resolve("file"));

        assertThat(run("-Djna.tmpdir=" + file.resolve("below")).lines().filter(line -> line.startsWith("refused: ")))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).contains("-Djna.tmpdir=DIRECTORY"));
    }

    @Test
    void anotherArchitectureIsRefusedBeforeAnythingNativeIsLoaded() throws Exception {
        assertThat(run("-Dos.arch=riscv64").lines().filter(line -> line.startsWith("refused: ")))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).contains("riscv64"));
    }

    static String run(String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Program.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}

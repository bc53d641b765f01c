package io.vnfkit.launch.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.launch.program.Argument.Slot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs the tests of the launch init that are written in C, and the init of the other architecture in an emulator. */
@Timeout(300)
class LaunchInitCTest {

    private static final Path MAKEFILE = Path.of("src", "test", "c", "init", "Makefile");
    private static final Path OUT = Path.of("target", "native-tests").toAbsolutePath();

    private final CrossTools other = CrossTools.ofTheOtherArchitecture();

    @Test
    void damagedProgramsAreRefusedAndFuzzedOnesDoNoHarm() throws Exception {
        assertThat(make("check")).contains(" 0 failures", "passed the check and were executed");
    }

    @Test
    void theCheckOfProgramsWorksOnTheOtherArchitecture() throws Exception {
        other.requireEmulator();
        other.requireCompilerAndLibrary();

        assertThat(make("cross", "CROSS=" + other.architecture().kernelName())).contains(" 0 failures");
    }

    @Test
    void theInitOfTheOtherArchitectureExecutesAProgram(@TempDir Path directory) throws Exception {
        other.requireEmulator();
        other.requireInit();
        ProgramBuilder program = new ProgramBuilder(other.architecture());
        Slot file = program.slot();
        program.syscall(SyscallNumber.OPENAT, Argument.of(-100), program.string("out"), Argument.of(0x41),
                        Argument.of(0644)).into(file)
                .syscall(SyscallNumber.WRITE, file, program.string("hello"), Argument.of(5))
                .syscall(SyscallNumber.MKDIRAT, Argument.of(-100), program.string("/proc/self/x"), Argument.ZERO)
                .exit(0);

        byte[] bytes = InitProcess.bytesOf(program.build());
        try (InitProcess init = InitProcess.start(directory, bytes, other.architecture(), other.emulator())) {
            assertThat(init.waitFor()).isEqualTo(125);
            assertThat(init.reports()).singleElement().isInstanceOfSatisfying(
                    Report.Failed.class, failed -> assertThat(failed.instruction()).hasValue(2));
            assertThat(directory.resolve("out")).hasContent("hello");
        }
    }

    private static String make(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of("make", "--silent", "--file", MAKEFILE.toString(), "OUT=" + OUT));
        command.addAll(List.of(arguments));
        Process make = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .start();
        String output = new String(make.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(make.waitFor()).as("%s: %s", command, output).isZero();
        return output;
    }
}

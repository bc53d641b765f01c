package io.vnfkit.launch.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vnfkit.launch.program.Argument.Slot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs the tests of the launch init that are written in C, and the init of the other architecture in an emulator. */
@Timeout(300)
class LaunchInitCTest {

    private static final Path MAKEFILE = Path.of("src", "test", "c", "init", "Makefile");
    private static final Path OUT = Path.of("target", "native-tests").toAbsolutePath();

    @Test
    void damagedProgramsAreRefusedAndFuzzedOnesDoNoHarm() throws Exception {
        assertThat(make("check")).contains(" 0 failures", "passed the check and were executed");
    }

    @Test
    void theCheckOfProgramsWorksOnAarch64() throws Exception {
        assumeX86HostWith("aarch64-linux-gnu-gcc", "gcc-aarch64-linux-gnu");
        assumeX86HostWith("qemu-aarch64-static", "qemu-user-static");
        assumeTrue(Files.exists(Path.of("/usr/aarch64-linux-gnu/lib/libc.a")),
                "package libc6-dev-arm64-cross is missing: no static C library");

        assertThat(make("cross")).contains(" 0 failures");
    }

    @Test
    void theInitOfAarch64ExecutesAProgram(@TempDir Path directory) throws Exception {
        assumeX86HostWith("qemu-aarch64-static", "qemu-user-static");
        assumeTrue(ClassLoader.getSystemResource(Architecture.AARCH64.initResource()) != null,
                "the init for aarch64 is not built: -Dinit.architectures leaves it out");
        ProgramBuilder program = new ProgramBuilder(Architecture.AARCH64);
        Slot file = program.slot();
        program.syscall(SyscallNumber.OPENAT, Argument.of(-100), program.string("out"), Argument.of(0x41),
                        Argument.of(0644)).into(file)
                .syscall(SyscallNumber.WRITE, file, program.string("hello"), Argument.of(5))
                .syscall(SyscallNumber.MKDIRAT, Argument.of(-100), program.string("/proc/self/x"), Argument.ZERO)
                .exit(0);

        byte[] bytes = InitProcess.bytesOf(program.build());
        try (InitProcess init = InitProcess.start(directory, bytes, Architecture.AARCH64, "qemu-aarch64-static")) {
            assertThat(init.waitFor()).isEqualTo(125);
            assertThat(init.reports()).singleElement().isInstanceOfSatisfying(
                    Report.Failed.class, failed -> assertThat(failed.instruction()).hasValue(2));
            assertThat(directory.resolve("out")).hasContent("hello");
        }
    }

    private static void assumeX86HostWith(String command, String debianPackage) {
        assumeTrue(Architecture.current() == Architecture.X86_64, "this is no x86-64 machine");
        boolean found = Arrays.stream(System.getenv("PATH").split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, command)));
        assumeTrue(found, "package " + debianPackage + " is missing: no " + command);
    }

    private static String make(String target) throws IOException, InterruptedException {
        Process make = new ProcessBuilder("make", "--silent", "--file", MAKEFILE.toString(), target, "OUT=" + OUT)
                .redirectErrorStream(true)
                .start();
        String output = new String(make.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(make.waitFor()).as("make %s: %s", target, output).isZero();
        return output;
    }
}

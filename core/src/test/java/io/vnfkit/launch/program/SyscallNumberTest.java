package io.vnfkit.launch.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.testing.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SyscallNumberTest {

    /** {@code __NR3264_} are the calls whose name depends on the word size. */
    private static final Pattern DEFINITION = Pattern.compile("#define __NR(?:3264)?_(\\w+)\\s+(\\d+)");

    @Test
    void theNumbersOfX86AreTheKernels() throws IOException {
        compare(Architecture.X86_64, "linux-libc-dev",
                "/usr/include/x86_64-linux-gnu/asm/unistd_64.h", "/usr/x86_64-linux-gnu/include/asm/unistd_64.h");
    }

    @Test
    void theNumbersOfAarch64AreTheKernels() throws IOException {
        compare(Architecture.AARCH64, "linux-libc-dev-arm64-cross",
                "/usr/aarch64-linux-gnu/include/asm-generic/unistd.h", "/usr/include/asm-generic/unistd.h");
    }

    private static void compare(Architecture architecture, String debianPackage, String... headers) throws IOException {
        Optional<Path> found = Stream.of(headers).map(Path::of).filter(Files::exists).findFirst();
        Needs.thing(found.isPresent(), "header " + headers[0], "apt-get install " + debianPackage);
        Path header = found.orElseThrow();
        Map<String, Integer> numbers = new HashMap<>();
        for (String line : Files.readAllLines(header)) {
            Matcher definition = DEFINITION.matcher(line);
            if (definition.lookingAt()) {
                numbers.putIfAbsent(definition.group(1), Integer.valueOf(definition.group(2)));
            }
        }
        for (SyscallNumber call : SyscallNumber.values()) {
            assertThat(call.on(architecture)).as("%s in %s", call.manualName(), header)
                    .isEqualTo(numbers.get(call.manualName()));
        }
    }

    @Test
    void noTwoCallsHaveTheSameNumber() {
        for (Architecture architecture : Architecture.values()) {
            assertThat(Stream.of(SyscallNumber.values()).map(call -> call.on(architecture))).doesNotHaveDuplicates();
        }
    }
}

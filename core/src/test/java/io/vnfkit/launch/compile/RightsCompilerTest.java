package io.vnfkit.launch.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.launch.step.RightsStep;
import io.vnfkit.launch.step.RightsStep.BecomeInit;
import io.vnfkit.launch.step.RightsStep.BecomeUser;
import io.vnfkit.launch.step.RightsStep.EnterWorkingDirectory;
import io.vnfkit.launch.step.RightsStep.Execute;
import io.vnfkit.launch.step.RightsStep.NoNewPrivileges;
import io.vnfkit.launch.step.RightsStep.SetMemoryPolicy;
import io.vnfkit.launch.step.SupervisorStep;
import io.vnfkit.linux.KernelFiles;
import io.vnfkit.security.Capability;
import io.vnfkit.security.CapabilitySets;
import io.vnfkit.security.MemoryPolicy;
import io.vnfkit.security.UserIdentity;
import io.vnfkit.unit.NodeSet;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RightsCompilerTest {

    private static int[] ints(byte[] bytes) {
        int[] numbers = new int[bytes.length / 4];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(numbers);
        return numbers;
    }

    @Test
    void aUserIsBecomeInTheOrderThatKeepsTheRightsToDoSo() {
        CapabilitySets sets = new CapabilitySets(Set.of(Capability.NET_RAW), Set.of(Capability.NET_RAW, Capability.BPF),
                Set.of(Capability.BPF), Set.of(Capability.NET_RAW, Capability.BPF, Capability.KILL),
                Set.of(Capability.BPF));
        Compiled compiled = Compiled.process(new BecomeUser(new UserIdentity(1000, 1001, List.of(5L, 4294967294L)),
                sets));

        List<String> lines = compiled.step(3);
        // The bounding set goes first: dropping from it takes CAP_SETPCAP. 64 bits without the three that stay.
        assertThat(lines.subList(0, 61)).allMatch(line -> line.matches("prctl\\(0x18(, \\w+)?\\) \\| EINVAL \\(22\\)"))
                .contains("prctl(0x18) | EINVAL (22)", "prctl(0x18, 0x3f) | EINVAL (22)")
                .doesNotContain("prctl(0x18, 0xd) | EINVAL (22)", "prctl(0x18, 0x27) | EINVAL (22)",
                        "prctl(0x18, 5) | EINVAL (22)");
        assertThat(lines.subList(61, lines.size())).satisfiesExactly(
                line -> assertThat(line).isEqualTo("prctl(8, 1)"),
                line -> assertThat(line).startsWith("setgroups(2, "),
                line -> assertThat(line).isEqualTo("setresgid(0x3e9, 0x3e9, 0x3e9)"),
                line -> assertThat(line).isEqualTo("setresuid(0x3e8, 0x3e8, 0x3e8)"),
                line -> assertThat(line).startsWith("capset("),
                line -> assertThat(line).isEqualTo("prctl(0x2f, 4)"),
                line -> assertThat(line).isEqualTo("prctl(0x2f, 2, 0x27)"),
                line -> assertThat(line).isEqualTo("prctl(1, 9)"));
        assertThat(ints(compiled.bytes(3, 62, 1, 8))).containsExactly(5, -2);
        assertThat(ints(compiled.bytes(3, 65, 0, 8))).containsExactly(0x20080522, 0);
        // Effective, permitted and inheritable: the low halves, then the high ones.
        assertThat(ints(compiled.bytes(3, 65, 1, 24))).containsExactly(1 << 13, 1 << 13, 0, 0, 1 << 7, 1 << 7);
    }

    @Test
    void rootNeedsNoKeepcapsAndGroupsAreAlwaysCleared() {
        assertThat(Compiled.process(new BecomeUser(UserIdentity.ROOT, CapabilitySets.NONE)).step(3))
                .filteredOn(line -> !line.startsWith("prctl(0x18"))
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("setgroups(0, "),
                        line -> assertThat(line).isEqualTo("setresgid()"),
                        line -> assertThat(line).isEqualTo("setresuid()"),
                        line -> assertThat(line).startsWith("capset("),
                        line -> assertThat(line).isEqualTo("prctl(0x2f, 4)"),
                        line -> assertThat(line).isEqualTo("prctl(1, 9)"));
    }

    @Test
    void aMemoryPolicyIsAMaskOfNodes() {
        Compiled compiled = Compiled.process(new SetMemoryPolicy(MemoryPolicy.interleave(NodeSet.of(0, 9))));

        assertThat(compiled.step(3)).singleElement().asString().matches("set_mempolicy\\(3, .*, 0x401\\)");
        assertThat(compiled.bytes(3, 0, 1, 128)).startsWith(1, 2, 0).hasSize(128);
    }

    @Test
    void theWorkingDirectoryIsCheckedToLieInTheRoot() {
        assertThat(Compiled.process(new EnterWorkingDirectory(Path.of("/opt"))).step(3)).satisfiesExactly(
                line -> assertThat(line).isEqualTo("umask(0x12)"),
                line -> assertThat(line).isEqualTo("chdir(\"/opt\")"),
                line -> assertThat(line).matches("getcwd\\(data.*, 0x1000\\)"),
                line -> assertThat(line).matches("EXPECT\\(data.*, 0xff, 0x2f, 2, 4\\)"));
    }

    @Test
    void noNewPrivilegesAreForGood() {
        assertThat(Compiled.process(new NoNewPrivileges()).step(3)).containsExactly("prctl(0x26, 1)");
    }

    @Test
    void theProgramStartsWithDefaultSignalsAndThreeDescriptors() {
        assertThat(program(execute()).step(3)).containsExactly("CLEAR_SIGNALS()", "CLOSE_FROM(3)",
                "execve(\"/bin/sh\", [\"sh\", \"-c\", \"exit 7\"], [\"A=1\", \"B=x=y\"])", "EXIT(0x7d)");
    }

    @Test
    void anInitStaysAndLeavesTheProgramToAChild() {
        Compiled compiled = program(new BecomeInit(), execute());

        assertThat(compiled.step(3)).satisfiesExactly(
                line -> assertThat(line).startsWith("CLONE(0, 0, "),
                line -> assertThat(line).startsWith("SUPERVISE("),
                line -> assertThat(line).isEqualTo("prctl(1, 9)"));
        assertThat(compiled.step(4)).contains("CLEAR_SIGNALS()");
    }

    private static Execute execute() {
        return new Execute(Path.of("/bin/sh"), List.of("sh", "-c", "exit 7"),
                new TreeMap<>(Map.of("B", "x=y", "A", "1")));
    }

    private static Compiled program(RightsStep... steps) {
        return Compiled.of(List.of(new SupervisorStep.StartVnfProcess(Set.of(), Optional.empty()),
                new SupervisorStep.Supervise(true, Optional.empty(), Optional.empty())), List.of(steps),
                KernelFiles.below(Path.of("/nowhere")));
    }
}

package io.vnfkit.launch.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.launch.step.RightsStep;
import io.vnfkit.launch.step.SupervisorStep;
import io.vnfkit.launch.step.SupervisorStep.AwaitVnf;
import io.vnfkit.launch.step.SupervisorStep.EnterPidNamespaceForChild;
import io.vnfkit.launch.step.SupervisorStep.NewTimeNamespaceForChild;
import io.vnfkit.launch.step.SupervisorStep.ReleaseVnf;
import io.vnfkit.launch.step.SupervisorStep.ReportPid;
import io.vnfkit.launch.step.SupervisorStep.SetResourceLimit;
import io.vnfkit.launch.step.SupervisorStep.StartVnfProcess;
import io.vnfkit.launch.step.SupervisorStep.Supervise;
import io.vnfkit.launch.step.SupervisorStep.WriteIdMaps;
import io.vnfkit.linux.KernelFiles;
import io.vnfkit.namespace.IdMap;
import io.vnfkit.namespace.NamespaceKind;
import io.vnfkit.namespace.TimeOffsets;
import io.vnfkit.security.ResourceLimit;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SupervisorCompilerTest {

    private static Compiled whole(SupervisorStep... steps) {
        return Compiled.of(List.of(steps), List.of(new RightsStep.Finish()), KernelFiles.below(Path.of("/nowhere")));
    }

    @Test
    void itNamesItselfHidesAndLeavesTheCallersDirectoryFirst() {
        assertThat(Compiled.process().step(0)).containsExactly("prctl(0xf, \"vnfkit-init\")", "prctl(4)",
                "chdir(\"/\")");
    }

    @Test
    void theVnfIsBornIntoNamespacesAndItsControlGroup() {
        Compiled compiled = whole(new StartVnfProcess(EnumSet.of(NamespaceKind.USER, NamespaceKind.PID), Optional.of(
                Path.of("/cg/x"))),
                new Supervise(true, Optional.of(Path.of("/cg/x")), Optional.empty()));

        assertThat(compiled.step(1)).satisfiesExactly(
                line -> assertThat(line).matches("openat\\(-100, \"/cg/x\", 0x280000\\) -> s\\d+"),
                line -> assertThat(line).matches("CLONE\\(0x230000000, s\\d+, .*\\) -> s\\d+"));
        assertThat(compiled.step(2)).satisfiesExactly(
                line -> assertThat(line).matches("openat\\(-100, \"/cg/x/cgroup.kill\", 0x80001\\) -> s\\d+"),
                line -> assertThat(line).matches("SUPERVISE\\(0, 1, s\\d+, -1\\)"));
    }

    @Test
    void withoutVersionTwoTheChildAloneIsKilled() {
        Compiled compiled = whole(new StartVnfProcess(EnumSet.noneOf(NamespaceKind.class), Optional.empty()),
                new Supervise(false, Optional.empty(), Optional.empty()));

        assertThat(compiled.step(1)).singleElement().asString().startsWith("CLONE(0, 0, ");
        assertThat(compiled.step(2)).containsExactly("SUPERVISE(0, 0, -1, -1)");
    }

    @Test
    void theFreezerOfVersionOneIsHandedOverOpen() {
        Compiled compiled = whole(new StartVnfProcess(EnumSet.noneOf(NamespaceKind.class), Optional.empty()),
                new Supervise(true, Optional.empty(), Optional.of(Path.of("/freezer/x"))));

        assertThat(compiled.step(2)).satisfiesExactly(
                line -> assertThat(line).matches("openat\\(-100, \"/freezer/x/freezer.state\", 0x80001\\) -> s\\d+"),
                line -> assertThat(line).matches("SUPERVISE\\(0, 1, -1, s\\d+\\)"));
    }

    @Test
    void aTimeNamespaceIsMadeForTheChildWithItsOffsets() {
        Compiled compiled = Compiled.withSupervisor(List.of(
                new NewTimeNamespaceForChild(new TimeOffsets(Duration.ofSeconds(5), Duration.ZERO)),
                new NewTimeNamespaceForChild(TimeOffsets.NONE)));

        assertThat(compiled.step(1)).satisfiesExactly(
                line -> assertThat(line).isEqualTo("unshare(0x80)"),
                line -> assertThat(line).matches("openat\\(-100, \"/proc/self/timens_offsets\", 0x80001\\) -> s\\d+"),
                line -> assertThat(line).matches("write\\(s\\d+, data.*, 0x1b\\) -> s\\d+"),
                line -> assertThat(line).startsWith("EXPECT("),
                line -> assertThat(line).startsWith("close("));
        assertThat(new String(compiled.bytes(1, 2, 1, 27), StandardCharsets.US_ASCII))
                .isEqualTo("monotonic 5 0\nboottime 0 0\n");
        assertThat(compiled.step(2)).containsExactly("unshare(0x80)");
    }

    @Test
    void aPidNamespaceIsEnteredForTheChild() {
        assertThat(Compiled.withSupervisor(List.of(new EnterPidNamespaceForChild(Path.of("/proc/7/ns/pid")))).step(1))
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("openat(-100, \"/proc/7/ns/pid\", 0x80000)"),
                        line -> assertThat(line).matches("setns\\(s\\d+, 0x20000000\\)"));
    }

    @Test
    void eachMapIsOneWriteToTheFileOfTheChild() {
        Compiled compiled = Compiled.supervisor(new WriteIdMaps(List.of(new IdMap(0, 100000, 10), new IdMap(10, 5, 1)),
                List.of(new IdMap(0, 7, 1))));

        assertThat(compiled.step(2)).satisfiesExactly(
                line -> assertThat(line).matches("FORMAT_DECIMAL\\(s\\d+, .*, 0xa\\)"),
                line -> assertThat(line).contains("\"/proc////////////uid_map\", 0x80001"),
                line -> assertThat(line).matches("write\\(s\\d+, .*, 0x13\\) -> s\\d+"),
                line -> assertThat(line).startsWith("EXPECT("),
                line -> assertThat(line).startsWith("close("),
                line -> assertThat(line).startsWith("FORMAT_DECIMAL("),
                line -> assertThat(line).contains("gid_map"),
                line -> assertThat(line).matches("write\\(s\\d+, .*, 6\\) -> s\\d+"),
                line -> assertThat(line).startsWith("EXPECT("),
                line -> assertThat(line).startsWith("close("));
        assertThat(new String(compiled.bytes(2, 2, 1, 19), StandardCharsets.US_ASCII))
                .isEqualTo("0 100000 10\n10 5 1\n");
    }

    @Test
    void limitsAreSetOnTheChild() {
        Compiled compiled = Compiled.supervisor(new SetResourceLimit(
                new ResourceLimit(ResourceLimit.Kind.MEMLOCK, 4096, ResourceLimit.UNLIMITED)));

        assertThat(compiled.step(2)).singleElement().asString().matches("prlimit64\\(s\\d+, 8, data.*\\)");
        long[] limits = new long[2];
        ByteBuffer.wrap(compiled.bytes(2, 0, 2, 16)).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(limits);
        assertThat(limits).containsExactly(4096, -1);
    }

    @Test
    void theTwoProcessesMeet() {
        assertThat(Compiled.supervisor(new ReportPid(), new AwaitVnf("is there"), new ReleaseVnf()).stepsFrom(2))
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("REPORT("),
                        line -> assertThat(line).isEqualTo("AWAIT_CHILD()"),
                        line -> assertThat(line).isEqualTo("RELEASE_CHILD()"),
                        line -> assertThat(line).startsWith("SUPERVISE("),
                        line -> assertThat(line).isEqualTo("BARRIER()"));
    }
}

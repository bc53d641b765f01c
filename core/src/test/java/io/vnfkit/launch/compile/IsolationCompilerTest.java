package io.vnfkit.launch.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.launch.step.IsolationStep.BecomeNamespaceRoot;
import io.vnfkit.launch.step.IsolationStep.DieWithSupervisor;
import io.vnfkit.launch.step.IsolationStep.HideFromTracers;
import io.vnfkit.launch.step.IsolationStep.JoinCgroup;
import io.vnfkit.launch.step.IsolationStep.JoinNamespace;
import io.vnfkit.launch.step.IsolationStep.NewNamespaces;
import io.vnfkit.launch.step.IsolationStep.NewSessionKeyring;
import io.vnfkit.launch.step.IsolationStep.ResetAffinity;
import io.vnfkit.launch.step.IsolationStep.SetDomainname;
import io.vnfkit.launch.step.IsolationStep.SetHostname;
import io.vnfkit.launch.step.SupervisorStep.OpenCgroupTasks;
import io.vnfkit.launch.step.SupervisorStep.OpenNamespace;
import io.vnfkit.namespace.NamespaceKind;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IsolationCompilerTest {

    @Test
    void theProcessHidesAndDiesWithItsParent() {
        assertThat(Compiled.process(new HideFromTracers(), new DieWithSupervisor(), new NewSessionKeyring()).stepsFrom(3))
                .containsExactly("prctl(4)", "prctl(1, 9)", "keyctl(1) | ENOSYS (38)");
    }

    @Test
    void aControlGroupIsJoinedThroughADescriptorThatTheSupervisorOpened() {
        Path group = Path.of("/sys/fs/cgroup/cpuset/vnfkit/x");
        Compiled compiled = Compiled.withSupervisor(List.of(new OpenCgroupTasks(group)), new JoinCgroup(group));

        String slot = compiled.step(1).get(0).replaceAll(".*-> ", "");
        assertThat(compiled.step(1)).containsExactly("openat(-100, \"" + group + "/tasks\", 0x80001) -> " + slot);
        assertThat(compiled.step(4)).element(0).asString().startsWith("write(" + slot + ", \"0\", 1)");
        assertThat(compiled.step(4)).element(1).asString().startsWith("EXPECT(");
        assertThat(compiled.step(4)).last().isEqualTo("close(" + slot + ")");
    }

    @Test
    void affinityIsResetToAllCpus() {
        Compiled compiled = Compiled.process(new ResetAffinity());

        assertThat(compiled.step(3)).singleElement().asString().startsWith("sched_setaffinity(0, 0x400, ");
        assertThat(compiled.bytes(3, 0, 2, 1024)).containsOnly(0xff);
    }

    @ParameterizedTest
    @CsvSource({"USER,0x10000000", "MOUNT,0x20000", "NET,0x40000000", "UTS,0x4000000", "IPC,0x8000000", "CGROUP,0x2000000", "TIME,0x80"})
    void aNamespaceIsJoinedByItsDescriptorAndChecked(NamespaceKind kind, String flag) {
        Path path = Path.of("/proc/7/ns", kind.procName());
        Compiled compiled = Compiled.withSupervisor(List.of(new OpenNamespace(kind, path)), new JoinNamespace(kind, path));

        String slot = compiled.step(1).get(0).replaceAll(".*-> ", "");
        assertThat(compiled.step(1)).containsExactly("openat(-100, \"" + path + "\", 0x80000) -> " + slot);
        assertThat(compiled.step(4)).containsExactly("setns(" + slot + ", " + flag + ")", "close(" + slot + ")");
    }

    @Test
    void namespacesAreMadeInOneCall() {
        assertThat(Compiled.process(new NewNamespaces(EnumSet.of(NamespaceKind.MOUNT, NamespaceKind.NET, NamespaceKind.UTS,
                NamespaceKind.IPC, NamespaceKind.CGROUP))).step(3)).containsExactly("unshare(0x4e020000)");
    }

    @Test
    void rootOfTheUserNamespaceDiesWithTheSupervisorAgain() {
        assertThat(Compiled.process(new BecomeNamespaceRoot()).step(3))
                .containsExactly("setresgid()", "setresuid()", "prctl(1, 9)");
    }

    @Test
    void namesAreGivenWithTheirLengthInOctets() {
        assertThat(Compiled.process(new SetHostname("bng-1"), new SetDomainname("pöp")).stepsFrom(3))
                .containsExactly("sethostname(\"bng-1\", 5)", "setdomainname(\"pöp\", 4)");
    }
}

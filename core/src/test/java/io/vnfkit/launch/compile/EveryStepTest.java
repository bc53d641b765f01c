package io.vnfkit.launch.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.vnfkit.launch.step.FileTreeStep;
import io.vnfkit.launch.step.HostStep;
import io.vnfkit.launch.step.IsolationStep;
import io.vnfkit.launch.step.NetworkStep;
import io.vnfkit.launch.step.RightsStep;
import io.vnfkit.launch.step.Step;
import io.vnfkit.launch.step.SupervisorStep;
import io.vnfkit.launch.step.VnfStep;
import io.vnfkit.linux.KernelFiles;
import io.vnfkit.mount.FileContent;
import io.vnfkit.namespace.IdMap;
import io.vnfkit.namespace.NamespaceKind;
import io.vnfkit.namespace.NetworkInterface;
import io.vnfkit.namespace.TimeOffsets;
import io.vnfkit.security.CapabilitySets;
import io.vnfkit.security.MemoryPolicy;
import io.vnfkit.security.ResourceLimit;
import io.vnfkit.security.UserIdentity;
import io.vnfkit.unit.DeviceRule;
import io.vnfkit.unit.MacAddress;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of step that a plan may hold can be compiled: a new one without a compiler fails here. */
class EveryStepTest {

    private static final Path PATH = Path.of("/path");
    private static final MacAddress ADDRESS = MacAddress.parse("02:00:00:00:00:07");
    private static final NetworkInterface PAIR = NetworkInterface.veth("eth0", "host0");

    private static final List<SupervisorStep> SUPERVISOR = List.of(
            new SupervisorStep.OpenTree(PATH, true, Set.of()),
            new SupervisorStep.OpenFilesystem("hugetlbfs", "huge", PATH, Set.of(), ""),
            new SupervisorStep.OpenNamespace(NamespaceKind.NET, PATH),
            new SupervisorStep.OpenCgroupTasks(PATH),
            new SupervisorStep.EnterPidNamespaceForChild(PATH),
            new SupervisorStep.NewTimeNamespaceForChild(TimeOffsets.NONE),
            new SupervisorStep.StartVnfProcess(EnumSet.of(NamespaceKind.PID), Optional.empty()),
            new SupervisorStep.WriteIdMaps(List.of(new IdMap(0, 1, 1)), List.of(new IdMap(0, 1, 1))),
            new SupervisorStep.SetResourceLimit(new ResourceLimit(ResourceLimit.Kind.CORE, 0, 0)),
            new SupervisorStep.AwaitVnf("is there"),
            new SupervisorStep.ReleaseVnf(),
            new SupervisorStep.PlaceInterface(PAIR, Optional.of(ADDRESS)),
            new SupervisorStep.ConfigurePeer(PAIR, (NetworkInterface.Veth) PAIR.origin()),
            new SupervisorStep.ReportPid(),
            new SupervisorStep.Supervise(true, Optional.empty(), Optional.empty()));

    private static final List<VnfStep> PROCESS = List.of(
            new IsolationStep.DieWithSupervisor(), new IsolationStep.HideFromTracers(),
            new IsolationStep.NewSession(),
            new IsolationStep.NewSessionKeyring(),
            new IsolationStep.JoinCgroup(PATH), new IsolationStep.ResetAffinity(),
            new IsolationStep.AwaitSupervisor("done"),
            new IsolationStep.BecomeNamespaceRoot(), new IsolationStep.JoinNamespace(NamespaceKind.NET, PATH),
            new IsolationStep.NewNamespaces(EnumSet.of(NamespaceKind.UTS)), new IsolationStep.SetHostname("a"),
            new IsolationStep.SetDomainname("b"),
            new NetworkStep.LoopbackUp(), new NetworkStep.RequireUnusedName("eth1"),
            new NetworkStep.RemoveInterface("eth2", ADDRESS),
            new NetworkStep.ConfigureInterface(PAIR),
            new FileTreeStep.StopPropagation(), new FileTreeStep.AttachTree(PATH, PATH),
            new FileTreeStep.AttachFilesystem("hugetlbfs", PATH), new FileTreeStep.EnterRoot(PATH),
            new FileTreeStep.RequireRealDirectory(PATH), new FileTreeStep.MountFilesystem("proc", "proc", PATH,
            Set.of(), ""),
            new FileTreeStep.BindInside(PATH, PATH, Set.of()), new FileTreeStep.Restrict(PATH, Set.of()),
            new FileTreeStep.Detach(PATH), new FileTreeStep.LeaveHostTree(), new FileTreeStep.MakeDirectory(PATH, 0755),
            new FileTreeStep.WriteFile(PATH, new FileContent.Text("x")), new FileTreeStep.MakeLink(PATH, "x"),
            new FileTreeStep.MakeDevice(PATH, DeviceRule.Type.CHARACTER, 1, 3, 0666, 0, 0),
            new RightsStep.SetMemoryPolicy(MemoryPolicy.preferred(0)), new RightsStep.EnterWorkingDirectory(PATH),
            new RightsStep.NoNewPrivileges(), new RightsStep.BecomeUser(UserIdentity.ROOT, CapabilitySets.NONE),
            new RightsStep.BecomeInit(), new RightsStep.Execute(PATH, List.of("x"), new TreeMap<>()));

    static Stream<Class<?>> kindsOfTheInit() {
        return Stream.concat(kinds(SupervisorStep.class), kinds(VnfStep.class));
    }

    private static Stream<Class<?>> kinds(Class<?> type) {
        return type.isSealed() ? Stream.of(type.getPermittedSubclasses()).flatMap(EveryStepTest::kinds)
                : Stream.of(type);
    }

    private static Stream<Step> samples() {
        return Stream.of(SUPERVISOR, PROCESS, List.of(new RightsStep.Finish())).flatMap(List::stream);
    }

    @ParameterizedTest
    @MethodSource("kindsOfTheInit")
    void thereIsASampleOfEachKind(Class<?> kind) {
        assertThat(samples()).as("a sample of %s", kind.getSimpleName()).anyMatch(kind::isInstance);
        assertThat(kind.isRecord()).isTrue();
    }

    @Test
    void allKindsTogetherMakeAProgram() {
        Compiled compiled = Compiled.of(SUPERVISOR, PROCESS, KernelFiles.below(Path.of("/nowhere")));

        for (int step = 1; step <= SUPERVISOR.size() + PROCESS.size(); step++) {
            assertThat(compiled.step(step)).as("instructions of step %d", step).isNotEmpty();
        }
        assertThatCode(() -> Compiled.process()).doesNotThrowAnyException();
    }

    @Test
    void everyKindSaysInOneLineWhatItDoes() {
        assertThat(samples()).allSatisfy(step -> assertThat(step.describe()).isNotBlank().doesNotContain("\n"));
    }

    @Test
    void stepsOfTheHostAreOfControlGroupsOrOfSharedVolumes() {
        assertThat(HostStep.class.getPermittedSubclasses())
                .containsExactlyInAnyOrder(HostStep.CgroupStep.class, HostStep.MountSharedVolume.class);
    }
}

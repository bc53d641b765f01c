package io.vnfkit.launch.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vnfkit.InvalidVnfException;
import io.vnfkit.LaunchException;
import io.vnfkit.Problem;
import io.vnfkit.Vnf;
import io.vnfkit.VnfLauncher;
import io.vnfkit.launch.step.FileTreeStep;
import io.vnfkit.launch.step.HostStep;
import io.vnfkit.launch.step.RightsStep;
import io.vnfkit.launch.step.Step;
import io.vnfkit.launch.step.SupervisorStep;
import io.vnfkit.linux.Errno;
import io.vnfkit.linux.Host;
import io.vnfkit.linux.KernelFiles;
import io.vnfkit.linux.Syscalls;
import io.vnfkit.mount.RootFilesystem;
import io.vnfkit.mount.VnfMount;
import io.vnfkit.namespace.NamespaceKind;
import io.vnfkit.testing.RequiresRoot;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.NodeSet;
import io.vnfkit.unit.PageSize;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Descriptions that cannot be launched: refused before anything is touched, or failed at a step that is named, and undone. */
@Tag("root")
@RequiresRoot
@Timeout(120)
class BadInputIT {

    @RegisterExtension
    private final OwnVnfs vnfs = new OwnVnfs();

    @TempDir
    private Path directory;

    static Stream<Arguments> knownBeforehand() {
        return Stream.of(
                refused("cgroup.hugetlb", "4M", vnf -> vnf.cgroup(
                        cgroup -> cgroup.hugetlb(PageSize.parse("4M"), Bytes.mebibytes(4)))),
                refused("cgroup.cpus", "empty", vnf -> vnf.cgroup(cgroup -> cgroup.cpus(CpuSet.empty()))),
                refused("cgroup.cpus", "1023", vnf -> vnf.cgroup(cgroup -> cgroup.cpus(CpuSet.parse("0,1023")))),
                refused("cgroup.memoryNodes", "63", vnf -> vnf.cgroup(cgroup -> cgroup.memoryNodes(NodeSet.parse("63")))),
                refused("command", "no-such-command", vnf -> vnf.command("no-such-command")),
                refused("command", "/no/such/command does not exist", vnf -> vnf.command("/no/such/command")),
                refused("command", "is no executable file", vnf -> vnf.command("/usr/bin")),
                refused("mounts", "/no/such/source does not exist", vnf -> vnf.mount(
                        VnfMount.Bind.readOnly(Path.of("/no/such/source"), Path.of("/run/target")))),
                refused("mounts", "target /no/such/target", vnf -> vnf.mount(
                        VnfMount.Bind.readOnly(Path.of("/etc"), Path.of("/no/such/target")))),
                refused("root", "/no/such/root", vnf -> vnf.root(RootFilesystem.directory(Path.of("/no/such/root")))),
                refused("namespaces.net", "/no/such/namespace", vnf -> vnf.namespaces(
                        namespaces -> namespaces.join(NamespaceKind.NET, Path.of("/no/such/namespace")))));
    }

    private static Arguments refused(String where, String what, UnaryOperator<Vnf.Builder> mistake) {
        return Arguments.of(where, what, mistake);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("knownBeforehand")
    void isRefusedBeforeAnythingIsTouched(String where, String what, UnaryOperator<Vnf.Builder> mistake) {
        Vnf vnf = mistake.apply(vnfs.shell("true")).build();
        InvalidVnfException refusal = catchThrowableOfType(InvalidVnfException.class, () -> vnfs.launch(vnf));
        assertThat(refusal).isNotNull();
        assertThat(refusal.problems()).anySatisfy(problem -> {
            assertThat(problem.where()).startsWith(where);
            assertThat(problem.what()).contains(what);
            assertThat(problem.cure()).isNotBlank();
        });
        assertThat(vnfs.launcher().preflight(vnf)).containsExactlyElementsOf(refusal.problems());
        assertThat(Traces.of(vnf.name())).isEmpty();
    }

    @Test
    void allProblemsAreListedAtOnce() {
        Vnf vnf = vnfs.shell("true").cgroup(cgroup -> cgroup.cpus(CpuSet.parse("1023"))).command("no-such-command")
                .mount(VnfMount.Bind.readOnly(Path.of("/no/such/source"), Path.of("/run/target"))).build();
        assertThat(vnfs.launcher().preflight(vnf)).extracting(Problem::where).contains("cgroup.cpus", "command", "mounts");
    }

    @Test
    void overlappingIdMapsAreRefusedByTheDescription() {
        InvalidVnfException refusal = catchThrowableOfType(InvalidVnfException.class, () -> vnfs.shell("true").namespaces(
                namespaces -> namespaces.fresh(NamespaceKind.USER).mapUids(0, 100000, 10).mapUids(5, 200000, 10)
                        .mapGids(0, 100000, 10)).build());
        assertThat(refusal).isNotNull().hasMessageContaining("overlap");
    }

    @Test
    void namesAndPathsAreCheckedWhereTheyAreGiven() {
        assertThatIllegalArgumentException().isThrownBy(() -> Vnf.named("a/b")).withMessageContaining("\"a/b\"");
        assertThatIllegalArgumentException().isThrownBy(() -> Vnf.named("..")).withMessageContaining("\"..\"");
        assertThatIllegalArgumentException().isThrownBy(() -> Vnf.named("")).withMessageContaining("1 to 64");
        assertThatIllegalArgumentException().isThrownBy(
                () -> VnfMount.Bind.readOnly(Path.of("/etc"), Path.of("relative"))).withMessageContaining("relative");
    }

    @Test
    void aDirectoryThatAppearsOnlyInTheVnfCannotBeExecuted() {
        fails(vnf -> vnf.command("/proc/self/attr"), RightsStep.Execute.class, Errno.EACCES, "is not executable");
    }

    @Test
    void aFileOfNoKnownFormatCannotBeExecuted() throws Exception {
        Path file = Files.writeString(directory.resolve("nonsense"), "nonsense");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        fails(vnf -> vnf.command("/run/bin/nonsense").mount(VnfMount.Bind.readOnly(directory, Path.of("/run/bin"))),
                RightsStep.Execute.class, Errno.ENOEXEC, "is not built for this processor");
    }

    @Test
    void aScriptWithoutItsInterpreterCannotBeExecuted() throws Exception {
        Path file = Files.writeString(directory.resolve("script"), "#!/no/such/interpreter\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        fails(vnf -> vnf.command("/run/bin/script").mount(VnfMount.Bind.readOnly(directory, Path.of("/run/bin"))),
                RightsStep.Execute.class, Errno.ENOENT, "the interpreter");
    }

    @Test
    void anEnvironmentThatIsTooLongIsNamedByItsErrno() {
        fails(vnf -> vnf.environment(environment -> environment.set("LONG", "x".repeat(200_000))),
                RightsStep.Execute.class, Errno.E2BIG, "128 KiB");
    }

    @Test
    void anUnknownMountOptionFailsAtItsStep() {
        fails(vnf -> vnf.mount(new VnfMount.Filesystem("tmpfs", "none", Path.of("/run/here"), Set.of(), "nonsense=1")),
                FileTreeStep.MountFilesystem.class, Errno.EINVAL, "option");
    }

    @Test
    void anUnknownFileSystemFailsAtItsStep() {
        fails(vnf -> vnf.mount(new VnfMount.Filesystem("nosuchfs", "none", Path.of("/run/here"), Set.of(), "")),
                FileTreeStep.MountFilesystem.class, Errno.ENODEV, "does not know this file system type");
    }

    @Test
    void aMinimumSizeWithoutPagesFailsAtItsStep() {
        fails(vnf -> vnf.mount(new VnfMount.Filesystem("hugetlbfs", "none", Path.of("/run/huge"), Set.of(),
                "pagesize=2M,min_size=1099511627776")), FileTreeStep.MountFilesystem.class, Errno.ENOMEM, "not enough free pages");
    }

    @Test
    void aWorkingDirectoryThatIsMissingFailsAtItsStep() {
        // Below /proc only the kernel knows what there will be.
        fails(vnf -> vnf.workingDirectory("/proc/no/such"), RightsStep.EnterWorkingDirectory.class, Errno.ENOENT,
                "/proc/no/such");
    }

    @Test
    void aLimitThatTheKernelRefusesFailsAtItsStepOnTheHost() {
        fails(vnf -> vnf.cgroup(cgroup -> cgroup.rawFile("pids", "pids.max", "nonsense")),
                HostStep.WriteCgroupFile.class, Errno.EINVAL, "nonsense");
    }

    @Test
    void aSourceThatVanishesAfterThePlanFailsAtItsStep() throws Exception {
        Path source = Files.createDirectory(directory.resolve("source"));
        Vnf vnf = vnfs.shell("true").mount(VnfMount.Bind.readOnly(source, Path.of("/run/target"))).build();
        Syscalls vanishing = before("spawn", () -> assertThat(source.toFile().delete()).isTrue());
        VnfLauncher launcher = VnfLauncher.on(Host.of(KernelFiles.below(Path.of("/"), vanishing), vanishing));
        requireFailure(launcher::launch, vnf, SupervisorStep.OpenTree.class, Errno.ENOENT, source.toString());
    }

    @Test
    void aGroupThatAppearsAfterThePlanFailsAtItsStepAndStays() throws Exception {
        Vnf vnf = vnfs.shell("true").build();
        Path group = Traces.hierarchies().get(0).mountPoint().resolve("vnfkit").resolve(vnf.name());
        Syscalls racing = before("mkdir " + group, () -> assertThat(group.toFile().mkdir()).isTrue());
        VnfLauncher launcher = VnfLauncher.on(Host.of(KernelFiles.below(Path.of("/"), racing), racing));
        LaunchException failure = catchThrowableOfType(LaunchException.class, () -> launcher.launch(vnf));
        assertThat(failure).isNotNull().hasMessageContaining(group.toString());
        assertThat(failure.errno()).hasValue(Errno.EEXIST);
        assertThat(group).isDirectory();
        assertThat(group.toFile().delete()).isTrue();
    }

    /** The kernel, with something that happens right before the first call of a name, or of a name and a path. */
    private static Syscalls before(String call, Runnable event) {
        boolean[] happened = new boolean[1];
        return (Syscalls) Proxy.newProxyInstance(BadInputIT.class.getClassLoader(), new Class<?>[] {Syscalls.class},
                (proxy, method, values) -> {
                    String made = method.getName() + (values != null && values[0] instanceof Path ? " " + values[0] : "");
                    if (!happened[0] && made.equals(call)) {
                        happened[0] = true;
                        event.run();
                    }
                    try {
                        return method.invoke(Syscalls.host(), values);
                    } catch (InvocationTargetException failure) {
                        throw failure.getCause();
                    }
                });
    }

    private void fails(UnaryOperator<Vnf.Builder> mistake, Class<? extends Step> step, Errno errno, String hint) {
        Vnf vnf = mistake.apply(vnfs.shell("true")).build();
        assertThat(vnfs.launcher().preflight(vnf)).as("only the kernel knows").isEmpty();
        requireFailure(vnfs::launch, vnf, step, errno, hint);
    }

    private static void requireFailure(Consumer<Vnf> launch, Vnf vnf, Class<? extends Step> step, Errno errno, String hint) {
        LaunchException failure = catchThrowableOfType(LaunchException.class, () -> launch.accept(vnf));
        assertThat(failure).as("the launch failed").isNotNull();
        assertThat(failure.plan().step(failure.stepNumber())).as("%s", failure).isInstanceOf(step);
        assertThat(failure.errno()).hasValue(errno);
        assertThat(failure).hasMessageContaining(hint).hasMessageContaining(errno.name())
                .hasMessageContaining("at step " + failure.stepNumber());
        assertThat(failure.getMessage()).hasSizeLessThan(2000);
        assertThat(Traces.of(vnf.name())).isEmpty();
    }
}

package io.vnfkit.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.Contributions;
import io.vnfkit.InvalidVnfException;
import io.vnfkit.OnJvmExit;
import io.vnfkit.PlanContext;
import io.vnfkit.Problem;
import io.vnfkit.Vnf;
import io.vnfkit.VnfFeature;
import io.vnfkit.launch.step.FileTreeStep;
import io.vnfkit.launch.step.IsolationStep;
import io.vnfkit.launch.step.RightsStep;
import io.vnfkit.launch.step.Step;
import io.vnfkit.launch.step.SupervisorStep;
import io.vnfkit.mount.Mask;
import io.vnfkit.mount.RootFilesystem;
import io.vnfkit.mount.VnfMount;
import io.vnfkit.namespace.NamespaceKind;
import io.vnfkit.namespace.NetworkInterface;
import io.vnfkit.namespace.TimeOffsets;
import io.vnfkit.security.Capability;
import io.vnfkit.security.CapabilitySets;
import io.vnfkit.security.MemoryPolicy;
import io.vnfkit.security.ResourceLimit;
import io.vnfkit.testing.HostTree;
import io.vnfkit.unit.DeviceRule;
import io.vnfkit.unit.NodeSet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole plans on a small host, as data and as text. */
class LaunchPlannerTest {

    @TempDir
    private Path directory;

    private HostTree host;

    @BeforeEach
    void makeHost() {
        host = HostTree.in(directory);
    }

    private LaunchPlanner planner(UnaryOperator<Vnf.Builder> description) {
        Vnf vnf = description.apply(Vnf.named("bng-1").command("sh")).build();
        RunningVnfs running = name -> name.equals("router") ? Optional.of(4711L) : Optional.empty();
        return new LaunchPlanner(vnf, host.host(), running, Path.of("/run/vnfkit"));
    }

    private LaunchPlan plan(UnaryOperator<Vnf.Builder> description) {
        return planner(description).plan();
    }

    private List<String> problems(UnaryOperator<Vnf.Builder> description) {
        return planner(description).problems().stream().map(Problem::toString).toList();
    }

    private static List<String> process(LaunchPlan plan) {
        return plan.vnfSteps().stream().filter(step -> !(step instanceof FileTreeStep)).map(Step::describe).toList();
    }

    private static List<String> supervisor(LaunchPlan plan) {
        return plan.supervisorSteps().stream().map(Step::describe).toList();
    }

    @Test
    void thePlanReadsAsANumberedText() {
        host.file("/etc/vnf/bng.conf", "");
        LaunchPlan plan = plan(vnf -> vnf.namespaces(ns -> ns.hostname("bng-1")
                        .networkInterface(NetworkInterface.veth("eth0", "bng0").address("10.0.0.2/24")))
                .security(rights -> rights.resourceLimit(ResourceLimit.Kind.MEMLOCK, ResourceLimit.UNLIMITED)
                        .capabilities(CapabilitySets.of(Capability.NET_RAW)).memoryPolicy(MemoryPolicy.preferred(0)))
                .mount(VnfMount.Bind.readOnly(Path.of("/etc/vnf"), Path.of("/run/vnf")))
                .command("sh", "-c", "exit 7"));

        assertThat(plan.toString()).isEqualToNormalizingNewlines("""
                Plan to launch VNF "bng-1"
                On the host:
                   1. ensure parent control group /sys/fs/cgroup/vnfkit (unified)
                   2. create control group /sys/fs/cgroup/vnfkit/bng-1 (unified)
                   3. attach device program to /sys/fs/cgroup/vnfkit/bng-1: deny a *:* rwm, allow c 1:3 rwm, allow \
                c 1:5 rwm, allow c 1:7 rwm, allow c 1:8 rwm, allow c 1:9 rwm, allow c 5:0 rwm, allow c 5:2 rwm, \
                allow c 136:* rwm
                In the supervisor:
                   4. open tree / [READ_ONLY, NODEV]
                   5. open tree /etc/vnf recursively [READ_ONLY, NOSUID, NODEV]
                   6. start the VNF's process with new pid in /sys/fs/cgroup/vnfkit/bng-1
                   7. report the process id
                   8. limit MEMLOCK unlimited:unlimited
                   9. wait until the VNF's process has joined its control groups
                  10. let the VNF's process go on
                  11. wait until the VNF's process has its network namespace
                  12. create veth pair eth0 (in the VNF) and bng0 (on the host)
                  13. set interface bng0 up
                  14. let the VNF's process go on
                  15. supervise the VNF, kill it with the JVM
                In the VNF's process:
                  16. hide from tracers
                  17. die with the supervisor
                  18. start a new session
                  19. join a new session keyring
                  20. reset the CPU affinity
                  21. wait until the supervisor has set the resource limits
                  22. new mnt, net, uts, ipc, cgroup namespaces
                  23. set interface lo up
                  24. wait until the supervisor has placed the network interfaces
                  25. set interface eth0 up with [10.0.0.2/24]
                  26. stop mount propagation to the host
                  27. attach / at /run/vnfkit
                  28. pivot into the root at /run/vnfkit
                  29. mount proc at /proc [NOSUID, NODEV, NOEXEC]
                  30. mount sysfs at /sys [READ_ONLY, NOSUID, NODEV, NOEXEC]
                  31. detach the host's tree
                  32. mount tmpfs at /dev (mode=0755) [NOSUID, NOEXEC]
                  33. make device /dev/full c 1:7 0666 0:0
                  34. make device /dev/null c 1:3 0666 0:0
                  35. make device /dev/random c 1:8 0666 0:0
                  36. make device /dev/tty c 5:0 0666 0:0
                  37. make device /dev/urandom c 1:9 0666 0:0
                  38. make device /dev/zero c 1:5 0666 0:0
                  39. make directory /dev/pts 0755
                  40. mount devpts at /dev/pts (newinstance,ptmxmode=0666,mode=0620,gid=5) [NOSUID, NOEXEC]
                  41. link /dev/ptmx to pts/ptmx
                  42. link /dev/fd to /proc/self/fd
                  43. link /dev/stdin to /proc/self/fd/0
                  44. link /dev/stdout to /proc/self/fd/1
                  45. link /dev/stderr to /proc/self/fd/2
                  46. make directory /dev/shm 0755
                  47. mount tmpfs at /dev/shm (mode=1777,size=67108864) [NOSUID, NODEV, NOEXEC]
                  48. make directory /dev/mqueue 0755
                  49. mount mqueue at /dev/mqueue [NOSUID, NODEV, NOEXEC]
                  50. mount tmpfs at /run (mode=0755,size=67108864) [NOSUID, NODEV]
                  51. mount tmpfs at /tmp (mode=1777,size=268435456) [NOSUID, NODEV]
                  52. make directory /run/vnf 0755
                  53. attach /etc/vnf at /run/vnf
                  54. mount tmpfs at /dev/shm (mode=0755) [NOSUID, NODEV, NOEXEC]
                  55. write file /dev/shm/0 ""
                  56. make directory /dev/shm/1 0755
                  57. make /dev/shm [READ_ONLY, NOSUID, NODEV, NOEXEC]
                  58. bind /dev/shm/0 over /proc/keys
                  59. bind /dev/shm/1 over /sys/firmware
                  60. detach /dev/shm
                  61. bind /proc/bus over /proc/bus [READ_ONLY, NOSUID, NODEV, NOEXEC]
                  62. bind /proc/sys over /proc/sys [READ_ONLY, NOSUID, NODEV, NOEXEC]
                  63. set host name bng-1
                  64. memory policy PREFERRED 0
                  65. working directory /
                  66. become user 0:0, capabilities effective {NET_RAW} permitted {NET_RAW} inheritable {} bounding \
                {NET_RAW} ambient {}
                  67. no new privileges
                  68. execute /usr/bin/sh [sh, -c, exit 7] with \
                {PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}
                """);
    }

    @Test
    void equalDescriptionsGiveEqualPlans() {
        UnaryOperator<Vnf.Builder> description = vnf -> vnf
                .namespaces(ns -> ns.mapIds(0, 100000, 65536)
                .timeOffsets(new TimeOffsets(Duration.ofDays(1), Duration.ZERO))
                        .networkInterface(NetworkInterface.moved("eth0").as("uplink")))
                .root(RootFilesystem.hostReadOnly().hidden("/etc/hostname"))
                .with(new Everything())
                .environment(env -> env.set("B", "2").set("A", "1"));

        LaunchPlan plan = plan(description);

        assertThat(plan(description)).isEqualTo(plan).hasSameHashCodeAs(plan).hasToString(plan.toString());
        assertThat(plan(vnf -> description.apply(vnf).environment(env -> env.set("A", "2")))).isNotEqualTo(plan);
    }

    /** A feature with one of each. */
    private record Everything() implements VnfFeature {
        @Override
        public void contribute(PlanContext context, Contributions contributions) {
            contributions.mount(new VnfMount.Filesystem("hugetlbfs", "huge", Path.of("/dev/huge"), Set.of(),
                    "pagesize=2M"));
            contributions.mask(Mask.over("/proc/cpuinfo", Mask.File.of("none\n")));
            contributions.device(Path.of("/dev/vfio/2"), DeviceRule.parse("c 241:2 rwm"));
            contributions.environment("A", "of the feature");
            contributions.environment("C", "3");
        }
    }

    @Test
    void whatAFeatureContributesEndsInThePlan() {
        LaunchPlan plan = plan(vnf -> vnf.with(new Everything()).environment(env -> env.set("A", "of the user")));

        assertThat(plan.vnfSteps()).anyMatch(step -> step.describe().equals("make device /dev/vfio/2 c 241:2 0600 0:0"))
                .anyMatch(step -> step.describe().equals("mount hugetlbfs at /dev/huge (pagesize=2M)"))
                .anyMatch(step -> step.describe().startsWith("bind /dev/shm/0 over /proc/cpuinfo"));
        RightsStep.Execute execute = (RightsStep.Execute) plan.vnfSteps().get(plan.vnfSteps().size() - 1);
        assertThat(execute.environment()).containsEntry("A", "of the user").containsEntry("C", "3");
        assertThat(plan.hostSteps()).anyMatch(step -> step.describe().contains("device program") && step.describe()
                .contains("241:2"));
    }

    @Test
    void allProblemsAreListedAtOnce() {
        assertThatThrownBy(() -> plan(vnf -> vnf.command("none").workingDirectory("/nowhere")
                .mount(VnfMount.Bind.readOnly(Path.of("/missing"), Path.of("/run/x")))
                .namespaces(ns -> ns.joinVnf(NamespaceKind.NET, "stranger")
                .join(NamespaceKind.IPC, Path.of("/run/none")))
                .security(rights -> rights.memoryPolicy(MemoryPolicy.preferred(9)))))
                .isInstanceOfSatisfying(InvalidVnfException.class, failure -> assertThat(failure.problems())
                .extracting(Problem::where)
                        .containsExactlyInAnyOrder("command", "workingDirectory", "mounts", "namespaces.net",
                                "namespaces.ipc",
                                "security.memoryPolicy"));
    }

    @Test
    void namespacesComeInTheOrderThatTheKernelNeeds() {
        host.file("/proc/4711/ns/net", "").file("/proc/4711/ns/user", "").file("/proc/4711/ns/pid", "")
                .file("/run/netns/left", "");
        LaunchPlan plan = plan(vnf -> vnf.root(RootFilesystem.inherited())
                .namespaces(ns -> ns.joinVnf(NamespaceKind.USER, "router")
                .joinProcess(NamespaceKind.PID, 4711).join(NamespaceKind.NET, Path.of("/run/netns/left"))
                .inherit(NamespaceKind.IPC).hostname("vnf")));

        assertThat(supervisor(plan)).startsWith("open user namespace /proc/4711/ns/user",
                "open net namespace /run/netns/left",
                "enter pid namespace /proc/4711/ns/pid with the next child");
        assertThat(process(plan)).containsSequence(
                "join net namespace /run/netns/left", "join user namespace /proc/4711/ns/user",
                "become root of the user namespace", "new mnt, uts, cgroup namespaces", "set host name vnf");
    }

    @Test
    void aNewUserNamespaceIsMappedBeforeItIsUsed() {
        LaunchPlan plan = plan(vnf -> vnf.namespaces(ns -> ns.mapUids(0, 100000, 1000).mapGids(0, 200000, 10))
                .security(rights -> rights.resourceLimit(ResourceLimit.Kind.NOFILE, 10)));

        assertThat(supervisor(plan)).containsSequence(
                "start the VNF's process with new user, pid in /sys/fs/cgroup/vnfkit/bng-1",
                "report the process id", "limit NOFILE 10:10", "map uids [0 100000 1000] and gids [0 200000 10]",
                "wait until the VNF's process has joined its control groups", "let the VNF's process go on");
        assertThat(process(plan)).startsWith("hide from tracers", "die with the supervisor",
                "start a new session", "join a new session keyring")
                .containsSequence("wait until the supervisor has written the id maps",
                        "become root of the user namespace",
                        "new mnt, net, uts, ipc, cgroup namespaces", "set interface lo up");
    }

    @Test
    void interfacesArePlacedBetweenTwoMeetings() {
        host.file("/run/netns/left", "");
        LaunchPlan plan = plan(vnf -> vnf.namespaces(ns -> ns
                .networkInterface(NetworkInterface.moved("eth0").as("uplink").address("10.0.0.1/8"))
                .networkInterface(NetworkInterface.veth("east", "east0").peerIn(Path.of("/run/netns/left")))));

        assertThat(supervisor(plan)).containsSequence("wait until the VNF's process has its network namespace",
                "move interface eth0 into the VNF as uplink",
                "create veth pair east (in the VNF) and east0 (in /run/netns/left)",
                "set interface east0 up in /run/netns/left",
                "let the VNF's process go on", "supervise the VNF, kill it with the JVM");
        assertThat(process(plan)).containsSequence(
                "set interface lo up", "wait until the supervisor has placed the network interfaces",
                "set interface uplink up with [10.0.0.1/8]", "set interface east up");
    }

    @Test
    void interfacesThatAreMissingOrTakenAreProblems() {
        assertThat(problems(vnf -> vnf.namespaces(ns -> ns.networkInterface(NetworkInterface.moved("eth7"))
                .networkInterface(NetworkInterface.veth("a", "eth0"))
                .networkInterface(NetworkInterface.veth("b", "b0").peerIn(Path.of("/run/netns/none"))))))
                .containsExactly(
                        "namespaces.interfaces: the host has no network interface eth7 (create it first, or name "
                        + "another)",
                        "namespaces.interfaces: the host already has a network interface eth0 (give the other end "
                        + "another name)",
                        "namespaces.interfaces: /run/netns/none does not exist (create the network namespace first, "
                        + "for instance "
                                + "with ip netns add)");
    }

    @Test
    void rightsAreGivenUpLastAndInOrder() {
        LaunchPlan plan = plan(vnf -> vnf.init().onJvmExit(OnJvmExit.LEAVE_RUNNING)
                .security(rights -> rights.user(1000, 1000, 5L)
                .memoryPolicy(MemoryPolicy.bind(NodeSet.of(0)))));

        assertThat(process(plan).subList(process(plan).size() - 6, process(plan).size())).containsExactly(
                "memory policy BIND 0", "working directory /",
                "become user 1000:1000 groups [5], capabilities " + CapabilitySets.DPDK_DEFAULT,
                "no new privileges", "stay as pid 1 and start the command as a child",
                "execute /usr/bin/sh [sh] with {PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}");
        assertThat(supervisor(plan)).endsWith("supervise the VNF, also without the JVM");
    }

    @Test
    void aRootNeedsANewMountNamespace() {
        host.file("/proc/4711/ns/mnt", "");

        assertThat(problems(vnf -> vnf.namespaces(ns -> ns.inherit(NamespaceKind.MOUNT)))).containsExactly(
                "root: it can only be set up in a new mount namespace (make the namespace new with fresh(MOUNT), "
                        + "or say root(RootFilesystem.inherited()))");
        assertThat(problems(vnf -> vnf.root(RootFilesystem.inherited())
                .namespaces(ns -> ns.inherit(NamespaceKind.MOUNT)))).isEmpty();
    }

    @Test
    void mountsAndMasksNeedAFileTreeOfTheVnfsOwn() {
        assertThat(problems(vnf -> vnf.root(RootFilesystem.inherited()).with(new Everything()))).singleElement()
                .asString()
                .startsWith("namespaces.mnt: mounts and masks would change the file tree of others");
    }

    @Test
    void anInheritedRootIsStillCutOffFromTheHost() {
        assertThat(plan(vnf -> vnf.root(RootFilesystem.inherited())).vnfSteps().stream()
                .filter(FileTreeStep.class::isInstance))
                .containsExactly(new FileTreeStep.StopPropagation());
        assertThat(plan(vnf -> vnf.root(RootFilesystem.inherited()).namespaces(ns -> ns.inherit(NamespaceKind.MOUNT)))
                .vnfSteps())
                .noneMatch(FileTreeStep.class::isInstance);
    }

    @Test
    void aJoinedMountNamespaceIsLookedIntoThroughItsProcess() {
        host.file("/proc/4711/ns/mnt", "").program("/image/bin/tool").link("/proc/4711/root", host.at("/image")
                .toString());
        UnaryOperator<Vnf.Builder> joined = vnf -> vnf.root(RootFilesystem.inherited())
                .namespaces(ns -> ns.joinVnf(NamespaceKind.MOUNT, "router"));

        assertThat(problems(vnf -> joined.apply(vnf).command("tool"))).isEmpty();
        assertThat(problems(vnf -> joined.apply(vnf).command("sh"))).singleElement().asString()
                .contains("no executable \"sh\"");
        assertThat(problems(vnf -> vnf.root(RootFilesystem.inherited()).command("/anything")
                .namespaces(ns -> ns.join(NamespaceKind.MOUNT, Path.of("/proc/4711/ns/mnt"))))).isEmpty();
    }

    @Test
    void fromANewUserNamespaceNothingCanBeJoined() {
        host.file("/run/netns/left", "");

        assertThat(problems(vnf -> vnf.root(RootFilesystem.inherited()).namespaces(ns -> ns.mapIds(0, 100000, 10)
                .join(NamespaceKind.NET, Path.of("/run/netns/left"))))).singleElement().asString()
                .startsWith("namespaces.net: it cannot be joined from a new user namespace");
    }

    @Test
    void idsOfTheUserMustBeMapped() {
        assertThat(problems(vnf -> vnf.namespaces(ns -> ns.mapIds(0, 100000, 10))
                .security(rights -> rights.user(10, 9, 9L, 11L))))
                .containsExactly(
                        "security.user: uid 10 is not mapped in the VNF's user namespace: [0 100000 10] (choose a "
                        + "mapped one, or map it)",
                        "security.user: gid 11 is not mapped in the VNF's user namespace: [0 100000 10] (choose a "
                        + "mapped one, or map it)");
        assertThat(problems(vnf -> vnf.security(rights -> rights.user(10, 9)))).isEmpty();
    }

    @Test
    void nodesOfTheMemoryPolicyMustExistAndBeGranted() {
        host.directory("/sys/devices/system/node/node1").file("/sys/devices/system/node/online", "0-1\n")
                .file("/sys/devices/system/node/has_memory", "0-1\n").file("/sys/fs/cgroup/cpuset.mems.effective",
                        "0-1\n")
                .file("/sys/fs/cgroup/cpuset.cpus.effective", "0\n");

        assertThat(problems(vnf -> vnf.security(rights ->
                rights.memoryPolicy(MemoryPolicy.interleave(NodeSet.of(0, 2))))))
                .containsExactly("security.memoryPolicy: the host has no NUMA node 2 (see lscpu for the nodes it has)");
        assertThat(problems(vnf -> vnf.cgroup(cg -> cg.memoryNodes(NodeSet.of(1)))
                .security(rights -> rights.memoryPolicy(MemoryPolicy.bind(NodeSet.of(0))))))
                .containsExactly("security.memoryPolicy: none of the nodes 0 is among those granted: 1 "
                        + "(grant one with cgroup.memoryNodes, or choose another)");
    }

    @Test
    void theWorkingDirectoryIsLookedForInTheVnf() {
        host.directory("/tmp/work").directory("/opt/work");

        assertThat(problems(vnf -> vnf.workingDirectory("/opt/work"))).isEmpty();
        assertThat(problems(vnf -> vnf.workingDirectory("/run/vnf")
                .mount(VnfMount.Bind.readOnly(Path.of("/etc"), Path.of("/run/vnf")))))
                .isEmpty();
        assertThat(problems(vnf -> vnf.workingDirectory("/tmp/work"))).containsExactly(
                "workingDirectory: /tmp/work is no directory in the root file system (create it there, or choose "
                + "another)");
    }

    @Test
    void stepsAreNumberedThrough() {
        LaunchPlan plan = plan(vnf -> vnf);

        assertThat(plan.step(1)).isEqualTo(plan.hostSteps().get(0));
        assertThat(plan.step(plan.hostSteps().size() + 1)).isInstanceOf(SupervisorStep.class);
        assertThat(plan.step(plan.hostSteps().size() + plan.supervisorSteps().size() + 1))
                .isEqualTo(new IsolationStep.HideFromTracers());
        assertThat(plan.step(plan.steps().size())).isInstanceOf(RightsStep.Execute.class);
        assertThatThrownBy(() -> plan.step(plan.steps().size() + 1)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}

package io.vnfkit.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.Problem;
import io.vnfkit.launch.step.FileTreeStep;
import io.vnfkit.launch.step.FileTreeStep.MakeDevice;
import io.vnfkit.launch.step.SupervisorStep;
import io.vnfkit.mount.Mask;
import io.vnfkit.mount.RootFilesystem;
import io.vnfkit.mount.VnfMount;
import io.vnfkit.mount.VnfMount.Bind;
import io.vnfkit.mount.VnfMount.Filesystem;
import io.vnfkit.mount.VnfMount.Flag;
import io.vnfkit.namespace.NamespaceDescription;
import io.vnfkit.namespace.NamespaceKind;
import io.vnfkit.security.UserIdentity;
import io.vnfkit.testing.HostTree;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.DeviceRule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTreePlannerTest {

    private static final Path RUNTIME = Path.of("/run/vnfkit");

    @TempDir
    private Path directory;

    private final List<String> problems = new ArrayList<>();
    private final NamespaceDescription.Builder namespaces = NamespaceDescription.builder();
    @AutoClose
    private HostTree host;
    private RootFilesystem root = RootFilesystem.hostReadOnly();
    private Map<Path, DeviceRule> devices = new LinkedHashMap<>();

    @BeforeEach
    void makeHost() {
        host = HostTree.in(directory).directory("/image/proc").directory("/image/sys").directory("/image/dev")
                .directory("/image/run")
                .directory("/image/tmp").directory("/image/opt").program("/image/bin/sh");
    }

    private record Planned(List<String> supervisor, List<String> process) {}

    private Planned plan(VnfMount... mounts) {
        FileTreePlanner planner = new FileTreePlanner(host.files(), RUNTIME, root, namespaces.build(),
                problem -> problems.add(problem.toString()));
        List<FileTreeStep> steps = planner.plan(UserIdentity.ROOT, devices, List.of(mounts), List.<Mask>of());
        return new Planned(planner.supervisorSteps().stream().map(SupervisorStep::describe).toList(),
                steps.stream().map(FileTreeStep::describe).toList());
    }

    @Test
    void theHostsRootIsCopiedWithItsDisksAndNothingElse() {
        host.mounted("/usr", "ext4").mounted("/var/lib", "xfs").mounted("/mnt/net", "nfs").mounted("/tmp/disk", "ext4")
                .mounted("/pool", "zfs").mounted("/usr/share", "ext4");

        Planned planned = plan();

        assertThat(planned.supervisor()).containsExactly(
                "open tree / [READ_ONLY, NODEV]", "open tree /pool [READ_ONLY, NODEV]",
                "open tree /usr [READ_ONLY, NODEV]", "open tree /usr/share [READ_ONLY, NODEV]",
                "open tree /var/lib [READ_ONLY, NODEV]");
        assertThat(planned.process()).startsWith("stop mount propagation to the host", "attach / at /run/vnfkit",
                "attach /pool at /run/vnfkit/pool", "attach /usr at /run/vnfkit/usr",
                "attach /usr/share at /run/vnfkit/usr/share",
                "attach /var/lib at /run/vnfkit/var/lib", "pivot into the root at /run/vnfkit");
        assertThat(problems).isEmpty();
    }

    @Test
    void everyRootHasItsOwnKernelFileSystemsDevicesAndScratch() {
        List<String> steps = plan().process();

        assertThat(steps.subList(3, steps.size())).containsExactly(
                "mount proc at /proc [NOSUID, NODEV, NOEXEC]",
                "mount sysfs at /sys [READ_ONLY, NOSUID, NODEV, NOEXEC]",
                "detach the host's tree",
                "mount tmpfs at /dev (mode=0755) [NOSUID, NOEXEC]",
                "make device /dev/full c 1:7 0666 0:0",
                "make device /dev/null c 1:3 0666 0:0",
                "make device /dev/random c 1:8 0666 0:0",
                "make device /dev/tty c 5:0 0666 0:0",
                "make device /dev/urandom c 1:9 0666 0:0",
                "make device /dev/zero c 1:5 0666 0:0",
                "make directory /dev/pts 0755",
                "mount devpts at /dev/pts (newinstance,ptmxmode=0666,mode=0620,gid=5) [NOSUID, NOEXEC]",
                "link /dev/ptmx to pts/ptmx",
                "link /dev/fd to /proc/self/fd",
                "link /dev/stdin to /proc/self/fd/0",
                "link /dev/stdout to /proc/self/fd/1",
                "link /dev/stderr to /proc/self/fd/2",
                "make directory /dev/shm 0755",
                "mount tmpfs at /dev/shm (mode=1777,size=67108864) [NOSUID, NODEV, NOEXEC]",
                "make directory /dev/mqueue 0755",
                "mount mqueue at /dev/mqueue [NOSUID, NODEV, NOEXEC]",
                "mount tmpfs at /run (mode=0755,size=67108864) [NOSUID, NODEV]",
                "mount tmpfs at /tmp (mode=1777,size=268435456) [NOSUID, NODEV]",
                "mount tmpfs at /dev/shm (mode=0755) [NOSUID, NODEV, NOEXEC]",
                "write file /dev/shm/0 \"\"",
                "make directory /dev/shm/1 0755",
                "make /dev/shm [READ_ONLY, NOSUID, NODEV, NOEXEC]",
                "bind /dev/shm/0 over /proc/keys",
                "bind /dev/shm/1 over /sys/firmware",
                "detach /dev/shm",
                "bind /proc/bus over /proc/bus [READ_ONLY, NOSUID, NODEV, NOEXEC]",
                "bind /proc/sys over /proc/sys [READ_ONLY, NOSUID, NODEV, NOEXEC]");
    }

    @Test
    void theHostsQueuesAreNotMounted() {
        namespaces.inherit(NamespaceKind.IPC);

        assertThat(plan().process()).noneMatch(step -> step.contains("mqueue"));
    }

    @Test
    void writablePathsAreAttachedAtTheirRealPlace() {
        host.directory("/srv/data").link("/data", "/srv/data");
        root = RootFilesystem.hostReadOnly().writable("/data");

        assertThat(plan().process()).contains("attach /srv/data at /run/vnfkit/srv/data");
        assertThat(problems).isEmpty();
    }

    @Test
    void writablePathsBelowTheVnfsOwnDirectoriesAreRefused() {
        host.directory("/tmp/data").link("/var/run", "/run").directory("/run/data");
        root = RootFilesystem.hostReadOnly().writable("/tmp/data").writable("/var/run/data").writable("/none");

        plan();

        assertThat(problems).containsExactly(
                "root.writable: /tmp/data is hidden by the VNF's own /tmp (mount it with VnfMount.Bind.readWrite)",
                "root.writable: /var/run/data is hidden by the VNF's own /run (mount it with VnfMount.Bind.readWrite)",
                "root.writable: /none does not exist on the host (create it first)");
    }

    @Test
    void hiddenPathsAreCoveredWhereTheyAre() {
        host.file("/etc/shadow", "x").directory("/root").link("/secret", "etc/shadow").directory("/tmp/x");
        root = RootFilesystem.hostReadOnly().hidden("/root").hidden("/secret").hidden("/tmp/x").hidden("/none");

        assertThat(plan().process()).contains("bind /dev/shm/1 over /root", "bind /dev/shm/0 over /etc/shadow")
                .noneMatch(step -> step.endsWith("over /tmp/x"));
        assertThat(problems).containsExactly("root.hidden: /none does not exist on the host (leave it out)");
    }

    @Test
    void aDirectoryMustHaveRealDirectoriesForTheKernelsFileSystems() {
        root = RootFilesystem.directory(Path.of("/image"));

        Planned planned = plan();

        assertThat(planned.supervisor()).containsExactly("open tree /image recursively [NODEV]");
        assertThat(planned.process()).startsWith("stop mount propagation to the host", "attach /image at /run/vnfkit",
                "pivot into the root at /run/vnfkit", "require /proc to be a real directory",
                "require /sys to be a real directory",
                "require /dev to be a real directory", "mount proc at /proc [NOSUID, NODEV, NOEXEC]");
        assertThat(problems).isEmpty();
    }

    @Test
    void linksAndMissingDirectoriesInAnImageAreProblems() {
        host.link("/other/proc", "opt").directory("/other/opt").file("/other/sys", "");
        root = RootFilesystem.readOnlyDirectory(Path.of("/other"));

        plan();

        assertThat(problems).hasSize(3).allMatch(text -> text.matches("root: its /(proc|sys|dev) is no directory; .*"));
    }

    @Test
    void aMissingImageIsAProblem() {
        root = RootFilesystem.directory(Path.of("/none"));

        plan();

        assertThat(problems).contains("root: /none is no directory on the host (unpack an image there first)");
    }

    @Test
    void aTmpfsLiesAboveAnImage() {
        root = RootFilesystem.directoryWithTmpfsAbove(Path.of("/image"), Bytes.mebibytes(1));

        assertThat(plan().process()).startsWith("stop mount propagation to the host",
                "mount tmpfs at /run/vnfkit (mode=0755,size=1048576) [NODEV]", "make directory /run/vnfkit/upper 0755",
                "make directory /run/vnfkit/work 0755", "make directory /run/vnfkit/merged 0755",
                "mount overlay at /run/vnfkit/merged "
                + "(lowerdir=/image,upperdir=/run/vnfkit/upper,workdir=/run/vnfkit/work) [NODEV]",
                "pivot into the root at /run/vnfkit/merged", "require /proc to be a real directory");
        assertThat(problems).isEmpty();
    }

    @Test
    void separatorsOfOverlayfsInTheNameOfAnImageAreAProblem() {
        host.directory("/a:b");
        root = RootFilesystem.directoryWithTmpfsAbove(Path.of("/a:b"), Bytes.mebibytes(1));

        plan();

        assertThat(problems).anyMatch(text -> text.startsWith("root: /a:b holds a ':'"));
    }

    @Test
    void scratchDirectoriesThatAnImageLacksAreLeftOut() {
        host.directory("/slim/proc").directory("/slim/sys").directory("/slim/dev").directory("/slim/var/tmp")
                .link("/slim/tmp", "var/tmp");
        root = RootFilesystem.directory(Path.of("/slim"));

        assertThat(plan().process()).anyMatch(step -> step.startsWith("mount tmpfs at /var/tmp "))
                .noneMatch(step -> step.contains(" /run "));
        plan(Bind.readOnly(Path.of("/etc"), Path.of("/run/etc")));
        assertThat(problems).containsExactly("mounts: target /run/etc is no directory in the root file system "
                + "(create it there, or use a target below /run or /tmp)");
    }

    @Test
    void targetsOnScratchAreMadeOnce() {
        Planned planned = plan(Bind.readOnly(Path.of("/etc"), Path.of("/run/a/b/etc")),
                Bind.readWrite(Path.of("/etc/hostname"), Path.of("/run/a/name")),
                Bind.readOnly(Path.of("/etc"), Path.of("/run/a/b/other")));

        assertThat(planned.supervisor()).endsWith("open tree /etc recursively [READ_ONLY, NOSUID, NODEV]",
                "open tree /etc/hostname recursively [NOSUID, NODEV]",
                "open tree /etc recursively [READ_ONLY, NOSUID, NODEV]");
        assertThat(planned.process()).containsSequence("make directory /run/a 0755", "make directory /run/a/b 0755",
                "make directory /run/a/b/etc 0755", "attach /etc at /run/a/b/etc", "write file /run/a/name \"\"",
                "attach /etc/hostname at /run/a/name", "make directory /run/a/b/other 0755",
                "attach /etc at /run/a/b/other");
        assertThat(problems).isEmpty();
    }

    @Test
    void targetsInTheRootMustExistAndBeOfTheKindOfTheirSource() {
        plan(Bind.readOnly(Path.of("/etc"), Path.of("/none")), Bind.readOnly(Path.of("/etc"), Path.of("/etc/hostname")),
                Bind.readOnly(Path.of("/etc/hostname"), Path.of("/etc")),
                Bind.readOnly(Path.of("/missing"), Path.of("/run/x")),
                new Filesystem("tmpfs", "x", Path.of("/etc/hostname"), Set.of(), ""));

        assertThat(problems).hasSize(5).element(0).asString().contains("target /none is no directory");
        assertThat(problems).element(1).asString().contains("target /etc/hostname is no directory");
        assertThat(problems).element(2).asString().contains("target /etc is no file");
        assertThat(problems).element(3).asString().contains("/missing does not exist on the host");
        assertThat(problems).element(4).asString().contains("target /etc/hostname is no directory");
    }

    @Test
    void targetsAreFoundBehindLinksOfTheImage() {
        host.link("/image/etc", "opt").link("/image/var/run", "/run");
        root = RootFilesystem.directory(Path.of("/image"));

        Planned planned = plan(Bind.readOnly(Path.of("/etc"), Path.of("/etc")),
                Bind.readOnly(Path.of("/etc"), Path.of("/var/run/etc")));

        assertThat(planned.process()).containsSequence("attach /etc at /opt", "make directory /run/etc 0755",
                "attach /etc at /run/etc");
        assertThat(problems).isEmpty();
    }

    @Test
    void aTargetBehindALinkThatLeadsOutIsRefusedEvenThoughItIsAMountItself() {
        host.link("/image/opt/out", "../../../etc").link("/image/opt/loop", "loop");
        root = RootFilesystem.directory(Path.of("/image"));

        plan(Bind.readOnly(Path.of("/etc"), Path.of("/opt/out")), Bind.readOnly(Path.of("/etc"), Path.of("/opt/loop")));

        assertThat(problems).element(0).asString()
                .contains("target /opt/out: the link /opt/out -> ../../../etc leads out of the root file system");
        assertThat(problems).element(1).asString().contains("target /opt/loop: there are too many links on the way");
    }

    @Test
    void mountsLieUponMounts() {
        host.directory("/source/inner");

        Planned planned = plan(new Filesystem("tmpfs", "x", Path.of("/usr"), Set.of(Flag.NODEV), "size=1m"),
                Bind.readOnly(Path.of("/source"), Path.of("/usr/share/source")),
                Bind.readOnly(Path.of("/etc"), Path.of("/usr/share/source/inner")),
                Bind.readOnly(Path.of("/etc"), Path.of("/usr/share/source/none")));

        assertThat(planned.process()).containsSequence("mount tmpfs at /usr (size=1m) [NODEV]",
                "make directory /usr/share 0755",
                "make directory /usr/share/source 0755", "attach /source at /usr/share/source",
                "attach /etc at /usr/share/source/inner");
        assertThat(problems).singleElement().asString().contains("/usr/share/source/none");
    }

    @Test
    void targetsInSysAndProcAreLeftToTheKernel() {
        assertThat(plan(new Filesystem("bpf", "bpf", Path.of("/sys/fs/bpf"), Set.of(), "")).process())
                .contains("mount bpf at /sys/fs/bpf");
        assertThat(problems).isEmpty();
    }

    @Test
    void aSharedVolumeNeedNotBeThereYet() {
        assertThat(plan(Bind.readWrite(StateDirectory.VOLUMES.resolve("packets"), Path.of("/dev/packets"))).process())
                .contains("make directory /dev/packets 0755", "attach " + StateDirectory.VOLUMES
                        + "/packets at /dev/packets");
        assertThat(problems).isEmpty();
    }

    @Test
    void grantedDevicesAreMadeForTheUser() {
        devices.put(Path.of("/dev/vfio/2"), DeviceRule.parse("c 241:2 rwm"));
        devices.put(Path.of("/dev/vfio/vfio"), DeviceRule.parse("c 10:196 rwm"));

        assertThat(plan().process()).containsSequence(
                "make directory /dev/vfio 0755", "make device /dev/vfio/2 c 241:2 0600 0:0",
                "make device /dev/vfio/vfio c 10:196 0600 0:0", "make directory /dev/pts 0755");
        FileTreePlanner planner = new FileTreePlanner(host.files(), RUNTIME, root, namespaces.build(), problem -> { });
        assertThat(planner.plan(new UserIdentity(7, 8, List.of()), devices, List.of(), List.of()))
                .contains(new MakeDevice(Path.of("/dev/vfio/2"), DeviceRule.Type.CHARACTER, 241, 2, 0600, 7, 8),
                        new MakeDevice(Path.of("/dev/null"), DeviceRule.Type.CHARACTER, 1, 3, 0666, 0, 0));
    }

    @Test
    void aDeviceThatMayNotBeMadeIsBound() {
        host.file("/dev/vfio/2", "");
        devices.put(Path.of("/dev/vfio/2"), DeviceRule.parse("c 241:2 rw"));

        Planned planned = plan();

        assertThat(planned.supervisor()).endsWith("open tree /dev/vfio/2 [NOSUID, NOEXEC]");
        assertThat(planned.process()).containsSequence("make directory /dev/vfio 0755", "write file /dev/vfio/2 \"\"",
                "attach /dev/vfio/2 at /dev/vfio/2");
    }

    @Test
    void inAUserNamespaceNodesAreBoundAndHugetlbfsComesFromTheSupervisor() {
        namespaces.mapIds(0, 100000, 65536);
        host.file("/dev/null", "").file("/dev/zero", "");

        Planned planned = plan(new Filesystem("hugetlbfs", "huge", Path.of("/dev/huge"), Set.of(Flag.NODEV),
                "pagesize=2M"),
                new Filesystem("tmpfs", "x", Path.of("/opt"), Set.of(), ""));

        assertThat(planned.supervisor()).containsExactly(
                "open tree / [READ_ONLY, NODEV]", "open tree /dev/null [NOSUID, NOEXEC]",
                "open tree /dev/zero [NOSUID, NOEXEC]", "open hugetlbfs for /dev/huge (pagesize=2M) [NODEV]");
        assertThat(planned.process()).contains("attach hugetlbfs at /dev/huge", "attach /dev/null at /dev/null",
                "mount devpts at /dev/pts (newinstance,ptmxmode=0666,mode=0620) [NOSUID, NOEXEC]")
                .noneMatch(step -> step.startsWith("make device"));
        assertThat(problems).singleElement().asString().contains("target /opt is no directory");
    }

    @Test
    void inAUserNamespaceTheShownNamespacesMustBeItsOwn() {
        namespaces.mapIds(0, 100000, 65536).inherit(NamespaceKind.PID).joinVnf(NamespaceKind.NET, "other");
        plan();
        assertThat(problems).hasSize(2).allMatch(text -> text.contains("for a namespace that another one owns"));

        problems.clear();
        namespaces.joinVnf(NamespaceKind.USER, "other").joinVnf(NamespaceKind.PID, "other")
                .joinVnf(NamespaceKind.NET, "other");
        plan();
        assertThat(problems).isEmpty();

        namespaces.fresh(NamespaceKind.PID).fresh(NamespaceKind.NET);
        plan();
        assertThat(problems).singleElement().asString().startsWith("namespaces.pid:")
                .contains("join the pid namespace");

        problems.clear();
        namespaces.joinVnf(NamespaceKind.PID, "other").inherit(NamespaceKind.NET);
        plan();
        assertThat(problems).singleElement().asString().startsWith("namespaces.net:");
    }

    @Test
    void problemsAreOfTheUsersWords() {
        plan(Bind.readOnly(Path.of("/none"), Path.of("/run/x")));

        assertThat(problems).containsExactly(new Problem("mounts", "/none does not exist on the host",
                "create it first").toString());
    }
}

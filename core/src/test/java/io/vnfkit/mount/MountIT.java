package io.vnfkit.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.InvalidVnfException;
import io.vnfkit.LaunchException;
import io.vnfkit.RunningVnf;
import io.vnfkit.Vnf;
import io.vnfkit.linux.Errno;
import io.vnfkit.linux.KernelFiles;
import io.vnfkit.mount.VnfMount.Bind;
import io.vnfkit.mount.VnfMount.Filesystem;
import io.vnfkit.mount.VnfMount.Flag;
import io.vnfkit.namespace.NamespaceKind;
import io.vnfkit.testing.HostShell;
import io.vnfkit.testing.InsideVnf;
import io.vnfkit.testing.InsideVnf.Seen;
import io.vnfkit.testing.LaunchesVnfs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is mounted in a VNF: binds, new file systems, its own /dev, /proc, /sys and scratch directories. */
@LaunchesVnfs
class MountIT {

    @TempDir
    private Path directory;

    @BeforeEach
    void fillDirectory() throws IOException {
        Files.writeString(directory.resolve("vnf.conf"), "lcores=2\n");
        Files.createDirectory(directory.resolve("sub"));
    }

    @Test
    void aConfigurationDirectoryIsThereAndReadOnly() {
        Vnf.Builder vnf = InsideVnf.vnf().mount(Bind.readOnly(directory, Path.of("/run/vnf/etc")));

        Seen seen = InsideVnf.run(vnf, "cat /run/vnf/etc/vnf.conf", "touch /run/vnf/etc/new",
                "rm /run/vnf/etc/vnf.conf");

        assertThat(seen.lines()).first().isEqualTo("lcores=2");
        assertThat(seen.lines().subList(1, 3)).allMatch(line -> line.endsWith("Read-only file system"));
    }

    @Test
    void aSingleFileIsBoundOverAFile() {
        Vnf.Builder vnf = InsideVnf.vnf().mount(Bind.readOnly(directory.resolve("vnf.conf"), Path.of("/etc/hostname")))
                .mount(Bind.readWrite(directory.resolve("vnf.conf"), Path.of("/tmp/deep/below/vnf.conf")));

        Seen seen = InsideVnf.run(vnf, "cat /etc/hostname", "echo changed > /tmp/deep/below/vnf.conf",
                "cat /etc/hostname");

        assertThat(seen.lines()).containsExactly("lcores=2", "changed");
    }

    @Test
    void aWritableBindWritesToTheHost() {
        InsideVnf.run(InsideVnf.vnf().mount(Bind.readWrite(directory, Path.of("/run/data"))),
                "echo done > /run/data/sub/result");

        assertThat(directory.resolve("sub/result")).hasContent("done\n");
    }

    @Test
    void aReadOnlyBindIsSoForMountsBelowToo() {
        HostShell.run("mount -t tmpfs -o size=64k vnfkit-test " + directory.resolve("sub"));
        try {
            Seen whole = InsideVnf.run(InsideVnf.vnf().mount(Bind.readOnly(directory, Path.of("/run/data"))),
                    "stat -f -c %T /run/data/sub", "touch /run/data/sub/new");
            Seen alone = InsideVnf.run(InsideVnf.vnf()
                    .mount(new Bind(directory, Path.of("/run/data"), Set.of(), false)),
                            "stat -f -c %T /run/data/sub");

            assertThat(whole.lines()).first().isEqualTo("tmpfs");
            assertThat(whole.lines()).last().asString().endsWith("Read-only file system");
            assertThat(alone.lines()).containsExactly("ext2/ext3");
        } finally {
            HostShell.run("umount " + directory.resolve("sub"));
        }
    }

    @Test
    void whatTheHostMountsLaterDoesNotReachTheVnf() {
        Path sub = directory.resolve("sub");
        HostShell.run("mount -t tmpfs -o size=64k vnfkit-test " + sub + " && mount --make-shared " + sub + " && mkdir "
                + sub + "/x");
        try (RunningVnf vnf = InsideVnf.hold(InsideVnf.vnf().mount(Bind.readOnly(sub, Path.of("/run/data"))))) {
            HostShell.run("mount -t tmpfs -o size=64k vnfkit-later " + sub + "/x");
            try {
                String mounts = KernelFiles.host().read("/proc/" + vnf.pid() + "/mountinfo");
                assertThat(mounts).contains(" /run/data ").doesNotContain("vnfkit-later").doesNotContain("shared:");
            } finally {
                HostShell.run("umount " + sub + "/x");
            }
        } finally {
            HostShell.run("umount " + sub);
        }
    }

    @Test
    void laterMountsLieUponEarlierOnes() {
        Vnf.Builder vnf = InsideVnf.vnf()
                .mount(new Filesystem("tmpfs", "scratch", Path.of("/opt"), Set.of(Flag.NODEV, Flag.NOSUID),
                        "size=1m,mode=0700"))
                .mount(Bind.readOnly(directory, Path.of("/opt/etc/vnf")))
                .mount(Bind.readOnly(Path.of("/etc/passwd"), Path.of("/opt/etc/users")));

        Seen seen = InsideVnf.run(vnf, "cat /opt/etc/vnf/vnf.conf", "head -c 5 /opt/etc/users; echo",
                "stat -c %a /opt", "touch /opt/ok && echo ok");

        assertThat(seen.lines()).containsExactly("lcores=2", "root:", "700", "ok");
    }

    @Test
    void flagsOfAMountAreInForce() {
        HostShell.run("cp /bin/true " + directory + "/program; chmod 4755 " + directory + "/program");
        Vnf.Builder vnf = InsideVnf.vnf().mount(new Bind(
                directory, Path.of("/run/data"), Set.of(Flag.NOEXEC, Flag.NOSUID), false));

        Seen seen = InsideVnf.run(vnf, "/run/data/program", "grep ' /run/data ' /proc/self/mountinfo | cut -d' ' -f6");

        assertThat(seen.output()).contains("Permission denied").contains("rw,nosuid,noexec");
    }

    @Test
    void devHoldsTheBasicNodesAndNothingElse() {
        Seen seen = InsideVnf.run(InsideVnf.vnf(), "cd /dev; echo *", "ls -A | grep '^[.]'",
                "echo x > null; head -c 2 zero | wc -c; head -c 2 urandom | wc -c; head -c 2 random | wc -c",
                "cp /etc/hostname full", "stat -c '%n %F %t:%T %a' null zero full random urandom tty",
                "readlink fd stdin stdout stderr ptmx",
                "touch scratch && echo writable", "stat -f -c %T . shm pts mqueue");

        assertThat(seen.lines()).startsWith("fd full mqueue null ptmx pts random shm stderr stdin stdout tty "
                + "urandom zero", "2", "2", "2")
                .contains("null character special file 1:3 666", "tty character special file 5:0 666",
                        "/proc/self/fd", "/proc/self/fd/0", "pts/ptmx", "writable")
                .endsWith("tmpfs", "tmpfs", "devpts", "mqueue");
        assertThat(seen.output()).contains("No space left on device");
    }

    @Test
    void nodesOfTheHostCanNeitherBeMadeNorOpened() {
        Seen seen = InsideVnf.run(InsideVnf.vnf(), "mknod /dev/mem c 1 1", "mknod /tmp/mem c 1 1",
                "ls /dev/mem /tmp/mem");

        assertThat(seen.lines().subList(0, 2)).allMatch(line -> line.endsWith("Operation not permitted"));
    }

    @Test
    void messageQueuesAreTheVnfsOwnAndOnlyWithItsOwnIpcNamespace() {
        Seen own = InsideVnf.run(InsideVnf.vnf(), "touch /dev/mqueue/packets && ls /dev/mqueue",
                "cat /dev/mqueue/packets");
        Seen inherited = InsideVnf.run(InsideVnf.vnf().namespaces(ns -> ns.inherit(NamespaceKind.IPC)),
                "ls -d /dev/mqueue");

        assertThat(own.lines()).first().isEqualTo("packets");
        assertThat(own.output()).contains("QSIZE:0");
        assertThat(inherited.exitCode()).isNotZero();
    }

    @Test
    void aPseudoTerminalCanBeOpened() {
        Seen seen = InsideVnf.run(InsideVnf.vnf(),
                "/usr/bin/python3 -c 'import pty, os; m, s = pty.openpty(); print(os.ttyname(s))'", "ls /dev/pts");

        assertThat(seen.lines()).containsExactly("/dev/pts/0", "ptmx");
    }

    @Test
    void scratchDirectoriesAreEmptyAndLimited() {
        Seen seen = InsideVnf.run(InsideVnf.vnf(), "stat -c '%a' /tmp /run /dev/shm",
                "ls -A /tmp /run /dev/shm | grep -v :",
                "stat -f -c '%b %S' /tmp /run /dev/shm");

        assertThat(seen.lines()).startsWith("1777", "755", "1777").endsWith("65536 4096", "16384 4096", "16384 4096");
    }

    @Test
    void dangerousPartsOfProcAndSysAreHiddenOrReadOnly() {
        Seen seen = InsideVnf.run(InsideVnf.vnf(), "echo 0 > /proc/sys/vm/drop_caches",
                "echo 1 > /proc/irq/default_smp_affinity",
                "touch /proc/keys", "cat /proc/keys /proc/timer_list",
                "ls -A /sys/firmware /proc/acpi | grep -v : | grep .",
                "echo 1 > /sys/kernel/profiling", "mkdir /sys/x", "umount /proc/keys",
                "mount -t proc proc /tmp 2>&1 | head -n 1");

        assertThat(seen.lines().subList(0, 3)).allMatch(line -> line.endsWith("Read-only file system"));
        assertThat(seen.lines().subList(3, 5)).allMatch(line -> line.endsWith("Read-only file system"));
        assertThat(seen.lines().subList(5, 7)).allMatch(line -> line.contains("not permitted") || line.contains(
                "permission denied")
                || line.contains("must be superuser"));
        assertThat(seen.lines()).hasSize(7);
    }

    @Test
    void processesOfTheVnfAreAllThatItsProcShows() {
        try (RunningVnf other = InsideVnf.hold(InsideVnf.vnf())) {
            Seen seen = InsideVnf.run(InsideVnf.vnf(), "cat /proc/" + other.pid() + "/status", "cat /proc/1/comm");

            assertThat(seen.lines()).first().asString().endsWith("No such file or directory");
            assertThat(seen.lines()).last().isEqualTo("sh");
        }
    }

    @Test
    void aSourceThatIsMissingIsFoundInThePlan() {
        assertThatThrownBy(() -> InsideVnf.run(InsideVnf.vnf()
                .mount(Bind.readOnly(directory.resolve("none"), Path.of("/run/x"))), "true"))
                .isInstanceOf(InvalidVnfException.class).hasMessageContaining("none does not exist on the host");
    }

    @Test
    void anUnknownFileSystemIsAFailureWithTheStepAndLeavesNothing() {
        VnfMount unknown = new Filesystem("no-such-fs", "none", Path.of("/run/x"), Set.of(), "");

        assertThatThrownBy(() -> InsideVnf.run(InsideVnf.vnf().mount(unknown), "true"))
                .isInstanceOfSatisfying(LaunchException.class, failure -> {
                    assertThat(failure.errno()).contains(Errno.ENODEV);
                    assertThat(failure).hasMessageContaining("mount no-such-fs at /run/x")
                            .hasMessageContaining("does not know");
                });
    }

    @Test
    void anUnknownOptionIsAFailureWithTheStep() {
        VnfMount wrong = new Filesystem("tmpfs", "none", Path.of("/run/x"), Set.of(), "colour=red");

        assertThatThrownBy(() -> InsideVnf.run(InsideVnf.vnf().mount(wrong), "true"))
                .isInstanceOfSatisfying(LaunchException.class, failure -> assertThat(failure.errno())
                .contains(Errno.EINVAL));
    }

    @Test
    void theInheritedRootIsTheHostsAndItsMountsStayApart() {
        Vnf.Builder vnf = InsideVnf.vnf().root(RootFilesystem.inherited());
        String before = HostShell.run("cat /proc/self/mountinfo");

        try (RunningVnf running = InsideVnf.hold(vnf, "cat " + directory + "/vnf.conf || exit 1")) {
            assertThat(KernelFiles.host().read("/proc/" + running.pid() + "/mountinfo")).doesNotContain("shared:");
            assertThat(HostShell.run("cat /proc/self/mountinfo")).isEqualTo(before);
        }
    }
}

package io.vnfkit.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.RunningVnf;
import io.vnfkit.Vnf;
import io.vnfkit.linux.KernelFiles;
import io.vnfkit.namespace.NamespaceKind;
import io.vnfkit.testing.InsideVnf;
import io.vnfkit.testing.InsideVnf.Seen;
import io.vnfkit.testing.LaunchesVnfs;
import org.junit.jupiter.api.Test;

/** What a VNF that means harm cannot do, with the default capabilities and where the description takes walls away. */
@LaunchesVnfs
class ContainmentIT {

    private static final String PTRACE = System.getProperty("os.arch").equals("aarch64") ? "117" : "101";

    /** Prints the errno of PTRACE_SEIZE. */
    private static String seize(long pid) {
        return "/usr/bin/python3 -c 'import ctypes; c = ctypes.CDLL(None, use_errno=True); "
                + "r = c.syscall(" + PTRACE + ", 0x4206, " + pid
                + ", 0, 0); print(\"seized\" if r == 0 else ctypes.get_errno())'";
    }

    @Test
    void theSupervisorCannotBeTracedEvenInTheHostsPidNamespace() {
        Vnf.Builder vnf = InsideVnf.vnf().namespaces(ns -> ns.inherit(NamespaceKind.PID));
        try (RunningVnf running = InsideVnf.hold(vnf)) {
            long supervisor = ProcessHandle.of(running.pid()).orElseThrow().parent().orElseThrow().pid();

            Seen seen = InsideVnf.exec(running, seize(supervisor), "ls /proc/" + supervisor + "/root/",
                    "readlink /proc/" + supervisor + "/exe",
                    "cat /proc/" + supervisor + "/maps", "ls /proc/" + supervisor + "/fd/5/", "cat /proc/" + supervisor
                    + "/environ");

            assertThat(seen.lines()).first().isEqualTo("1");
            assertThat(seen.lines().subList(1, seen.lines().size())).isNotEmpty()
                    .allMatch(line -> line.endsWith("Permission denied"));
        }
    }

    @Test
    void theHostsTreeIsNotBehindAProcessOfTheHost() {
        Vnf.Builder vnf = InsideVnf.vnf().namespaces(ns -> ns.inherit(NamespaceKind.PID));

        Seen seen = InsideVnf.run(vnf, "ls /proc/1/root/proc", "ls /proc/" + ProcessHandle.current().pid()
                + "/root/tmp");

        assertThat(seen.lines()).hasSize(2).allMatch(line -> line.endsWith("Permission denied"));
    }

    @Test
    void theCommandIsTraceableByItselfAgain() {
        // What hides the process during the launch must not break debuggers inside the VNF.
        Seen seen = InsideVnf.run(InsideVnf.vnf(), "ls -l /proc/self/exe > /dev/null && echo readable",
                "stat -c %U /proc/self/maps");

        assertThat(seen.lines()).containsExactly("readable", "root");
    }

    @Test
    void mountsCanBeChangedNeitherByRootNorInANestedUserNamespace() {
        Seen seen = InsideVnf.run(mayMapRoot(), "mount -o remount,rw /", "umount /proc/sys",
                "unshare -Urm sh -c 'mount -o remount,bind,rw / ; umount /proc/keys; umount -l /sys; mount -t sysfs "
                + "s /tmp; mount -t proc p /tmp; echo end'");

        assertThat(seen.lines()).last().isEqualTo("end");
        assertThat(seen.lines().stream().filter(line -> line.startsWith("mount:") || line.startsWith("umount:")))
                .hasSize(7);
    }

    /** Without CAP_SETFCAP a nested user namespace could not even have a root. */
    private static Vnf.Builder mayMapRoot() {
        return InsideVnf.vnf().security(rights -> rights.capabilities(
                CapabilitySets.DPDK_DEFAULT.plus(Capability.SETFCAP)));
    }

    @Test
    void aNestedUserNamespaceSeesNoMoreOfProcAndSys() {
        Seen seen = InsideVnf.run(mayMapRoot(),
                "unshare -Urmpf sh -c 'mount -t proc p /proc && echo fresh proc; mount -t sysfs s /sys && echo "
                + "fresh sys; umount /proc/keys && echo uncovered;"
                        + " mount -o remount,bind,rw / && echo writable; echo end'");

        assertThat(seen.lines()).last().isEqualTo("end");
        assertThat(seen.output()).doesNotContain("fresh").doesNotContain("uncovered").doesNotContain("writable");
    }

    @Test
    void theInitOfAVnfHasNoMoreRightsThanTheVnf() {
        Seen seen = InsideVnf.run(InsideVnf.vnf().init(),
                "grep -E '^(Cap|NoNew|Uid)' /proc/1/status > /tmp/1; grep -E '^(Cap|NoNew|Uid)' /proc/self/status > "
                + "/tmp/self",
                "cmp /tmp/1 /tmp/self && echo equal");

        assertThat(seen.lines()).containsExactly("equal");
    }

    @Test
    void theImageOfTheInitCannotBeWritten() {
        Seen seen = InsideVnf.run(InsideVnf.vnf().init(), "echo x > /proc/1/exe", "readlink /proc/1/exe");

        assertThat(seen.output()).containsPattern("exe: (Permission denied|Text file busy|Operation not permitted)");
    }

    @Test
    void theVnfCannotJoinWhatItLeft() {
        Seen seen = InsideVnf.run(InsideVnf.vnf().namespaces(ns -> ns.inherit(NamespaceKind.PID)),
                "nsenter -t 1 -m -n true", "nsenter -t " + ProcessHandle.current().pid() + " -n true");

        assertThat(seen.lines()).hasSize(2).allMatch(line -> line.startsWith("nsenter:"));
    }

    @Test
    void theSupervisorHoldsNothingOfTheHostButWhatItNeeds() {
        try (RunningVnf vnf = InsideVnf.hold(InsideVnf.vnf().namespaces(ns -> ns.mapIds(0, 100000, 65536)))) {
            long supervisor = ProcessHandle.of(vnf.pid()).orElseThrow().parent().orElseThrow().pid();
            KernelFiles files = KernelFiles.host();

            assertThat(files.readLink("/proc/" + supervisor + "/cwd")).hasToString("/");
            assertThat(files.list("/proc/" + supervisor + "/fd").stream()
                    .map(number -> files.readLink("/proc/" + supervisor + "/fd/" + number).toString()))
                    .allMatch(target -> target.startsWith("pipe:") || target.startsWith("anon_inode:")
                            || target.startsWith("/run/vnfkit/vnfs/") || target.startsWith("/sys/fs/cgroup/"));
        }
    }
}

package io.vnfkit.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.LaunchException;
import io.vnfkit.RunningVnf;
import io.vnfkit.Vnf;
import io.vnfkit.linux.Errno;
import io.vnfkit.linux.KernelFiles;
import io.vnfkit.testing.InsideVnf;
import io.vnfkit.testing.InsideVnf.Seen;
import io.vnfkit.testing.LaunchesVnfs;
import io.vnfkit.unit.NodeSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The rights of a VNF as /proc/self/status and the shell's own limits show them. */
@LaunchesVnfs
class RightsIT {

    private static final String STATUS = "cat /proc/self/status";

    private static Seen run(java.util.function.Consumer<SecurityDescription.Builder> rights, String... script) {
        return InsideVnf.run(InsideVnf.vnf().security(rights), script);
    }

    private static String mask(Capability... capabilities) {
        return String.format("%016x", CapabilitySets.mask(Set.of(capabilities)));
    }

    @Test
    void rootHasTheDefaultCapabilitiesAndNoWayToMore() {
        Map<String, String> status = run(rights -> { }, STATUS).fields();

        String expected = String.format("%016x", CapabilitySets.mask(CapabilitySets.DPDK_DEFAULT.permitted()));
        assertThat(status).containsEntry("CapInh", "0000000000000000").containsEntry("CapPrm", expected)
                .containsEntry("CapEff", expected).containsEntry("CapBnd", expected)
                .containsEntry("CapAmb", "0000000000000000")
                .containsEntry("NoNewPrivs", "1").containsEntry("Uid", "0\t0\t0\t0").containsEntry("Gid", "0\t0\t0\t0")
                .containsEntry("Groups", "");
    }

    @Test
    void fiveSetsOfRootAreAsDescribed() {
        CapabilitySets sets = new CapabilitySets(
                Set.of(Capability.NET_RAW, Capability.CHOWN), Set.of(Capability.NET_RAW, Capability.CHOWN),
                Set.of(Capability.NET_RAW), Set.of(Capability.NET_RAW, Capability.CHOWN, Capability.KILL),
                Set.of(Capability.NET_RAW));

        Map<String, String> status = run(rights -> rights.capabilities(sets), STATUS).fields();

        assertThat(status).containsEntry("CapEff", mask(Capability.NET_RAW, Capability.CHOWN))
                .containsEntry("CapPrm", mask(Capability.NET_RAW, Capability.CHOWN))
                .containsEntry("CapInh", mask(Capability.NET_RAW))
                .containsEntry("CapBnd", mask(Capability.NET_RAW, Capability.CHOWN, Capability.KILL))
                .containsEntry("CapAmb", mask(Capability.NET_RAW));
    }

    @Test
    void rootWithoutCapabilitiesHasNone() {
        Map<String, String> status = run(rights -> rights.capabilities(CapabilitySets.NONE), STATUS).fields();

        assertThat(status).containsEntry("CapPrm", mask()).containsEntry("CapEff", mask())
                .containsEntry("CapBnd", mask());
    }

    @Test
    void anotherUserKeepsItsAmbientCapabilities() {
        CapabilitySets sets = CapabilitySets.of(Capability.NET_RAW, Capability.IPC_LOCK).keptForOtherUsers();

        Map<String, String> status = run(rights -> rights.user(1234, 5678, 10L, 4294967294L).capabilities(sets), STATUS)
                .fields();

        String kept = mask(Capability.NET_RAW, Capability.IPC_LOCK);
        assertThat(status).containsEntry("Uid", "1234\t1234\t1234\t1234").containsEntry("Gid", "5678\t5678\t5678\t5678")
                .containsEntry("Groups", "10 4294967294").containsEntry("CapInh", kept).containsEntry("CapPrm", kept)
                .containsEntry("CapEff", kept).containsEntry("CapBnd", kept).containsEntry("CapAmb", kept);
    }

    @Test
    void anotherUserWithoutAmbientCapabilitiesHasNone() {
        Map<String, String> status = run(rights -> rights.user(1234, 1234), STATUS).fields();

        assertThat(status).containsEntry("CapPrm", mask()).containsEntry("CapEff", mask())
                .containsEntry("CapAmb", mask());
    }

    @Test
    void setUserIdProgramsHaveNoEffectUnlessAllowed() {
        String script = "cp /usr/bin/id /run/x/id && chmod 4755 /run/x/id; /run/x/id -u";
        String prepared = "/usr/bin/python3 -c 'import os; os.setresuid(1000, 1000, 1000); os.execv(\"/run/x/id\", "
                + "[\"id\", \"-u\"])'";
        Vnf.Builder refused = suid();
        Vnf.Builder allowed = suid().security(SecurityDescription.Builder::allowNewPrivileges);

        assertThat(InsideVnf.run(refused, script, prepared).lines()).containsExactly("0", "1000");
        assertThat(InsideVnf.run(allowed, script, prepared).lines()).containsExactly("0", "0");
    }

    private static Vnf.Builder suid() {
        return InsideVnf.vnf()
                .mount(new io.vnfkit.mount.VnfMount.Filesystem("tmpfs", "x", java.nio.file.Path.of("/run/x"), Set.of(),
                        "mode=0755"))
                .security(rights -> rights.capabilities(
                        CapabilitySets.of(Capability.SETUID, Capability.FSETID, Capability.CHOWN)));
    }

    @Test
    void resourceLimitsAreSoftAndHardAsDescribed() {
        Seen seen = run(rights -> rights
                .resourceLimit(ResourceLimit.Kind.NOFILE, 100, 200)
                .resourceLimit(ResourceLimit.Kind.CORE, 0)
                .resourceLimit(ResourceLimit.Kind.STACK, 1 << 20, 4 << 20)
                .resourceLimit(ResourceLimit.Kind.CPU, 5, 10), "cat /proc/self/limits");

        assertThat(seen.output()).containsPattern("Max open files +100 +200 ")
                .containsPattern("Max core file size +0 +0 ")
                .containsPattern("Max stack size +1048576 +4194304 ").containsPattern("Max cpu time +5 +10 ");
    }

    @Test
    void limitsThatAreNotDescribedAreThoseOfTheJvm() {
        Seen seen = run(rights -> { }, "cat /proc/self/limits");

        assertThat(seen.output().strip()).isEqualTo(KernelFiles.host().readRaw("/proc/self/limits").strip());
    }

    @Test
    void raisingAHardLimitNeedsACapabilityAndSaysSo() {
        boolean mayRaise = (Long.parseUnsignedLong(KernelFiles.host().readLines("/proc/self/status").stream()
                .filter(line -> line.startsWith("CapEff")).findFirst().orElseThrow().substring(7).strip(), 16)
                        & Capability.SYS_RESOURCE.bit()) != 0;
        // The first lowers what the JVM may hand on, so that the second has to raise it.
        Vnf.Builder vnf = InsideVnf.vnf().security(
                rights -> rights.resourceLimit(ResourceLimit.Kind.NOFILE, 1 << 20, 1 << 30));

        if (mayRaise) {
            assertThatThrownBy(() -> InsideVnf.run(vnf, "ulimit -Hn")).isInstanceOfSatisfying(LaunchException.class,
                    failure -> assertThat(failure.errno()).contains(Errno.EPERM));
            return;
        }
        assertThatThrownBy(() -> InsideVnf.run(vnf, "ulimit -Hn")).isInstanceOfSatisfying(LaunchException.class,
                failure -> {
            assertThat(failure.errno()).contains(Errno.EPERM);
            assertThat(failure).hasMessageContaining("limit NOFILE 1048576:1073741824")
                    .hasMessageContaining("CAP_SYS_RESOURCE");
        });
    }

    @Test
    void limitsOfAUserNamespaceAreSetByTheSupervisor() {
        Vnf.Builder vnf = InsideVnf.vnf().namespaces(ns -> ns.mapIds(0, 100000, 65536))
                .security(rights -> rights.resourceLimit(ResourceLimit.Kind.NOFILE, 64, 128));

        assertThat(InsideVnf.run(vnf, "ulimit -Sn; ulimit -Hn").lines()).containsExactly("64", "128");
    }

    @Test
    void theMemoryPolicyIsInForce() {
        String policy = "cut -d' ' -f2 /proc/self/numa_maps | sort -u";
        NodeSet node = NodeSet.of(0);

        assertThat(run(rights -> { }, policy).lines()).contains("default").doesNotContain("bind:0");
        assertThat(run(rights -> rights.memoryPolicy(MemoryPolicy.bind(node)), policy).lines()).contains("bind:0")
                .doesNotContain("default");
        assertThat(run(rights -> rights.memoryPolicy(MemoryPolicy.interleave(node)), policy).lines())
                .contains("interleave:0");
        assertThat(run(rights -> rights.memoryPolicy(MemoryPolicy.preferred(0)), policy).lines()).contains("prefer:0");
    }

    @Test
    void umaskAndWorkingDirectoryAreSet() {
        assertThat(InsideVnf.run(InsideVnf.vnf(), "umask; pwd; readlink /proc/self/cwd").lines())
                .containsExactly("0022", "/", "/");
        assertThat(InsideVnf.run(InsideVnf.vnf().workingDirectory("/usr/bin"), "umask; readlink /proc/self/cwd")
                .lines())
                .containsExactly("0022", "/usr/bin");
    }

    @Test
    void theEnvironmentIsTheAllowListAndNothingElse() {
        Seen seen = InsideVnf.run(InsideVnf.vnf().environment(env -> env.set("VNF", "bng 1=x").inherit("HOME").inherit(
                "NOT_SET_ANYWHERE"))
                .command("/usr/bin/env").build());

        assertThat(seen.lines()).containsExactlyInAnyOrder(
                "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                "VNF=bng 1=x", "HOME=" + System.getenv("HOME"));
    }

    @Test
    void noDescriptorButTheStandardStreamsIsOpen() {
        // ls itself opens the directory.
        assertThat(InsideVnf.run(InsideVnf.vnf().command("/bin/ls", "/proc/self/fd").build()).lines())
                .containsExactly("0", "1", "2", "3");
        assertThat(InsideVnf.run(InsideVnf.vnf().init(), "ls /proc/self/fd", "echo",
                "ls -l /proc/1/fd | grep -v total | sed 's/.* -> //'").lines())
                .startsWith("0", "1", "2", "3", "").allMatch(line -> !line.startsWith("/") && !line.contains("pipe")
                        || line.isEmpty());
    }

    @Test
    void allSignalsAreUnblockedAndDefault() {
        Map<String, String> status = InsideVnf.run(InsideVnf.vnf().command("/bin/cat", "/proc/self/status").build())
                .fields();

        assertThat(status).containsEntry("SigBlk", "0000000000000000").containsEntry("SigIgn", "0000000000000000")
                .containsEntry("SigCgt", "0000000000000000");
    }

    @Test
    void theVnfIsInASessionAndKeyringOfItsOwn() {
        String keyring = "import ctypes; print(ctypes.CDLL(None).syscall(%d, 0, -3, 0))".formatted(
                System.getProperty("os.arch").equals("aarch64") ? 219 : 250);
        String ofHost = io.vnfkit.testing.HostShell.run("/usr/bin/python3 -c '" + keyring + "'").strip();

        Seen seen = InsideVnf.run(InsideVnf.vnf(), "cut -d' ' -f6 /proc/1/stat", "/usr/bin/python3 -c '" + keyring
                + "'");

        assertThat(seen.lines()).first().as("its own session, which it leads").isEqualTo("1");
        assertThat(seen.lines()).last().isNotEqualTo(ofHost).asString().matches("\\d+");
    }

    @Test
    void theVnfDiesWithItsSupervisor() throws Exception {
        try (RunningVnf vnf = InsideVnf.hold(InsideVnf.vnf())) {
            ProcessHandle process = ProcessHandle.of(vnf.pid()).orElseThrow();
            ProcessHandle supervisor = process.parent().orElseThrow();
            supervisor.destroyForcibly();
            assertThat(process.onExit()).succeedsWithin(java.time.Duration.ofSeconds(10));
        }
    }
}

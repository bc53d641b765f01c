package io.vnfkit.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.dpdk.EalArguments;
import io.vnfkit.sysfs.SysfsMask;
import io.vnfkit.testing.Needs;
import io.vnfkit.testing.RequiresCommand;
import io.vnfkit.testing.RequiresFreeHugepages;
import io.vnfkit.testing.RequiresRoot;
import io.vnfkit.unit.CpuSet;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Debian's dpdk-testpmd in a VNF, and what its EAL finds there. */
@Tag("root")
@RequiresRoot
@RequiresCommand(value = "dpdk-testpmd", debianPackage = "dpdk-dev")
@RequiresFreeHugepages(count = GrantedVnf.PAGES)
@ExtendWith(NothingLeft.class)
@Timeout(120)
class UnmodifiedDpdkIT {

    private static final String[] TESTPMD = {"--", "--no-mlockall", "--total-num-mbufs=2048"};

    /** Two lcores, which testpmd wants, on the only CPU of the grant. */
    private static EalArguments onOneCpu() {
        return EalArguments.fromGrant().with("--lcores", "(0,1)@" + GrantedVnf.oneCpu().first()).vdev("net_null0");
    }

    private static Ended run(String name, CpuSet cpus, EalArguments arguments, String... more) throws IOException {
        Object[] command = new Object[2 + more.length + TESTPMD.length];
        command[0] = "dpdk-testpmd";
        command[1] = arguments;
        System.arraycopy(more, 0, command, 2, more.length);
        System.arraycopy(TESTPMD, 0, command, 2 + more.length, TESTPMD.length);
        return Ended.launch(GrantedVnf.on(name, cpus)
                .with(SysfsMask.onlyGranted())
                .command(Ended.merged(command))
                .build());
    }

    @Test
    void startsWithNothingButTheArgumentsOfItsGrant() throws IOException {
        CpuSet all = GrantedVnf.allCpus();
        Needs.thing(all.size() >= 2, "2 CPUs", "a larger machine; testpmd takes two lcores");
        CpuSet two = CpuSet.of(all.first(), all.last());

        Ended testpmd = run("grant", two, EalArguments.fromGrant().vdev("net_null0").vdev("net_null1"));

        assertThat(testpmd.output())
                .contains("EAL: Detected CPU lcores: 2", "EAL: Detected NUMA nodes: 1", "Port 1 is closed", "Bye");
        assertThat(testpmd.exitCode()).isZero();
    }

    @Test
    void detectsOnlyTheCpusOfItsGrant() throws IOException {
        Ended testpmd = run("cpus", GrantedVnf.oneCpu(), onOneCpu(), "--log-level=lib.eal:debug");

        String cpu = Integer.toString(GrantedVnf.oneCpu().first());
        assertThat(testpmd.output())
                .contains("EAL: Detected CPU lcores: 1", "EAL: Detected lcore " + cpu + " as core")
                .containsPattern("Main lcore 0 is ready \\(tid=[0-9a-f]+;cpuset=\\[" + cpu + "\\]\\)");
        assertThat(testpmd.exitCode()).isZero();
    }

    @Test
    void refusesAnLcoreOnACpuThatWasNotGranted() throws IOException {
        CpuSet others = GrantedVnf.allCpus().minus(GrantedVnf.oneCpu());
        Needs.thing(!others.isEmpty(), "2 CPUs", "a larger machine");
        // Planning would refuse it, so the option gets past it.
        Ended testpmd = run("foreign-cpu", GrantedVnf.oneCpu(), EalArguments.fromGrant().without("--lcores"),
                "-l", others.first() + "," + GrantedVnf.oneCpu().first());

        assertThat(testpmd.output()).contains("lcore " + others.first() + " unavailable");
        assertThat(testpmd.exitCode()).isEqualTo(1);
    }

    @Test
    void saysHowMuchMemoryItAskedForAndHowMuchThereIs() throws IOException {
        Ended testpmd = run("greedy", GrantedVnf.oneCpu(), onOneCpu(), "-m", "128");

        assertThat(testpmd.output()).contains("Not enough memory available! Requested: 128MB, available: 64MB");
        assertThat(testpmd.exitCode()).isEqualTo(1);
    }

    @Test
    void findsNoPciDeviceWhereNoneIsGranted() throws IOException {
        Ended testpmd = run("pci", GrantedVnf.oneCpu(), onOneCpu().without("--no-pci"), "--log-level=lib.eal:debug");

        assertThat(testpmd.output()).doesNotContain("PCI device").doesNotContain("probe driver").contains("Bye");
        assertThat(testpmd.exitCode()).isZero();
    }
}

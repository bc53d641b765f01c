package io.vnfkit.examples.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.linux.Host;
import io.vnfkit.sysfs.CpuTopology;
import io.vnfkit.sysfs.HostTopology;
import io.vnfkit.testing.InsideVnf;
import io.vnfkit.testing.LaunchesVnfs;
import io.vnfkit.testing.Needs;
import io.vnfkit.unit.CpuSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** CPUs that the kernel's command line keeps free of other work. */
@Tag("root")
@LaunchesVnfs
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class IsolatedCpusIT {

    private final CpuTopology cpus = HostTopology.read(Host.thisHost()).cpus();

    private CpuSet fromCommandLine(String option) {
        String line = Host.thisHost().files().read("/proc/cmdline");
        Needs.thing(line.contains(" " + option + "="),
                "isolated CPUs", "boot with " + option + "=, as examples/lab does");
        return CpuSet.parse(line.replaceAll(".* " + option + "=(\\S+).*", "$1"));
    }

    @Test
    void theReaderKnowsWhatTheKernelWasToldAtBoot() {
        assertThat(cpus.isolated()).isEqualTo(fromCommandLine("isolcpus"));
        assertThat(cpus.nohzFull()).isEqualTo(fromCommandLine("nohz_full"));
    }

    @Test
    void aVnfRunsOnIsolatedCpusThoughTheJvmMayNot() {
        CpuSet isolated = fromCommandLine("isolcpus");

        InsideVnf.Seen seen = InsideVnf.run(InsideVnf.vnf().cgroup(cg -> cg.cpus(isolated)),
                "grep Cpus_allowed_list /proc/self/status");

        assertThat(seen.fields()).containsEntry("Cpus_allowed_list", isolated.toString());
    }
}

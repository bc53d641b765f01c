package io.vnfkit.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.launch.step.HostStep.CreateCgroup;
import io.vnfkit.launch.step.HostStep.WriteCgroupFile;
import io.vnfkit.linux.Errno;
import io.vnfkit.linux.KernelFileException;
import io.vnfkit.testing.RequiresCgroup;
import io.vnfkit.testing.RequiresRoot;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.NodeSet;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("root")
@RequiresRoot
class CgroupEnforcementIT {

    private RealGroups groups;

    @BeforeEach
    void open() {
        groups = RealGroups.onThisHost();
    }

    @AfterEach
    void close() {
        groups.close();
    }

    private Path cpusetDirectory(Cgroup group) {
        Placement.Hierarchy hierarchy = groups.layout().hierarchy("cpuset").orElseThrow();
        return group.directories().stream().filter(path -> path.startsWith(hierarchy.mountPoint())).findFirst()
                .orElseThrow();
    }

    @Test
    void processRunsOnGrantedCpusOnly() {
        groups.require("cpuset");
        groups.create("cpus", RealGroups.description().cpus(CpuSet.of(0)).memoryNodes(NodeSet.of(0)).build());

        assertThat(groups.run("grep", "Cpus_allowed_list", "/proc/self/status").output()).endsWith("\t0");
        RealGroups.Outcome forbidden = groups.run("taskset", "-c", "1", "true");
        assertThat(forbidden.exitCode()).isNotZero();
        assertThat(forbidden.output()).contains("Invalid argument");
    }

    @Test
    void cpusAloneInheritTheNodesOfTheParent() {
        groups.require("cpuset");
        groups.create("cpus", RealGroups.description().cpus(CpuSet.of(0)).build());

        assertThat(groups.run("true").exitCode()).isZero();
    }

    @Test
    void cpusChangeWhileTheProcessRuns() {
        groups.require("cpuset");
        Cgroup group = groups.create("cpus", RealGroups.description().cpus(CpuSet.of(0)).build());
        Process sleeper = groups.startAndAwait("ready", "sh", "-c", "echo ready; exec sleep 60");

        group.update(RealGroups.description().cpus(CpuSet.of(1)).memoryMigrate(true).build());

        assertThat(allowedCpus(sleeper.pid())).isEqualTo("1");
        group.update(RealGroups.description().build());
        assertThat(allowedCpus(sleeper.pid()))
                .isEqualTo(groups.host().files().read("/sys/devices/system/cpu/online"));
    }

    private String allowedCpus(long pid) {
        return groups.host().files().readLines("/proc/" + pid + "/status").stream()
                .filter(line -> line.startsWith("Cpus_allowed_list:"))
                .map(line -> line.split("\t")[1])
                .findFirst().orElseThrow();
    }

    @Test
    @RequiresCgroup(version = 1, controller = "cpuset")
    void exclusiveGroupNeedsAnExclusiveParent() {
        CgroupPlan plan = groups.plan("exclusive", RealGroups.description().cpus(CpuSet.of(0)).exclusive(true).build());

        assertThat(plan.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.where()).isEqualTo("cgroup.exclusive");
            assertThat(problem.what()).contains("is not exclusive itself");
        });
    }

    @Test
    void devicesOutsideTheListAreRefused() {
        groups.require("devices");
        groups.create("devices", RealGroups.description().build());

        assertThat(groups.run("head", "-c1", "/dev/zero").exitCode()).isZero();
        assertThat(groups.run("sh", "-c", "echo > /dev/null").exitCode()).isZero();
        RealGroups.Outcome forbidden = groups.run("head", "-c1", "/dev/kmsg");
        assertThat(forbidden.exitCode()).isNotZero();
        assertThat(forbidden.output()).contains("Operation not permitted");
    }

    @Test
    void refusedValueNamesFileValueErrnoAndCure() {
        groups.require("cpuset");
        Path file = cpusetDirectory(groups.create("raw", RealGroups.description().cpus(CpuSet.of(0)).build()))
                .resolve("cpuset.cpus");

        assertThatThrownBy(() -> CgroupSteps.on(groups.host()).apply(new WriteCgroupFile(file, "8000")))
                .isInstanceOfSatisfying(KernelFileException.class, failure -> {
                    assertThat(failure.path()).isEqualTo(file);
                    assertThat(failure.value()).contains("8000");
                    assertThat(failure.errno()).isIn(Errno.EINVAL, Errno.ERANGE, Errno.EACCES);
                    assertThat(failure.hint()).isNotEmpty();
                });
    }

    @Test
    void groupThatExistsIsNotTakenOver() {
        Cgroup group = groups.create("twice", RealGroups.description().build());

        assertThatThrownBy(() -> CgroupSteps.on(groups.host())
                .apply(new CreateCgroup("unified", group.directories().get(0))))
                .isInstanceOfSatisfying(KernelFileException.class, failure -> {
                    assertThat(failure.errno()).isEqualTo(Errno.EEXIST);
                    assertThat(failure.hint()).contains("a VNF of this name runs");
                });
    }

    @Test
    void planOfThisHostIsRepeatable() {
        CgroupDescription description = RealGroups.description().build();

        assertThat(groups.plan("same", description)).isEqualTo(groups.plan("same", description));
        assertThat(groups.plan("same", description).problems()).isEmpty();
    }
}

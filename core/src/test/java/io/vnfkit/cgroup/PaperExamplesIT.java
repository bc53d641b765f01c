package io.vnfkit.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.launch.step.HostStep;
import io.vnfkit.launch.step.HostStep.CgroupStep;
import io.vnfkit.launch.step.HostStep.CreateCgroup;
import io.vnfkit.linux.Host;
import io.vnfkit.testing.Needs;
import io.vnfkit.testing.RequiresRoot;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.DeviceRule;
import io.vnfkit.unit.NodeSet;
import io.vnfkit.unit.PageSize;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The examples of the white paper's sections 2.2 and 5.3.3 on this machine's kernel, with the CPUs and nodes that it
 * has. Their plans as the paper writes them are in {@link PaperExamplesTest}.
 */
@Tag("root")
@RequiresRoot
class PaperExamplesIT {

    private final Host host = Host.thisHost();
    private final CgroupLayout layout = CgroupLayout.read(host.files());
    private final List<CgroupStep> taken = new ArrayList<>();
    private CgroupPlan plan;

    private void create(String name, CgroupDescription description) {
        plan = CgroupPlanner.on(host, layout).plan(name, description);
        assertThat(plan.problems()).isEmpty();
        for (HostStep step : plan.steps()) {
            CgroupSteps.on(host).apply((CgroupStep) step);
            taken.add((CgroupStep) step);
        }
    }

    @AfterEach
    void remove() {
        Collections.reverse(taken);
        taken.forEach(CgroupSteps.on(host)::undo);
    }

    private static CgroupDescription.Builder group(String parent) {
        return CgroupDescription.builder().parent(Path.of(parent)).allowAllDevices();
    }

    private void require(String controller) {
        RealGroups.requireController(layout, controller);
    }

    private String read(String controller, String file) {
        Path mountPoint = layout.hierarchy(controller).orElseThrow().mountPoint();
        Path directory = plan.directories().stream().filter(path -> path.startsWith(mountPoint)).findFirst()
                .orElseThrow();
        return host.files().read(directory.resolve(file).toString());
    }

    private HugetlbStatistics statistics(PageSize size) {
        return Cgroup.open(host, layout, plan.directories()).statistics().hugetlb().get(size);
    }

    @Test
    void fourHugepagesOfOneGibibyteForTheGroupTest() {
        require("hugetlb");
        Needs.thing(host.files().isDirectory("/sys/kernel/mm/hugepages/hugepages-1048576kB"),
                "hugepages of 1GiB", "a processor with pdpe1gb");

        create(RealGroups.PARENT + "-test", group("").hugetlb(PageSize.GIB_1, HugetlbLimit.onFault(Bytes.gibibytes(4)))
                .build());

        HugetlbStatistics statistics = statistics(PageSize.GIB_1);
        assertThat(statistics.fault().limit()).contains(Bytes.gibibytes(4));
        assertThat(statistics.reservation().limit()).isEqualTo(Optional.empty());
    }

    @Test
    void oneDeviceNodeAllowedAfterAllWereDenied() {
        require("devices");

        create(RealGroups.PARENT + "-test", group("")
                .denyDevice(DeviceRule.parse("a *:* rwm"))
                .allowDevice(DeviceRule.parse("c 242:2 rwm"))
                .build());

        if (layout.placement("devices") instanceof Placement.V1) {
            assertThat(read("devices", "devices.list")).isEqualTo("c 242:2 rwm");
        } else {
            assertThat(plan.toString()).contains("deny a *:* rwm, allow c 242:2 rwm");
        }
    }

    @Test
    void allCpusForTheGroupContainer1() {
        require("cpuset");
        CpuSet online = CpuSet.parse(host.files().read("/sys/devices/system/cpu/online"));

        create(RealGroups.PARENT + "-container1", group("").cpus(online).build());

        assertThat(read("cpuset", "cpuset.cpus")).isEqualTo(online.toString());
    }

    @Test
    void hugepageLimitAndNodeForAGroupBelowASlice() {
        require("hugetlb");
        require("cpuset");
        NodeSet nodes = NodeSet.parse(host.files().readIfExists("/sys/devices/system/node/has_memory").orElse("0"));

        create("container1", group(RealGroups.PARENT + ".slice")
                .hugetlb(PageSize.MIB_2, Bytes.mebibytes(8))
                .memoryNodes(nodes)
                .memoryMigrate(true)
                .build());

        assertThat(read("cpuset", "cpuset.mems")).isEqualTo(nodes.toString());
        assertThat(statistics(PageSize.MIB_2).fault().limit()).contains(Bytes.mebibytes(8));
        assertThat(plan.steps()).filteredOn(CreateCgroup.class::isInstance).hasSameSizeAs(plan.directories());
        removeSlice();
    }

    private void removeSlice() {
        remove();
        taken.clear();
        CgroupRemoval removal = new CgroupRemoval(host);
        plan.directories().forEach(directory -> removal.remove(directory.getParent(), CgroupSteps.REMOVAL_LIMIT));
    }
}

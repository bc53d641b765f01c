package io.vnfkit.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.launch.step.HostStep;
import io.vnfkit.launch.step.HostStep.CgroupStep;
import io.vnfkit.linux.Host;
import io.vnfkit.testing.RequiresRoot;
import io.vnfkit.unit.CpuSet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Launches from many threads share the parent groups, which do not exist at first. */
@Tag("root")
@RequiresRoot
class ParallelGroupsIT {

    private static final int VNFS = 100;
    private static final int THREADS = 16;

    private final RealGroups groups = RealGroups.onThisHost();

    @AfterEach
    void close() {
        groups.close();
    }

    private CgroupDescription description() {
        CgroupDescription.Builder builder = RealGroups.description();
        return groups.layout().hierarchy("cpuset").isPresent() ? builder.cpus(CpuSet.of(0)).build() : builder.build();
    }

    private List<Path> makeAndRemove(int number) {
        Host host = groups.host();
        CgroupPlan plan = groups.plan("vnf-" + number, description());
        for (HostStep step : plan.steps()) {
            CgroupSteps.on(host).apply((CgroupStep) step);
        }
        Cgroup group = Cgroup.open(host, groups.layout(), plan.directories());
        group.freeze();
        group.thaw();
        group.remove();
        return plan.directories();
    }

    @Test
    void allGroupsAreMadeAndNothingIsLeft() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        List<Future<List<Path>>> results = new ArrayList<>();
        for (int i = 0; i < VNFS; i++) {
            int number = i;
            results.add(threads.submit(() -> makeAndRemove(number)));
        }
        List<Path> directories = new ArrayList<>();
        for (Future<List<Path>> result : results) {
            directories.addAll(result.get());
        }
        threads.shutdown();

        assertThat(directories).hasSizeGreaterThanOrEqualTo(VNFS).noneMatch(Files::exists);
    }
}

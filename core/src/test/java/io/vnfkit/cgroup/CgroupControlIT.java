package io.vnfkit.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.testing.RequiresCgroup;
import io.vnfkit.testing.RequiresRoot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("root")
@RequiresRoot
class CgroupControlIT {

    private static final String[] COUNTING = {"sh", "-c", "echo ready; while :; do :; done"};
    private static final String[] FAMILY = {"sh", "-c", "sleep 100 & sleep 100 & echo ready; wait"};

    private RealGroups groups;
    private Cgroup group;

    @BeforeEach
    void open() {
        groups = RealGroups.onThisHost();
        group = groups.create("control", RealGroups.description().build());
    }

    @AfterEach
    void close() {
        groups.close();
    }

    private static Duration cpuTime(Process process) {
        return process.info().totalCpuDuration().orElseThrow();
    }

    @Test
    void frozenProcessUsesNoCpuTimeUntilItIsThawed() {
        Process counter = groups.startAndAwait("ready", COUNTING);

        group.freeze();

        assertThat(group.statistics().frozen()).isTrue();
        Duration frozen = cpuTime(counter);
        Polling.until(() -> false, Duration.ofMillis(50));
        assertThat(cpuTime(counter)).isEqualTo(frozen);
        group.thaw();
        assertThat(group.statistics().frozen()).isFalse();
        assertThat(Polling.until(() -> cpuTime(counter).compareTo(frozen) > 0, Duration.ofSeconds(5))).isTrue();
    }

    @Test
    @RequiresCgroup(version = 2)
    void cpuTimeIsCountedWithoutAController() {
        groups.startAndAwait("ready", COUNTING);

        assertThat(Polling.until(() -> !group.statistics().cpu().orElseThrow().user().isZero(), Duration.ofSeconds(5)))
                .isTrue();
    }

    @Test
    void freezingTwiceAndAnEmptyGroupIsFine() {
        group.freeze();
        group.freeze();

        assertThat(group.statistics().frozen()).isTrue();
        group.thaw();
        group.thaw();
        assertThat(group.statistics().frozen()).isFalse();
    }

    @Test
    void allProcessesAreListedAndKilled() throws Exception {
        Process shell = groups.startAndAwait("ready", FAMILY);
        assertThat(group.processes()).hasSize(3).contains((int) shell.pid());

        group.kill();

        assertThat(shell.waitFor(5, TimeUnit.SECONDS)).isTrue();
        assertThat(shell.exitValue()).isEqualTo(128 + 9);
        assertThat(group.awaitEmpty(Duration.ofSeconds(5))).isTrue();
        assertThat(group.processes()).isEmpty();
    }

    @Test
    void frozenProcessesAreKilledToo() throws Exception {
        Process shell = groups.startAndAwait("ready", FAMILY);
        group.freeze();

        group.kill();

        assertThat(shell.waitFor(5, TimeUnit.SECONDS)).isTrue();
        assertThat(group.awaitEmpty(Duration.ofSeconds(5))).isTrue();
    }

    @Test
    void removalTakesGroupsBelowAlongAndCanBeRepeated() throws Exception {
        Path below = Files.createDirectories(group.directories().get(0).resolve("below/further"));

        group.remove();
        group.remove();

        assertThat(below).doesNotExist();
        assertThat(group.directories()).noneMatch(Files::exists);
        assertThat(group.processes()).isEmpty();
        group.kill();
    }

    @Test
    void removalWaitsForProcessesThatEnd() {
        groups.startAndAwait("ready", "sh", "-c", "echo ready; exec sleep 0.3");

        group.remove();

        assertThat(group.directories()).noneMatch(Files::exists);
    }

    @Test
    void removalNamesTheProcessesThatStay() {
        Process sleeper = groups.startAndAwait("ready", "sh", "-c", "echo ready; exec sleep 100");

        assertThatThrownBy(() -> new CgroupRemoval(groups.host())
                .remove(group.directories().get(0), Duration.ofMillis(50)))
                .isInstanceOf(CgroupTimeoutException.class)
                .hasMessageContaining(Long.toString(sleeper.pid()))
                .hasMessageContaining("kill them");
    }

    @Test
    void anotherHandleOnTheSameDirectoriesHasFullControl() {
        Process shell = groups.startAndAwait("ready", FAMILY);

        Cgroup found = Cgroup.open(groups.host(), CgroupLayout.read(groups.host().files()), group.directories());

        assertThat(found.processes()).contains((int) shell.pid());
        found.kill();
        assertThat(found.awaitEmpty(Duration.ofSeconds(5))).isTrue();
    }

    @Test
    void rootOfAHierarchyIsNeverOpened() {
        List<Path> root = List.of(groups.layout().hierarchyOf(group.directories().get(0)).orElseThrow().mountPoint());

        assertThatThrownBy(() -> Cgroup.open(groups.host(), groups.layout(), root))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not the groups of one VNF");
    }
}

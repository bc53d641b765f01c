package io.vnfkit.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.testing.RequiresCgroup;
import io.vnfkit.testing.RequiresRoot;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Hosts without a version 2 hierarchy: the freezer controller of version 1 does the work. */
@Tag("root")
@RequiresRoot
@RequiresCgroup(version = 1, controller = "freezer")
class FreezerVersion1IT {

    private static final String[] FAMILY = {"sh", "-c", "sleep 100 & sleep 100 & echo ready; wait"};

    private RealGroups groups;
    private Cgroup group;

    @BeforeEach
    void open() {
        groups = RealGroups.onThisHost().withoutVersion2();
        group = groups.create("freezer", RealGroups.description().allowAllDevices().build());
    }

    @AfterEach
    void close() {
        groups.close();
    }

    @Test
    void onlyTheFreezerIsJoined() {
        assertThat(group.directories()).containsExactly(
                groups.layout().hierarchy("freezer").orElseThrow().mountPoint().resolve(RealGroups.PARENT)
                        .resolve("freezer"));
    }

    @Test
    void processesAreFrozenAndThawed() {
        groups.startAndAwait("ready", FAMILY);

        group.freeze();

        assertThat(group.statistics().frozen()).isTrue();
        assertThat(group.statistics().populated()).isTrue();
        group.thaw();
        assertThat(group.statistics().frozen()).isFalse();
    }

    @Test
    void allProcessesAreKilledOneByOne() throws Exception {
        Process shell = groups.startAndAwait("ready", FAMILY);

        group.kill();

        assertThat(shell.waitFor(5, TimeUnit.SECONDS)).isTrue();
        assertThat(group.awaitEmpty(Duration.ofSeconds(5))).isTrue();
    }

    @Test
    void frozenProcessesAreKilledToo() throws Exception {
        Process shell = groups.startAndAwait("ready", FAMILY);
        group.freeze();

        group.kill();

        assertThat(shell.waitFor(5, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void forkingFamilyIsKilledToTheLast() throws Exception {
        Process shell = groups.startAndAwait("ready", "sh", "-c", "echo ready; while :; do sleep 0.01 & done");

        group.kill();

        assertThat(shell.waitFor(5, TimeUnit.SECONDS)).isTrue();
        assertThat(group.awaitEmpty(Duration.ofSeconds(5))).isTrue();
    }
}

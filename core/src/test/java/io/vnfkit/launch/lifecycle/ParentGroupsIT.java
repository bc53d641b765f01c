package io.vnfkit.launch.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.LaunchException;
import io.vnfkit.RunningVnf;
import io.vnfkit.Vnf;
import io.vnfkit.cgroup.Placement;
import io.vnfkit.testing.RequiresRoot;
import io.vnfkit.unit.CpuSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The control groups that VNFs share come with the first of them and go with the last, whoever launches and closes. */
@Tag("root")
@RequiresRoot
@Timeout(180)
class ParentGroupsIT {

    @RegisterExtension
    private final OwnVnfs vnfs = new OwnVnfs();

    /** Its groups have the name of the parent in theirs, so nothing with this name may be left. */
    private final String name = vnfs.name();
    private final Path parent = Path.of(name + "-top", "cell");

    @AfterEach
    void removeWhatATestMade() throws IOException {
        for (Placement.Hierarchy hierarchy : Traces.hierarchies()) {
            Files.deleteIfExists(hierarchy.mountPoint().resolve(parent.getParent()));
        }
    }

    private Vnf.Builder idle() {
        return vnfs.shell("read line").cgroup(cgroup -> cgroup.parent(parent).cpus(CpuSet.parse("0")));
    }

    @Test
    void theyAreThereWhileAVnfRunsAndGoneAfterTheLast() {
        RunningVnf first = vnfs.launch(idle());
        RunningVnf second = vnfs.launch(idle());
        int groups = Traces.controlGroups(parent.getParent().toString()).size();

        first.close();
        assertThat(Traces.controlGroups(parent.getParent().toString())).hasSize(groups).isNotEmpty();
        second.close();

        assertThat(Traces.of(name)).isEmpty();
    }

    @Test
    void theyAreGoneAfterALaunchThatFailed() {
        assertThatThrownBy(() -> vnfs.launch(OwnVnfs.failing(idle()))).isInstanceOf(LaunchException.class);

        assertThat(Traces.of(name)).isEmpty();
    }

    @Test
    void oneThatSomebodyElseMadeStays() throws IOException {
        for (Placement.Hierarchy hierarchy : Traces.hierarchies()) {
            Files.createDirectory(hierarchy.mountPoint().resolve(parent.getParent()));
        }
        vnfs.launch(idle()).close();

        assertThat(Traces.hierarchies()).allSatisfy(hierarchy -> {
            assertThat(hierarchy.mountPoint().resolve(parent.getParent())).isDirectory();
            assertThat(hierarchy.mountPoint().resolve(parent)).doesNotExist();
        });
    }

    @Test
    void launchesOfTwoJvmsDoNotTakeThemFromEachOther() {
        try (ChildJvm one = ChildJvm.start(RestlessJvm.class, name + "a", parent.toString(), "4", "25");
                ChildJvm other = ChildJvm.start(RestlessJvm.class, name + "b", parent.toString(), "4", "25")) {
            assertThat(one.line()).isEqualTo("done 100");
            assertThat(other.line()).isEqualTo("done 100");
        }
        assertThat(Traces.of(name)).isEmpty();
    }

    @Test
    void theyAreGoneAfterACrashOnceTheNextJvmHasCleanedUp() {
        try (ChildJvm jvm = ChildJvm.start(RestlessJvm.class, name + "a", parent.toString(), "4", "100000")) {
            assertThat(Traces.awaitControlGroups(name + "a")).isNotEmpty();
            jvm.kill();
        }
        vnfs.launcher().cleanUp();

        assertThat(Traces.of(name)).isEmpty();
    }
}

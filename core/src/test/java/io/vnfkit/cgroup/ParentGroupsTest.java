package io.vnfkit.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.launch.step.HostStep.CgroupStep;
import io.vnfkit.launch.step.HostStep.CreateCgroup;
import io.vnfkit.launch.step.HostStep.EnsureParentCgroup;
import io.vnfkit.linux.Errno;
import io.vnfkit.linux.KernelFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What several VNFs share is made and removed while others come and go. */
class ParentGroupsTest {

    private static final String TOP = "/sys/fs/cgroup";
    private static final Path PARENT = Path.of(TOP, "nfv");
    private static final Path CELL = PARENT.resolve("cell");

    @TempDir
    Path root;

    private FakeGroups host;

    @BeforeEach
    void build() {
        host = FakeGroups.below(root).file(TOP + "/cgroup.procs", "1");
    }

    private static EnsureParentCgroup ensure(Path directory) {
        return new EnsureParentCgroup("unified", directory);
    }

    private static CreateCgroup create(Path directory) {
        return new CreateCgroup("unified", directory);
    }

    private void apply(CgroupStep... steps) {
        for (CgroupStep step : steps) {
            CgroupSteps.on(host.host()).apply(step);
        }
    }

    private void undo(CgroupStep... steps) {
        for (CgroupStep step : steps) {
            CgroupSteps.on(host.host()).undo(step);
        }
    }

    private void removeAbove(Path group) {
        ParentGroups.on(host.host()).removeAbove(group);
    }

    private boolean exists(Path directory) {
        return host.exists(directory.toString());
    }

    /** Another JVM closes its last VNF at this moment. */
    private void vanish(Path directory) {
        host.kernel().rmdir(host.host().files().resolve(directory));
    }

    @Test
    void parentIsMadeOnceAndRemovedWhenItIsUndone() {
        apply(ensure(PARENT), ensure(PARENT));
        assertThat(host.kernel().calls("mkdir")).singleElement().asString().endsWith("/nfv\", 01755)");

        undo(ensure(PARENT));

        assertThat(exists(PARENT)).isFalse();
        undo(ensure(PARENT));
    }

    @Test
    void parentThatAnotherLaunchMadeMeanwhileIsFine() {
        host.kernel().failOn("mkdir", Errno.EEXIST);

        apply(ensure(PARENT));

        assertThat(host.kernel().calls("mkdir")).hasSize(1);
    }

    @Test
    void parentsGoWithTheLastGroupBelowThem() {
        apply(ensure(PARENT), ensure(CELL), create(CELL.resolve("a")), create(CELL.resolve("b")));

        undo(create(CELL.resolve("a")));
        removeAbove(CELL.resolve("a"));
        assertThat(exists(CELL.resolve("b"))).isTrue();

        undo(create(CELL.resolve("b")));
        removeAbove(CELL.resolve("b"));
        assertThat(exists(PARENT)).isFalse();
    }

    @Test
    void groupOfSomebodyElseStays() {
        host.directory(PARENT.toString());
        apply(ensure(PARENT), ensure(CELL), create(CELL.resolve("a")));

        undo(create(CELL.resolve("a")), ensure(CELL), ensure(PARENT));

        assertThat(exists(CELL)).isFalse();
        assertThat(exists(PARENT)).isTrue();
        removeAbove(PARENT.resolve("a"));
        assertThat(exists(PARENT)).isTrue();
    }

    @Test
    void groupWithProcessesStays() {
        apply(ensure(PARENT));
        host.kernel().failOn("rmdir", Errno.EBUSY);

        removeAbove(PARENT.resolve("a"));

        assertThat(host.kernel().calls("rmdir")).hasSize(1);
        assertThat(exists(PARENT)).isTrue();
    }

    @Test
    void parentsAboveOneThatIsGoneAreLookedAtToo() {
        apply(ensure(PARENT), ensure(CELL));
        vanish(CELL);

        removeAbove(CELL.resolve("a"));

        assertThat(exists(PARENT)).isFalse();
    }

    @Test
    void parentThatAnotherCloseRemovedFirstIsFine() {
        apply(ensure(PARENT));
        host.kernel().failOnceOn("rmdir", Errno.ENOENT);

        removeAbove(PARENT.resolve("a"));

        assertThat(host.kernel().calls("rmdir")).hasSize(1);
    }

    @Test
    void otherRefusalsAreErrors() {
        apply(ensure(PARENT));
        host.kernel().failOn("rmdir", Errno.EROFS);

        assertThatThrownBy(() -> removeAbove(PARENT.resolve("a")))
                .isInstanceOfSatisfying(KernelFileException.class,
                        failure -> assertThat(failure.errno()).isEqualTo(Errno.EROFS));
    }

    @Test
    void parentThatWentBeforeTheGroupWasMadeIsMadeAgain() {
        apply(ensure(PARENT));
        vanish(PARENT);

        apply(create(PARENT.resolve("a")));

        assertThat(exists(PARENT.resolve("a"))).isTrue();
        undo(create(PARENT.resolve("a")), ensure(PARENT));
        assertThat(exists(PARENT)).isFalse();
    }

    @Test
    void allParentsThatWentAreMadeAgain() {
        apply(ensure(PARENT), ensure(CELL));
        vanish(CELL);
        vanish(PARENT);

        apply(create(CELL.resolve("a")));

        assertThat(exists(CELL.resolve("a"))).isTrue();
    }

    @Test
    void parentThatWentBeforeTheOneBelowItIsMadeAgain() {
        apply(ensure(PARENT));
        vanish(PARENT);

        apply(ensure(CELL));

        assertThat(exists(CELL)).isTrue();
    }

    @Test
    void parentThatIsJustGoingIsTriedAgain() {
        apply(ensure(PARENT));
        host.kernel().failOnceOn("mkdir", Errno.ENODEV).failOnceOn("mkdir", Errno.ENODEV);

        apply(create(PARENT.resolve("a")));

        assertThat(exists(PARENT.resolve("a"))).isTrue();
    }

    @Test
    void parentThatKeepsVanishingIsAnError() {
        apply(ensure(PARENT));
        host.kernel().failOn("mkdir", Errno.ENOENT);

        assertThatThrownBy(() -> apply(create(PARENT.resolve("a"))))
                .isInstanceOf(KernelFileException.class)
                .hasMessageContaining("the parent group was removed meanwhile");
    }

    @Test
    void hierarchyThatIsNotMountedAnyMoreGetsNoDirectories() {
        host.directory("/mnt");

        assertThatThrownBy(() -> apply(create(Path.of("/mnt/cpuset/nfv/a"))))
                .isInstanceOfSatisfying(KernelFileException.class,
                        failure -> assertThat(failure.errno()).isEqualTo(Errno.ENOENT));
        assertThat(host.exists("/mnt/cpuset")).isFalse();
    }
}

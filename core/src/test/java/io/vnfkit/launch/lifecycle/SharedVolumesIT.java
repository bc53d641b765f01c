package io.vnfkit.launch.lifecycle;

import static io.vnfkit.launch.lifecycle.OwnVnfs.allOutput;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vnfkit.LaunchException;
import io.vnfkit.OnJvmExit;
import io.vnfkit.RunningVnf;
import io.vnfkit.Vnf;
import io.vnfkit.linux.Errno;
import io.vnfkit.linux.Host;
import io.vnfkit.mount.Mountinfo;
import io.vnfkit.testing.RequiresRoot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Volumes that VNFs share: mounted by the first, unmounted after the last. */
@Tag("root")
@RequiresRoot
@Timeout(120)
class SharedVolumesIT {

    @RegisterExtension
    private final OwnVnfs vnfs = new OwnVnfs();

    @ParameterizedTest
    @ValueSource(strings = {"tmpfs", "hugetlbfs"})
    void twoVnfsSeeOneVolumeUntilTheLastIsClosed(String type) {
        String options = type.equals("tmpfs") ? "size=1048576" : "pagesize=2M";
        SharedDirectory volume = new SharedDirectory(vnfs.name(), type, options, "/run/shared");
        RunningVnf first = vnfs.launch(vnfs.shell("echo > /run/shared/file; echo done; sleep 300").with(volume));
        assertThat(OwnVnfs.firstLine(first)).isEqualTo("done");
        try (RunningVnf second = vnfs.launch(vnfs.shell("ls /run/shared; stat -f -c %T /run/shared").with(volume))) {
            assertThat(allOutput(second)).isEqualTo("file\n" + type + "\n");
        }
        assertThat(mounted(volume)).isTrue();
        first.close();
        assertThat(mounted(volume)).isFalse();
        assertThat(volume.onHost()).doesNotExist();
    }

    @Test
    void aLaunchThatFailsLaterLeavesTheVolumeToTheOthers() {
        SharedDirectory volume = SharedDirectory.tmpfs(vnfs.name());
        Vnf failing = OwnVnfs.failing(vnfs.shell("true").with(volume)).build();
        assertThatThrownBy(() -> vnfs.launch(failing)).isInstanceOf(LaunchException.class);
        assertThat(mounted(volume)).as("it was the only one").isFalse();
        try (RunningVnf vnf = vnfs.launch(vnfs.shell("sleep 300").with(volume))) {
            assertThatThrownBy(() -> vnfs.launch(failing)).isInstanceOf(LaunchException.class);
            assertThat(mounted(volume)).as("%s uses it", vnf).isTrue();
        }
        assertThat(mounted(volume)).isFalse();
    }

    @Test
    void optionsThatTheKernelRefusesFailTheLaunchAndLeaveNoDirectory() {
        SharedDirectory volume = new SharedDirectory(vnfs.name(), "tmpfs", "nonsense=1", "/run/shared");
        LaunchException failure = catchThrowableOfType(LaunchException.class,
                () -> vnfs.launch(vnfs.shell("true").with(volume)));
        assertThat(failure.errno()).hasValue(Errno.EINVAL);
        assertThat(failure).hasMessageContaining("mount shared tmpfs at " + volume.onHost());
        assertThat(volume.onHost()).doesNotExist();
    }

    @Test
    void aVolumeOfAnotherTypeIsRefused() {
        String name = vnfs.name();
        try (RunningVnf vnf = vnfs.launch(vnfs.shell("sleep 300").with(SharedDirectory.tmpfs(name)))) {
            SharedDirectory other = new SharedDirectory(name, "hugetlbfs", "pagesize=2M", "/run/shared");
            assertThatThrownBy(() -> vnfs.launch(vnfs.shell("true").with(other))).isInstanceOf(LaunchException.class)
                    .hasMessageContaining("is a tmpfs already, not a hugetlbfs");
            assertThat(vnf.exitCode()).isEmpty();
        }
    }

    @Test
    void aMountThatVnfkitDidNotMakeIsNeitherUsedNorUnmounted() throws Exception {
        SharedDirectory volume = SharedDirectory.tmpfs(vnfs.name());
        // Keeps the directories above.
        try (RunningVnf keeper = vnfs.launch(vnfs.shell("sleep 300"))) {
            Files.createDirectories(volume.onHost());
            run("mount", "-t", "tmpfs", "foreign", volume.onHost().toString());
            try {
                assertThatThrownBy(() -> vnfs.launch(vnfs.shell("true").with(volume))).isInstanceOf(LaunchException.class)
                        .hasMessageContaining("that vnfkit did not mount");
                assertThat(mounted(volume)).as("%s runs", keeper).isTrue();
            } finally {
                run("umount", volume.onHost().toString());
                Files.delete(volume.onHost());
                Files.deleteIfExists(volume.onHost().getParent());
            }
        }
    }

    @Test
    void aVolumeOfAKilledJvmIsUnmountedByTheCleanUp() {
        SharedDirectory volume = SharedDirectory.tmpfs(vnfs.name());
        String name = vnfs.name();
        try (RunningVnf other = vnfs.launch(vnfs.shell("sleep 300").with(volume));
                ChildJvm jvm = ChildJvm.start(LaunchingJvm.class, name, OnJvmExit.KILL.name(), "true", "sleep 300", volume.name())) {
            assertThat(jvm.line()).startsWith("launched");
            jvm.kill();
            vnfs.launcher().cleanUp();
            assertThat(Traces.of(name)).isEmpty();
            assertThat(mounted(volume)).as("%s uses it", other).isTrue();
            other.close();
            assertThat(mounted(volume)).isFalse();
        }
        try (ChildJvm jvm = ChildJvm.start(LaunchingJvm.class, name, OnJvmExit.KILL.name(), "true", "sleep 300", volume.name())) {
            assertThat(jvm.line()).startsWith("launched");
            assertThat(mounted(volume)).isTrue();
            jvm.kill();
            vnfs.launcher().cleanUp();
            assertThat(mounted(volume)).isFalse();
            assertThat(volume.onHost()).doesNotExist();
        }
    }

    @Test
    void launchesAndClosesAtOnceNeverPullTheVolumeAway() throws Exception {
        SharedDirectory volume = SharedDirectory.tmpfs(vnfs.name());
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> rounds = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                rounds.add(threads.submit(() -> {
                    for (int round = 0; round < 8; round++) {
                        try (RunningVnf vnf = vnfs.launcher().launch(
                                vnfs.shell("stat -f -c %T /run/shared").with(volume).build())) {
                            assertThat(allOutput(vnf)).isEqualTo("tmpfs\n");
                        }
                    }
                }));
            }
            for (Future<?> round : rounds) {
                round.get(90, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(mounted(volume)).isFalse();
    }

    private static boolean mounted(SharedDirectory volume) {
        return Mountinfo.read(Host.thisHost().files()).at(volume.onHost()).isPresent();
    }

    private static void run(String... command) throws Exception {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }
}

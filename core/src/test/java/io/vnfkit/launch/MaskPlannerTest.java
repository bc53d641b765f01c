package io.vnfkit.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.launch.step.FileTreeStep;
import io.vnfkit.mount.Mask;
import io.vnfkit.mount.Mask.Directory;
import io.vnfkit.mount.Mask.File;
import io.vnfkit.mount.Mask.Link;
import io.vnfkit.mount.Mask.Named;
import io.vnfkit.mount.Mask.Original;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class MaskPlannerTest {

    private static List<String> plan(Mask... masks) {
        return MaskPlanner.plan(List.of(masks)).stream().map(FileTreeStep::describe).toList();
    }

    @Test
    void withoutMasksNothingIsMounted() {
        assertThat(plan()).isEmpty();
    }

    @Test
    void aTreeIsLaidMadeReadOnlyAndBoundOverItsPlace() {
        assertThat(plan(Mask.over("/sys/devices/system/cpu", new Directory(List.of(
                new Named("online", File.of("1\n")),
                new Named("cpu1", new Directory(List.of(new Named("node", new Link("../node0"))))),
                new Named("vulnerabilities", new Original(Path.of("/sys/devices/system/cpu/vulnerabilities"))))))))
                .containsExactly(
                        "mount tmpfs at /dev/shm (mode=0755) [NOSUID, NODEV, NOEXEC]",
                        "make directory /dev/shm/0 0755",
                        "write file /dev/shm/0/online \"1\"",
                        "make directory /dev/shm/0/cpu1 0755",
                        "link /dev/shm/0/cpu1/node to ../node0",
                        "make directory /dev/shm/0/vulnerabilities 0755",
                        "bind /sys/devices/system/cpu/vulnerabilities over /dev/shm/0/vulnerabilities",
                        "make /dev/shm [READ_ONLY, NOSUID, NODEV, NOEXEC]",
                        "bind /dev/shm/0 over /sys/devices/system/cpu",
                        "detach /dev/shm");
    }

    @Test
    void equalContentIsLaidOnceAndBoundOften() {
        assertThat(plan(Mask.over("/a", Directory.EMPTY), Mask.over("/b", File.of("")),
                Mask.over("/c", Directory.EMPTY),
                Mask.over("/d", File.of(""))))
                .filteredOn(step -> !step.startsWith("mount") && !step.startsWith("make /dev"))
                .containsExactly("make directory /dev/shm/0 0755", "write file /dev/shm/1 \"\"",
                        "bind /dev/shm/0 over /a",
                        "bind /dev/shm/1 over /b", "bind /dev/shm/0 over /c", "bind /dev/shm/1 over /d",
                        "detach /dev/shm");
    }

    @Test
    void originalsAreTakenBeforeTheyAreCovered() {
        List<String> steps = plan(Mask.over("/sys/bus",
                new Directory(List.of(new Named("pci", new Original(Path.of("/sys/bus/pci")))))),
                Mask.over("/sys/bus/pci/devices", Directory.EMPTY));

        assertThat(steps.indexOf("bind /sys/bus/pci over /dev/shm/0/pci"))
                .isLessThan(steps.indexOf("bind /dev/shm/0 over /sys/bus"));
    }
}

package io.vnfkit.mount;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.Contributions;
import io.vnfkit.PlanContext;
import io.vnfkit.RunningVnf;
import io.vnfkit.Vnf;
import io.vnfkit.VnfFeature;
import io.vnfkit.linux.KernelFiles;
import io.vnfkit.mount.Mask.Directory;
import io.vnfkit.mount.Mask.File;
import io.vnfkit.mount.Mask.Link;
import io.vnfkit.mount.Mask.Named;
import io.vnfkit.mount.Mask.Original;
import io.vnfkit.testing.InsideVnf;
import io.vnfkit.testing.InsideVnf.Seen;
import io.vnfkit.testing.LaunchesVnfs;
import io.vnfkit.unit.CpuSet;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Masks over files and directories of sysfs and procfs, seen from inside. */
@LaunchesVnfs
class MaskIT {

    private static final KernelFiles FILES = KernelFiles.host();

    private static VnfFeature masks(Mask... masks) {
        return (PlanContext context, Contributions contributions) -> List.of(masks).forEach(contributions::mask);
    }

    private static Vnf.Builder masked(Mask... masks) {
        return InsideVnf.vnf().with(masks(masks));
    }

    private static final Mask CPUS = Mask.over("/sys/devices/system/cpu", new Directory(List.of(
            new Named("online", File.of("1\n")),
            new Named("cpu0", Directory.EMPTY),
            new Named("cpu1", new Original(Path.of("/sys/devices/system/cpu/cpu1"))),
            new Named("vulnerabilities", new Original(Path.of("/sys/devices/system/cpu/vulnerabilities"))),
            new Named("alias", new Link("cpu1")))));

    @Test
    void aDirectoryShowsWhatTheMaskHoldsAndNothingElse() {
        Seen seen = InsideVnf.run(masked(CPUS), "cd /sys/devices/system/cpu; echo *", "cat online", "ls -A cpu0",
                "cat cpu1/topology/core_id",
                "cat alias/topology/core_id", "readlink alias");

        String core = FILES.read("/sys/devices/system/cpu/cpu1/topology/core_id");
        assertThat(seen.lines()).containsExactly("alias cpu0 cpu1 online vulnerabilities", "1", core, core, "cpu1");
    }

    @Test
    void aFileShowsItsText() {
        Seen seen = InsideVnf.run(masked(Mask.over("/sys/kernel/mm/hugepages", new Directory(List.of(
                new Named("hugepages-2048kB", new Directory(List.of(new Named("nr_hugepages", File.of("7\n"))))))))),
                "cat /sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages",
                "ls /sys/kernel/mm/hugepages/hugepages-2048kB");

        assertThat(seen.lines()).containsExactly("7", "nr_hugepages");
    }

    @Test
    void procFilesAreFilledInAtTheLaunch() {
        Seen seen = InsideVnf.run(masked(
                Mask.over("/proc/cpuinfo", new File(new FileContent.Cpuinfo(CpuSet.parse("1")))),
                Mask.over("/proc/meminfo", new File(
                new FileContent.Meminfo("/proc/meminfo", Map.of("HugePages_Total", "5")))),
                Mask.over("/proc/uptime", new File(new FileContent.CopyOf("/proc/version")))),
                "grep ^processor /proc/cpuinfo", "grep ^HugePages_Total /proc/meminfo",
                "grep -c ^MemTotal /proc/meminfo", "cat /proc/uptime");

        assertThat(seen.lines()).startsWith("processor\t: 1", "HugePages_Total:       5", "1")
                .endsWith(FILES.read("/proc/version"));
    }

    @Test
    void nothingInAMaskCanBeChanged() {
        Seen seen = InsideVnf.run(masked(CPUS, Mask.over("/proc/cpuinfo", File.of("none\n"))),
                "echo 0-1 > /sys/devices/system/cpu/online",
                "touch /sys/devices/system/cpu/new", "rm /sys/devices/system/cpu/alias", "chmod 777 /proc/cpuinfo",
                "mkdir /sys/devices/system/cpu/cpu0/x", "echo 0 > /sys/devices/system/cpu/cpu1/online");

        assertThat(seen.lines()).hasSize(6).allMatch(line -> line.endsWith("Read-only file system"));
    }

    @Test
    void allMasksShareOneTmpfsThatIsItselfOutOfSight() {
        try (RunningVnf vnf = InsideVnf.hold(masked(CPUS, Mask.over("/proc/cpuinfo", File.of("none\n"))))) {
            Mountinfo mounts = Mountinfo.parse(FILES.readLines("/proc/" + vnf.pid() + "/mountinfo"));
            List<Mountinfo.Mount> ofMasks = mounts.mounts().stream().filter(mount -> mount.source().equals("masks"))
                    .toList();

            assertThat(ofMasks).extracting(Mountinfo.Mount::device).containsOnly(ofMasks.get(0).device());
            assertThat(ofMasks).allMatch(Mountinfo.Mount::isReadOnly);
            assertThat(ofMasks).extracting(Mountinfo.Mount::root).doesNotContain("/");
            assertThat(ofMasks).extracting(mount -> mount.mountPoint().toString())
                    .contains("/sys/devices/system/cpu", "/proc/cpuinfo");
            assertThat(mounts.at(Path.of("/dev/shm"))).hasValueSatisfying(shm -> assertThat(shm.source())
                    .isEqualTo("shm"));
        }
    }

    @Test
    void masksWorkInAUserNamespaceToo() {
        Seen seen = InsideVnf.run(masked(CPUS, Mask.over("/proc/cpuinfo", File.of("none\n")))
                .namespaces(ns -> ns.mapIds(0, 100000, 65536)),
                        "cat /proc/cpuinfo", "cd /sys/devices/system/cpu; echo *", "touch /sys/devices/system/cpu/new");

        assertThat(seen.lines()).startsWith("none", "alias cpu0 cpu1 online vulnerabilities");
        assertThat(seen.lines()).last().asString().endsWith("Read-only file system");
    }

    @Test
    void equalMasksAreLaidOnce() {
        String plan = io.vnfkit.VnfLauncher.onThisHost().plan(masked(
                Mask.over("/sys/devices/system/cpu/cpu0", Directory.EMPTY), Mask.over("/sys/devices/system/cpu/cpu1",
                Directory.EMPTY))
                .command("/bin/true").build()).toString();

        assertThat(plan.lines().filter(line -> line.contains("make directory /dev/shm/"))).hasSize(1);
    }
}

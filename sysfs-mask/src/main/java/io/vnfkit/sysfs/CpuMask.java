package io.vnfkit.sysfs;

import io.vnfkit.linux.KernelFiles;
import io.vnfkit.mount.Mask;
import io.vnfkit.mount.Mask.Directory;
import io.vnfkit.mount.Mask.Entry;
import io.vnfkit.mount.Mask.Link;
import io.vnfkit.mount.Mask.Original;
import io.vnfkit.unit.CpuSet;
import java.nio.file.Path;
import java.util.List;

/** The directory that stands in for /sys/devices/system/cpu. */
final class CpuMask {

    private static final List<String> COPIED = List.of("kernel_max", "modalias");
    private static final List<String> LIVE = List.of("cpufreq", "cpuidle");

    private final KernelFiles files;
    private final CpuTopology host;
    private final VisibleHost visible;
    private final boolean live;
    private final List<String> names;

    CpuMask(KernelFiles files, CpuTopology host, VisibleHost visible, boolean live) {
        this.files = files;
        this.host = host;
        this.visible = visible;
        this.live = live;
        this.names = files.list(CpuTopology.ROOT);
    }

    Mask mask() {
        MaskFiles directory = new MaskFiles();
        addLists(directory);
        COPIED.stream().filter(names::contains).forEach(name -> directory.copy(name, CpuTopology.ROOT));
        addSubdirectories(directory);
        addCpus(directory);
        return Mask.over(CpuTopology.ROOT, directory.directory());
    }

    private void addLists(MaskFiles directory) {
        CpuSet cpus = visible.cpus();
        directory.value("online", cpus).value("present", cpus).value("offline", "");
        // Programs take the number of possible CPUs for the bound of CPU numbers, so the set has no holes.
        directory.value("possible", cpus.isEmpty() ? cpus : CpuSet.range(0, cpus.last()));
        addIfOnHost(directory, "enabled", cpus);
        addIfOnHost(directory, "isolated", host.isolated().intersection(cpus));
        addIfOnHost(directory, "nohz_full", host.nohzFull().intersection(cpus));
    }

    private void addIfOnHost(MaskFiles directory, String name, CpuSet value) {
        if (names.contains(name)) {
            directory.value(name, value);
        }
    }

    /** Others (hotplug, microcode, power) switch the host's hardware and mean nothing to a VNF. */
    private void addSubdirectories(MaskFiles directory) {
        if (names.contains("smt")) {
            String smt = CpuTopology.ROOT + "/smt";
            MaskFiles copied = new MaskFiles();
            files.list(smt).forEach(name -> copied.copy(name, smt));
            directory.add("smt", copied.directory());
        }
        // Some twenty files, for which one mount is cheaper than copies.
        addOriginal(directory, "vulnerabilities");
        if (live) {
            LIVE.forEach(name -> addOriginal(directory, name));
        }
    }

    private void addOriginal(MaskFiles directory, String name) {
        if (names.contains(name)) {
            directory.add(name, new Original(Path.of(CpuTopology.ROOT, name)));
        }
    }

    private void addCpus(MaskFiles directory) {
        CpuSiblings siblings = new CpuSiblings(files, host.possible().last() + 1);
        host.present().stream().filter(cpu -> names.contains("cpu" + cpu)).forEach(cpu -> {
            boolean granted = visible.cpus().contains(cpu);
            directory.add("cpu" + cpu, granted ? cpu(cpu, siblings) : Directory.EMPTY);
        });
    }

    private Entry cpu(int number, CpuSiblings siblings) {
        if (live) {
            return new Original(Path.of(CpuTopology.directory(number)));
        }
        MaskFiles cpu = new MaskFiles();
        cpu.add("topology", siblings.topology(number, visible.cpus()));
        for (String name : files.list(CpuTopology.directory(number))) {
            if (name.equals("cache")) {
                cpu.add(name, new Original(Path.of(CpuTopology.directory(number), name)));
            }
            if (name.matches("node\\d+") && visible.nodes().contains(Integer.parseInt(name.substring(4)))) {
                cpu.add(name, new Link("../../node/" + name));
            }
        }
        return cpu.directory();
    }
}

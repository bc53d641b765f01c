package io.vnfkit.sysfs;

import io.vnfkit.linux.KernelFiles;
import io.vnfkit.mount.Mask.Directory;
import io.vnfkit.unit.CpuSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes {@code topology} directories whose lists name chosen CPUs only. Not thread-safe. */
final class CpuSiblings {

    private static final String LIST = "_list";

    /** The kernel shows the same sets under old and new names. */
    private static final Map<String, String> ALIASES =
            Map.of("core_cpus", "thread_siblings", "package_cpus", "core_siblings");

    private final KernelFiles files;
    private final SysfsReader sysfs;
    private final int maskWidth;
    private final Map<String, List<CpuSet>> known = new HashMap<>();
    private List<String> names = List.of();

    CpuSiblings(KernelFiles files, int maskWidth) {
        this.files = files;
        this.sysfs = new SysfsReader(files);
        this.maskWidth = maskWidth;
    }

    Directory topology(int cpu, CpuSet shown) {
        String directory = CpuTopology.topologyDirectory(cpu);
        if (names.isEmpty()) {
            // The kernel makes the same files for each CPU.
            names = files.list(directory);
        }
        MaskFiles topology = new MaskFiles();
        for (String name : names) {
            if (name.endsWith(LIST)) {
                String set = name.substring(0, name.length() - LIST.length());
                topology.value(name, siblings(set, cpu).intersection(shown));
            } else if (names.contains(name + LIST)) {
                topology.value(name, siblings(name, cpu).intersection(shown).toMask(maskWidth));
            } else {
                topology.copy(name, directory);
            }
        }
        return topology.directory();
    }

    /** All CPUs of such a set show the same set, so each is read once. */
    private CpuSet siblings(String set, int cpu) {
        String alias = ALIASES.getOrDefault(set, set);
        String name = names.contains(alias + LIST) ? alias : set;
        List<CpuSet> sets = known.computeIfAbsent(name, unused -> new ArrayList<>());
        for (CpuSet candidate : sets) {
            if (candidate.contains(cpu)) {
                return candidate;
            }
        }
        CpuSet read = sysfs.cpuSet(CpuTopology.topologyDirectory(cpu) + "/" + name + LIST);
        sets.add(read);
        return read;
    }
}

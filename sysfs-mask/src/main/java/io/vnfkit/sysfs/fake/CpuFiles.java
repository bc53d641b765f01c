package io.vnfkit.sysfs.fake;

import io.vnfkit.unit.CpuSet;

/** Writes /sys/devices/system/cpu, as Linux 6.x on a server shows it. */
final class CpuFiles {

    private static final String ROOT = "/sys/devices/system/cpu";

    private final FakeTree tree;
    private final FakeMachine machine;

    CpuFiles(FakeTree tree, FakeMachine machine) {
        this.tree = tree;
        this.machine = machine;
    }

    void write() {
        tree.value(ROOT + "/possible", machine.present());
        tree.value(ROOT + "/present", machine.present());
        tree.value(ROOT + "/online", machine.online());
        tree.value(ROOT + "/enabled", machine.present());
        tree.value(ROOT + "/offline", machine.offline());
        tree.value(ROOT + "/isolated", machine.isolated());
        tree.value(ROOT + "/nohz_full", machine.nohzFull().isEmpty() ? "(null)" : machine.nohzFull());
        tree.value(ROOT + "/kernel_max", 8191);
        tree.value(ROOT + "/modalias", "cpu:type:x86,ven0000fam0006mod0055:feature:,0000");
        tree.file(ROOT + "/uevent", "");
        boolean threads = machine.threadsPerCore() > 1;
        tree.value(ROOT + "/smt/active", threads ? 1 : 0);
        tree.value(ROOT + "/smt/control", threads ? "on" : "notsupported");
        tree.value(ROOT + "/vulnerabilities/meltdown", "Not affected");
        tree.value(ROOT + "/vulnerabilities/spectre_v2", "Mitigation: Enhanced / Automatic IBRS");
        tree.value(ROOT + "/cpuidle/current_driver", "intel_idle");
        tree.directory(ROOT + "/cpufreq").directory(ROOT + "/hotplug").directory(ROOT + "/power");
        machine.present().stream().forEach(this::writeCpu);
        machine.present().stream().forEach(cpu -> tree.link("/sys/bus/cpu/devices/cpu" + cpu,
                "../../../devices/system/cpu/cpu" + cpu));
    }

    private void writeCpu(int cpu) {
        String directory = ROOT + "/cpu" + cpu;
        tree.file(directory + "/uevent", "");
        tree.link(directory + "/subsystem", "../../../../bus/cpu");
        boolean online = machine.online().contains(cpu);
        if (cpu > 0) {
            // The boot CPU cannot be switched off and has no such file.
            tree.value(directory + "/online", online ? 1 : 0);
        }
        if (!online) {
            return;
        }
        if (machine.numa()) {
            tree.link(directory + "/node" + machine.nodeOf(cpu), "../../node/node" + machine.nodeOf(cpu));
        }
        writeTopology(cpu, directory + "/topology");
        writeCaches(cpu, directory + "/cache");
    }

    private void writeTopology(int cpu, String directory) {
        tree.value(directory + "/core_id", machine.coreOf(cpu));
        tree.value(directory + "/physical_package_id", machine.socketOf(cpu));
        tree.value(directory + "/die_id", 0);
        CpuSet threads = machine.threadSiblings(cpu);
        CpuSet cores = machine.packageSiblings(cpu);
        writeSet(directory + "/thread_siblings", threads);
        writeSet(directory + "/core_cpus", threads);
        writeSet(directory + "/core_siblings", cores);
        writeSet(directory + "/package_cpus", cores);
        writeSet(directory + "/die_cpus", cores);
    }

    private void writeSet(String path, CpuSet cpus) {
        tree.value(path, cpus.toMask(machine.cpuCount()));
        tree.value(path + "_list", cpus);
    }

    private void writeCaches(int cpu, String directory) {
        CpuSet core = machine.threadSiblings(cpu);
        writeCache(directory + "/index0", 1, "Data", "32K", core);
        writeCache(directory + "/index1", 1, "Instruction", "32K", core);
        writeCache(directory + "/index2", 2, "Unified", "1024K", core);
        writeCache(directory + "/index3", 3, "Unified", "33792K", machine.packageSiblings(cpu));
    }

    private void writeCache(String directory, int level, String type, String size, CpuSet shared) {
        tree.value(directory + "/level", level);
        tree.value(directory + "/type", type);
        tree.value(directory + "/size", size);
        tree.value(directory + "/coherency_line_size", 64);
        tree.value(directory + "/shared_cpu_list", shared);
        tree.value(directory + "/shared_cpu_map", shared.toMask(machine.cpuCount()));
    }
}

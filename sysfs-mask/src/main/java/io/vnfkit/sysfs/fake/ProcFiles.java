package io.vnfkit.sysfs.fake;

import java.util.List;

/** Writes procfs and the few files of /etc, /dev and /usr that a launch looks at. */
final class ProcFiles {

    private static final String X86_FLAGS = "fpu tsc msr pae cx8 apic sep cmov pse36 clflush mmx fxsr sse sse2 ht "
            + "syscall nx pdpe1gb rdtscp lm constant_tsc pni pclmulqdq ssse3 fma cx16 sse4_1 sse4_2 x2apic movbe "
            + "popcnt aes xsave avx f16c rdrand lahf_lm abm avx2 bmi1 bmi2 avx512f";

    private final FakeTree tree;
    private final FakeMachine machine;

    ProcFiles(FakeTree tree, FakeMachine machine) {
        this.tree = tree;
        this.machine = machine;
    }

    void write(String commandLine, String kernelRelease) {
        tree.value("/proc/cmdline", commandLine);
        tree.value("/proc/sys/kernel/osrelease", kernelRelease);
        tree.value("/proc/version", "Linux version " + kernelRelease + " (fake)");
        tree.value("/proc/sys/kernel/cap_last_cap", 40);
        tree.value("/proc/sys/user/max_user_namespaces", 15000);
        tree.file("/proc/cpuinfo", cpuinfo());
        tree.file("/proc/filesystems", "nodev\tsysfs\nnodev\ttmpfs\nnodev\tproc\nnodev\tcgroup\nnodev\tcgroup2\n"
                + "nodev\tdevtmpfs\n" + (machine.pageSizes().isEmpty() ? "" : "nodev\thugetlbfs\n")
                + "nodev\tdevpts\n\text4\nnodev\toverlay\nnodev\tmqueue\n");
        tree.file("/proc/self/status", "Name:\tjava\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\n"
                + "CapEff:\t000001ffffffffff\nCpus_allowed_list:\t" + machine.online() + "\nMems_allowed_list:\t"
                + machine.nodesWithMemory() + "\n");
        writeSystem();
    }

    private void writeSystem() {
        List.of("null", "zero", "full", "random", "urandom", "tty", "ptmx")
                .forEach(name -> tree.file("/dev/" + name, ""));
        List.of("/dev/pts", "/dev/shm", "/dev/mqueue", "/tmp", "/run", "/root", "/var/tmp", "/usr/bin", "/usr/sbin",
                "/usr/lib", "/sys/kernel/mm").forEach(tree::directory);
        List.of("bin", "sbin", "lib").forEach(name -> tree.link("/" + name, "usr/" + name));
        tree.link("/var/run", "../run");
        tree.file("/etc/passwd", "root:x:0:0:root:/root:/bin/sh\n"
                + "nobody:x:65534:65534:nobody:/nonexistent:/bin/false\n");
        tree.file("/etc/group", "root:x:0:\nnogroup:x:65534:\n");
        tree.file("/etc/hostname", "fake\n").file("/etc/hosts", "127.0.0.1\tlocalhost\n");
        tree.executable("/usr/bin/sh");
        new NetworkFiles(tree).writeVirtual("lo");
    }

    private String cpuinfo() {
        StringBuilder text = new StringBuilder();
        machine.online().stream().forEach(cpu -> text.append(machine.architecture() == FakeArchitecture.X86_64
                ? x86(cpu)
                : "processor\t: " + cpu + "\nBogoMIPS\t: 50.00\nFeatures\t: fp asimd evtstrm aes pmull sha1 sha2 crc32 "
                        + "atomics\nCPU implementer\t: 0x41\nCPU architecture: 8\n\n"));
        return text.toString();
    }

    private String x86(int cpu) {
        return "processor\t: " + cpu
                + "\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 85\nmodel name\t: Fake CPU @ 2.60GHz"
                + "\nphysical id\t: " + machine.socketOf(cpu)
                + "\nsiblings\t: " + machine.packageSiblings(cpu).size()
                + "\ncore id\t\t: " + machine.coreOf(cpu)
                + "\ncpu cores\t: " + machine.coresPerSocket()
                + "\nflags\t\t: " + X86_FLAGS + "\n\n";
    }
}

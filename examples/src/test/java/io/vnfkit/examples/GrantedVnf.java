package io.vnfkit.examples;

import io.vnfkit.Vnf;
import io.vnfkit.hugetlb.HugetlbfsVolume;
import io.vnfkit.linux.KernelFiles;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.NodeSet;
import io.vnfkit.unit.PageSize;

/** What the tests grant: CPUs of this JVM, memory of node 0, and 64 MiB of hugepages. */
public final class GrantedVnf {

    static final Bytes HUGEPAGES = Bytes.mebibytes(64);
    static final int PAGES = 32;

    private GrantedVnf() {}

    /** All CPUs that this JVM may use. */
    public static CpuSet allCpus() {
        String key = "Cpus_allowed_list:";
        return KernelFiles.host().readLines("/proc/self/status").stream()
                .filter(line -> line.startsWith(key))
                .map(line -> CpuSet.parse(line.substring(key.length()).strip()))
                .findFirst()
                .orElseThrow();
    }

    /** The last of them: not CPU 0, where there is another. */
    static CpuSet oneCpu() {
        return CpuSet.of(allCpus().last());
    }

    public static Vnf.Builder on(String name, CpuSet cpus) {
        return Vnf.named("vnfkit-it-" + name)
                .cgroup(cg -> cg.cpus(cpus).memoryNodes(NodeSet.of(0)).hugetlb(PageSize.MIB_2, HUGEPAGES))
                .with(HugetlbfsVolume.at("/dev/hugepages").pageSize(PageSize.MIB_2).size(HUGEPAGES))
                .streams(Ended.streams());
    }
}

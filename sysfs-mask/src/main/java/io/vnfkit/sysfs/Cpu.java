package io.vnfkit.sysfs;

import io.vnfkit.unit.CpuSet;
import java.util.List;
import java.util.OptionalInt;

/**
 * A CPU that is online, in the kernel's sense: one hardware thread.
 *
 * @param number the kernel's number
 * @param coreId number of its core, unique within the package only
 * @param packageId number of its package (socket)
 * @param dieId number of its die within the package; empty where the kernel does not tell
 * @param threadSiblings the CPUs of the same core, itself included
 * @param packageSiblings the CPUs of the same package, itself included
 * @param node its NUMA node; empty on a kernel without NUMA
 * @param caches its caches in the kernel's order, nearest first; empty where the kernel does not tell
 */
public record Cpu(
        int number,
        int coreId,
        int packageId,
        OptionalInt dieId,
        CpuSet threadSiblings,
        CpuSet packageSiblings,
        OptionalInt node,
        List<CpuCache> caches) {

    /** Copies the list. */
    public Cpu {
        caches = List.copyOf(caches);
    }
}

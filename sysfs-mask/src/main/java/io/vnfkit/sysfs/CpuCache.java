package io.vnfkit.sysfs;

import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.CpuSet;

/**
 * A cache of a CPU, from {@code cpuN/cache/indexM}.
 *
 * @param level 1 for the nearest
 * @param type what it holds
 * @param size how much it holds
 * @param sharedCpus the CPUs that share it
 */
public record CpuCache(int level, Type type, Bytes size, CpuSet sharedCpus) {

    /** What a cache holds. */
    public enum Type {
        /** Data only. */
        DATA,
        /** Instructions only. */
        INSTRUCTION,
        /** Both. */
        UNIFIED
    }
}

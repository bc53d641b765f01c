package io.vnfkit.dpdk;

import io.vnfkit.unit.CpuSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Which lcore runs on which CPU: lcore i on the i-th CPU of the list.
 *
 * @param cpus CPU numbers; the first is the main lcore's
 */
record LcoreMap(List<Integer> cpus) {

    LcoreMap {
        cpus = List.copyOf(cpus);
    }

    /** Lcores 0 to n-1 on the CPUs in ascending order, but the main lcore's CPU first. */
    static LcoreMap of(CpuSet cpus, int mainCpu) {
        IntStream others = cpus.stream().filter(cpu -> cpu != mainCpu);
        return new LcoreMap(IntStream.concat(IntStream.of(mainCpu), others).boxed().toList());
    }

    /** The value of --lcores, such as {@code 0@130,1@131}. */
    String toArgument() {
        return IntStream.range(0, cpus.size()).mapToObj(lcore -> lcore + "@" + cpus.get(lcore))
                .collect(Collectors.joining(","));
    }
}

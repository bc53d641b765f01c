package io.vnfkit.sysfs.fake;

import io.vnfkit.CollectedContributions;
import io.vnfkit.Grant;
import io.vnfkit.sysfs.SysfsMask;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.NodeSet;
import io.vnfkit.unit.PageSize;
import io.vnfkit.unit.PciAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

/**
 * How long the masks of a VNF take to plan on {@link FakeHost#largeServer}: eight CPUs, one node, both page sizes,
 * two ports, with the directories of all other ports hidden.
 *
 * @param rounds how often it was measured, after as many rounds to warm up
 * @param median half of the rounds were faster
 * @param worst the slowest round
 */
public record PlanningTime(int rounds, Duration median, Duration worst) {

    /**
     * Builds the host and measures.
     *
     * @param directory an empty directory for the host; the caller removes it
     * @param rounds how often
     * @return what was measured
     */
    public static PlanningTime measure(Path directory, int rounds) {
        FakeHost fake = FakeHost.largeServer(directory).build();
        SysfsMask mask = SysfsMask.onlyGranted().hidePciDirectories()
                .pci(PciAddress.parse("0000:10:00.0"), PciAddress.parse("0000:11:00.0"));
        Grant grant = Grant.NONE
                .withCpus(CpuSet.parse("2-5,74-77"))
                .withMemoryNodes(NodeSet.of(0))
                .withHugepages(PageSize.MIB_2, Bytes.gibibytes(1))
                .withHugepages(PageSize.GIB_1, Bytes.gibibytes(4));
        long[] nanoseconds = new long[rounds];
        for (int round = -rounds; round < rounds; round++) {
            long start = System.nanoTime();
            CollectedContributions.of(mask, fake.host(), grant);
            nanoseconds[Math.max(round, 0)] = System.nanoTime() - start;
        }
        Arrays.sort(nanoseconds);
        return new PlanningTime(
                rounds, Duration.ofNanos(nanoseconds[rounds / 2]), Duration.ofNanos(nanoseconds[rounds - 1]));
    }
}

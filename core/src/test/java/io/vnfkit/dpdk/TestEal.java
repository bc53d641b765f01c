package io.vnfkit.dpdk;

import java.util.List;

/** The one EAL of a test JVM: in ordinary memory and without devices, so that no root and no hugepages are needed. */
public final class TestEal {

    private static Eal eal;

    private TestEal() {}

    /** The EAL, started at the first call. */
    public static synchronized Eal get() {
        if (eal == null) {
            // Four lcores on whatever CPUs there are; the main lcore among them.
            int lastCpu = Runtime.getRuntime().availableProcessors() - 1;
            eal = Eal.start(List.of("--lcores", "(0-3)@(0-" + lastCpu + ")", "--no-huge", "-m", "512", "--no-pci",
                    "--no-telemetry", "--no-shconf"));
        }
        return eal;
    }
}

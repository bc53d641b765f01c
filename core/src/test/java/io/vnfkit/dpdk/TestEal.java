package io.vnfkit.dpdk;

import io.vnfkit.dpdk.binding.DpdkUnavailableException;
import java.util.List;

/** The one EAL of a test JVM: in ordinary memory and without devices, so that no root and no hugepages are needed. */
public final class TestEal {

    private static Eal eal;
    private static DpdkUnavailableException missing;

    private TestEal() {}

    /** The EAL, started at the first call. */
    public static synchronized Eal get() {
        if (eal == null && missing == null) {
            try {
                // Four lcores on whatever CPUs there are; the main lcore among them.
                eal = Eal.start(List.of("--lcores", "(0-3)@(0-" + (Runtime.getRuntime().availableProcessors() - 1) + ")",
                        "--no-huge", "-m", "512", "--no-pci", "--no-telemetry", "--no-shconf"));
            } catch (DpdkUnavailableException failure) {
                missing = failure;
            }
        }
        if (missing != null) {
            throw missing;
        }
        return eal;
    }
}

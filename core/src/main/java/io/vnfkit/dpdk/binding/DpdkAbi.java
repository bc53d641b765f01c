package io.vnfkit.dpdk.binding;

import java.util.List;

/**
 * An ABI of DPDK: the major number in the sonames of its libraries, which holds for a year of releases.
 *
 * @param major such as 23
 * @param releases the releases that have it, such as {@code 22.11 to 23.07}
 */
public record DpdkAbi(int major, String releases) {

    /** Those that the forwarding core is written for, the newest first. */
    public static final List<DpdkAbi> SUPPORTED = List.of(
            new DpdkAbi(26, "25.11 to 26.07"), new DpdkAbi(25, "24.11 to 25.07"), new DpdkAbi(24, "23.11 to 24.07"),
            new DpdkAbi(23, "22.11 to 23.07"));

    /** File name of the EAL's library. */
    public String ealSoname() {
        return "librte_eal.so." + major;
    }

    @Override
    public String toString() {
        return "DPDK " + releases + " (ABI " + major + ")";
    }
}

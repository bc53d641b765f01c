package io.vnfkit.dpdk.measure;

import java.util.List;

/** Lengths of Ethernet frames, with their checksum, and what they take on a wire. */
public final class FrameLengths {

    /** Those that RFC 2544 asks for on Ethernet, section 9.1. */
    public static final List<Integer> RFC_2544 = List.of(64, 128, 256, 512, 1024, 1280, 1518);

    /** Preamble, start of frame and the gap between frames. */
    private static final int WIRE_OVERHEAD = 20;

    private FrameLengths() {}

    /**
     * How many frames a second a link carries at most.
     *
     * @param bitsPerSecond of the link, such as 10_000_000_000
     * @param frameLength with checksum
     * @return such as 14880952 for 64 bytes on 10 Gbit/s
     */
    public static long framesPerSecond(long bitsPerSecond, int frameLength) {
        return bitsPerSecond / (8L * (frameLength + WIRE_OVERHEAD));
    }

    /**
     * What a rate of frames takes on a link.
     *
     * @param framesPerSecond the rate
     * @param frameLength with checksum; the mean of a mix
     * @return bits per second, with preamble and gap
     */
    public static double bitsPerSecond(double framesPerSecond, double frameLength) {
        return framesPerSecond * 8 * (frameLength + WIRE_OVERHEAD);
    }
}

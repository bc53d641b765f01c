package io.vnfkit.dpdk.function;

/** How fast a generator sends. */
public sealed interface Rate {

    /** As fast as it can. */
    record Unlimited() implements Rate {}

    /**
     * A number of packets.
     *
     * @param perSecond more than 0
     */
    record Packets(long perSecond) implements Rate {
        /** Checks the range. */
        public Packets {
            requirePositive(perSecond);
        }
    }

    /**
     * A share of a link: bits with preamble, frame checksum and gap, 24 bytes more than a packet has here.
     *
     * @param perSecond more than 0
     */
    record Bits(long perSecond) implements Rate {
        /** Checks the range. */
        public Bits {
            requirePositive(perSecond);
        }
    }

    private static void requirePositive(long perSecond) {
        if (perSecond <= 0) {
            throw new IllegalArgumentException("a rate is more than 0 per second, not " + perSecond);
        }
    }

    /**
     * As fast as it can.
     *
     * @return the rate
     */
    static Rate unlimited() {
        return new Unlimited();
    }

    /**
     * A number of packets per second.
     *
     * @param perSecond more than 0
     * @return the rate
     */
    static Rate packetsPerSecond(long perSecond) {
        return new Packets(perSecond);
    }

    /**
     * A number of bits per second on the wire.
     *
     * @param perSecond more than 0
     * @return the rate
     */
    static Rate bitsPerSecond(long perSecond) {
        return new Bits(perSecond);
    }
}

package io.vnfkit.dpdk.statistics;

/**
 * The buckets of struct vnfkit_latency: values below 32 have one each, above that each power of two has 32. The same
 * formula as in function_sink.c.
 */
final class LatencyBuckets {

    static final int COUNT = 1024;
    private static final int PER_POWER = 32;

    private LatencyBuckets() {}

    static int of(long cycles) {
        if (cycles < PER_POWER) {
            return (int) cycles;
        }
        int exponent = 63 - Long.numberOfLeadingZeros(cycles);
        return (int) Math.min((exponent - 4L) * PER_POWER + (cycles >> (exponent - 5) & 31), COUNT - 1L);
    }

    static long lowest(int bucket) {
        if (bucket < PER_POWER) {
            return bucket;
        }
        int exponent = bucket / PER_POWER + 4;
        return (PER_POWER + bucket % PER_POWER + 0L) << (exponent - 5);
    }

    /** The middle of a bucket, in cycles. */
    static long middle(int bucket) {
        return bucket < PER_POWER ? bucket : (lowest(bucket) + lowest(bucket + 1)) / 2;
    }
}

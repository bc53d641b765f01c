package io.vnfkit.examples.benchmark.ivshmem;

/**
 * Which CPU each side of a contestant has, the same for all.
 *
 * @param producing of who puts in, or sends round trips back
 * @param consuming of who takes out, or sends round trips
 */
record Placement(int producing, int consuming) {

    /** Words for {@link LoopFactory}. */
    String producing(Object... words) {
        return words(producing, words);
    }

    /** Words for {@link LoopFactory}. */
    String consuming(Object... words) {
        return words(consuming, words);
    }

    private static String words(int cpu, Object... words) {
        StringBuilder text = new StringBuilder(Integer.toString(cpu));
        for (Object word : words) {
            text.append(' ').append(word);
        }
        return text.toString();
    }
}

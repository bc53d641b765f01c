package io.vnfkit.dpdk.measure;

/** Is told how a search goes on. */
@FunctionalInterface
public interface TrialListener {

    /**
     * A trial is over. Called on the thread that measures.
     *
     * @param result what it counted
     * @param passed whether not more frames were lost than allowed
     */
    void onTrial(TrialResult result, boolean passed);
}

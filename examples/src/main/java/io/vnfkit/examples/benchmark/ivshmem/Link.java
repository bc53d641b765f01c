package io.vnfkit.examples.benchmark.ivshmem;

/** A way there and a way back, for numbers that go round. */
interface Link {

    /** Sends a number; there is always room. */
    void send(long number);

    /**
     * Waits for a number, without a pause between two looks.
     *
     * @return the number; or -1 if the loop was told to stop
     */
    long await(Progress progress);
}

package io.vnfkit.examples.benchmark.ivshmem;

/** What one side of a contestant does: it puts elements in, or takes them out, as fast as it can. */
interface Loop {

    /** Works until it is told to stop. It can be called again, and goes on where it was. */
    void run(Progress progress);
}

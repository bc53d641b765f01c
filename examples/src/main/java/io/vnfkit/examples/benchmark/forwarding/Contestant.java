package io.vnfkit.examples.benchmark.forwarding;

import java.io.IOException;

/** A program that forwards while it is its turn, and says how many packets it has sent. */
interface Contestant extends AutoCloseable {

    /**
     * How many packets were sent up to a moment.
     *
     * @param packets since the program started
     * @param nanoseconds the moment, on the contestant's own clock
     */
    record Count(long packets, long nanoseconds) {

        /** Millions of packets per second since an earlier count. */
        double millionsSince(Count earlier) {
            return (packets - earlier.packets) * 1000.0 / (nanoseconds - earlier.nanoseconds);
        }
    }

    String name();

    /** Its process. */
    long pid();

    void start() throws IOException;

    Count count() throws IOException;

    void stop() throws IOException;

    @Override
    void close() throws IOException;
}

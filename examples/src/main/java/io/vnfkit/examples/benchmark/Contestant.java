package io.vnfkit.examples.benchmark;

import java.io.IOException;

/** Something that launches the same VNF. Not thread-safe. */
interface Contestant extends AutoCloseable {

    String name();

    /** Launches the VNF, waits for its end and takes it down. */
    LaunchTiming launch() throws IOException;

    @Override
    default void close() throws IOException {
        // Most have nothing to release.
    }
}

package io.vnfkit.examples.benchmark.forwarding;

import java.io.IOException;

/** A forwarder between two links to another process, where vnfkit's generator and sink are, which count its packets. */
final class LinkedForwarder implements Contestant {

    private final Contestant forwarder;
    private final Contestant traffic;

    /** Both stay with who started them. */
    LinkedForwarder(Contestant forwarder, Contestant traffic) {
        this.forwarder = forwarder;
        this.traffic = traffic;
    }

    @Override
    public String name() {
        return forwarder.name();
    }

    @Override
    public long pid() {
        return forwarder.pid();
    }

    @Override
    public void start() throws IOException {
        traffic.start();
        forwarder.start();
    }

    @Override
    public Count count() throws IOException {
        return traffic.count();
    }

    @Override
    public void stop() throws IOException {
        forwarder.stop();
        traffic.stop();
    }

    @Override
    public void close() {
        // Nothing is its own.
    }
}

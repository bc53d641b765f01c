package io.vnfkit.ivshmem.memif;

import java.util.concurrent.atomic.AtomicReference;

/**
 * Whether a link is up, seen by its queues and by the endpoint that speaks on its socket. It goes down once, for the
 * first reason given. Thread-safe.
 */
final class LinkState {

    private final AtomicReference<String> end = new AtomicReference<>();
    private final Runnable endpoint;

    /** @param endpoint tells the endpoint that it has something to do; called from any thread */
    LinkState(Runnable endpoint) {
        this.endpoint = endpoint;
    }

    boolean isUp() {
        return end.getAcquire() == null;
    }

    /** Empty while the link is up. */
    String reason() {
        String reason = end.get();
        return reason == null ? "" : reason;
    }

    /** From the side of the user or of a queue: the endpoint still has to tell the other side. */
    void end(String reason) {
        if (end.compareAndSet(null, reason)) {
            endpoint.run();
        }
    }

    /** From the endpoint. */
    void ended(String reason) {
        end.compareAndSet(null, reason);
    }

    /**
     * Damage, unless the link is down: then zeros have taken the place of the memory, and mean nothing.
     *
     * @throws DamagedLinkException if the link was up
     */
    void damaged(String what) {
        if (end.compareAndSet(null, what)) {
            endpoint.run();
            throw new DamagedLinkException(what);
        }
    }
}

package io.vnfkit.ivshmem.memif;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Both ends of a link in this process, polled by the test. */
final class LinkPair implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final AtomicInteger NUMBER = new AtomicInteger();

    final MemifServer server;
    final MemifClient client;

    private LinkPair(MemifServer server, MemifClient client) {
        this.server = server;
        this.client = client;
    }

    static MemifSocket socket() {
        return MemifSocket.abstractName("vnfkit-memif-" + ProcessHandle.current().pid() + "-" + NUMBER.getAndIncrement());
    }

    static LinkPair of(RingSettings rings) {
        return of(MemifClientSettings.to(socket(), 7).rings(rings),
                MemifInterface.of(7).cacheLine(rings.cacheLine()));
    }

    static LinkPair of(MemifClientSettings settings, MemifInterface offered) {
        LinkPair pair = new LinkPair(MemifServer.listen(settings.socket(), offered), MemifClient.open(settings));
        pair.connect();
        return pair;
    }

    void connect() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (client.link().isEmpty() || server.link(7).isEmpty()) {
            client.poll(Duration.ofMillis(1));
            server.poll(Duration.ofMillis(1));
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("no link: " + client.lastFailure());
            }
        }
    }

    MemifLink clientLink() {
        return client.link().orElseThrow();
    }

    MemifLink serverLink() {
        return server.link(7).orElseThrow();
    }

    TransmitQueue clientOut() {
        return clientLink().transmitQueues().get(0);
    }

    ReceiveQueue clientIn() {
        return clientLink().receiveQueues().get(0);
    }

    TransmitQueue serverOut() {
        return serverLink().transmitQueues().get(0);
    }

    ReceiveQueue serverIn() {
        return serverLink().receiveQueues().get(0);
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}

package io.vnfkit.ivshmem.qemu;

import io.vnfkit.linux.UnixSocketCalls.Credentials;
import java.time.Instant;
import java.util.List;

/** A client as the server holds it. */
record Member(int id, Credentials credentials, Instant since, int socket, List<Integer> eventfds, Outbound outbound) {

    ConnectedPeer view() {
        return new ConnectedPeer(
                id, credentials.pid(), credentials.uid(), credentials.gid(), eventfds.size(), since, outbound.size());
    }
}

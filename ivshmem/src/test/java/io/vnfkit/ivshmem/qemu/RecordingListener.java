package io.vnfkit.ivshmem.qemu;

import io.vnfkit.linux.UnixSocketCalls.Credentials;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Keeps what a server says about its peers, as short texts. */
final class RecordingListener implements PeerListener {

    private final BlockingQueue<String> news = new LinkedBlockingQueue<>();

    @Override
    public void joined(ConnectedPeer peer) {
        news.add("joined " + peer.id());
    }

    @Override
    public void left(ConnectedPeer peer, Departure why) {
        news.add("left " + peer.id() + " " + why);
    }

    @Override
    public void refused(Credentials who, Refusal why) {
        news.add("refused " + why);
    }

    String next() throws InterruptedException {
        String one = news.poll(30, TimeUnit.SECONDS);
        if (one == null) {
            throw new AssertionError("the server says nothing for 30 s");
        }
        return one;
    }

    boolean isEmpty() {
        return news.isEmpty();
    }
}

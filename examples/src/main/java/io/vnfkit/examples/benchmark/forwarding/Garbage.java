package io.vnfkit.examples.benchmark.forwarding;

/** A thread that allocates as fast as it can, and keeps some of it for a while, so that collections have work. */
final class Garbage {

    private static final int KEPT = 1024;
    private static final int SIZE = 32 * 1024;

    private volatile boolean isOn;
    private Thread thread;

    void start() {
        isOn = true;
        thread = new Thread(this::allocate, "garbage");
        thread.setDaemon(true);
        thread.start();
    }

    private void allocate() {
        byte[][] kept = new byte[KEPT][];
        for (int i = 0; isOn; i++) {
            kept[i % KEPT] = new byte[SIZE];
        }
    }

    void stop() {
        isOn = false;
        if (thread == null) {
            return;
        }
        try {
            thread.join();
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
        }
        thread = null;
    }
}

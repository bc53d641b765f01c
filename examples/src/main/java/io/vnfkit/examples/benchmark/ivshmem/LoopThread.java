package io.vnfkit.examples.benchmark.ivshmem;

import java.io.IOException;
import java.util.concurrent.Future;

/** A loop on a CPU of its own. Not thread-safe. */
final class LoopThread {

    private final PinnedThread thread;
    private final Loop loop;
    private final Progress progress = new Progress();
    private Future<?> work;

    LoopThread(PinnedThread thread, Loop loop) {
        this.thread = thread;
        this.loop = loop;
    }

    Loop loop() {
        return loop;
    }

    void start() {
        progress.start();
        work = thread.run(() -> loop.run(progress));
    }

    long done() throws IOException {
        if (work != null && work.isDone()) {
            PinnedThread.await(work);
        }
        return progress.done();
    }

    long cpuTime() {
        return thread.cpuTime();
    }

    void stop() throws IOException {
        progress.stop();
        PinnedThread.await(work);
    }
}

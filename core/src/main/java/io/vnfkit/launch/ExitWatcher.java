package io.vnfkit.launch;

import io.vnfkit.linux.Syscalls;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntSupplier;

/**
 * Waits for the ends of supervisors, all with one thread, which runs only while there is something to wait for.
 *
 * <p>Thread-safe.
 */
final class ExitWatcher {

    private static final Duration FOR_EVER = Duration.ofSeconds(-1);

    private final Syscalls syscalls;
    private final Queue<Watched> added = new ArrayDeque<>();
    private Thread thread;
    private int wakeUp = -1;

    ExitWatcher(Syscalls syscalls) {
        this.syscalls = syscalls;
    }

    private record Watched(int pidfd, IntSupplier exitCode, CompletableFuture<Integer> exited) {}

    /**
     * Completes a future when a process has ended.
     *
     * @param pidfd stands for the process; closed when it has ended
     * @param exitCode called once then
     */
    synchronized CompletableFuture<Integer> watch(int pidfd, IntSupplier exitCode) {
        Watched watched = new Watched(pidfd, exitCode, new CompletableFuture<>());
        added.add(watched);
        if (thread == null) {
            start();
        } else {
            wake();
        }
        return watched.exited;
    }

    private void start() {
        wakeUp = syscalls.eventfd();
        // A small stack: it only polls.
        thread = new Thread(null, this::run, "vnfkit-exit-watcher", 64 * 1024);
        thread.setDaemon(true);
        thread.start();
    }

    private void wake() {
        syscalls.write(wakeUp, ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder()).putLong(0, 1));
    }

    private void run() {
        List<Watched> watched = new ArrayList<>();
        while (takeAdded(watched)) {
            int[] descriptors = descriptors(watched);
            OptionalInt ready = syscalls.poll(FOR_EVER, descriptors);
            if (ready.isEmpty()) {
                continue;
            }
            if (ready.getAsInt() == 0) {
                syscalls.read(wakeUp, ByteBuffer.allocate(Long.BYTES));
            } else {
                complete(watched.remove(ready.getAsInt() - 1));
            }
        }
    }

    /** Moves what was added meanwhile to the list; false, and the thread ends, if there is nothing to wait for. */
    private synchronized boolean takeAdded(List<Watched> watched) {
        watched.addAll(added);
        added.clear();
        if (!watched.isEmpty()) {
            return true;
        }
        syscalls.close(wakeUp);
        thread = null;
        return false;
    }

    private int[] descriptors(List<Watched> watched) {
        int[] descriptors = new int[watched.size() + 1];
        descriptors[0] = wakeUp;
        for (int i = 0; i < watched.size(); i++) {
            descriptors[i + 1] = watched.get(i).pidfd;
        }
        return descriptors;
    }

    private void complete(Watched ended) {
        syscalls.close(ended.pidfd);
        try {
            int code = ended.exitCode.getAsInt();
            // What hangs on the future is the user's code and must not hold up other VNFs.
            ended.exited.completeAsync(() -> code);
        } catch (RuntimeException failure) {
            ended.exited.completeExceptionally(failure);
        }
    }
}

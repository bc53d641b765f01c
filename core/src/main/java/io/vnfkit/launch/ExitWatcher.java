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

    /** It polls, reaps, and reads an exit record; the JVM's default of 1 MiB is for other work. */
    private static final int STACK_SIZE = 256 * 1024;

    private final Syscalls syscalls;
    private final Queue<Watched> added = new ArrayDeque<>();
    private Thread thread;
    private int wakeUp = -1;

    ExitWatcher(Syscalls syscalls) {
        this.syscalls = syscalls;
    }

    private record Watched(int pidfd, IntSupplier exitCode, CompletableFuture<Integer> exited) {}

    /**
     * Completes a future when a process has ended. It completes in the watcher's thread: what hangs on it must be short.
     *
     * @param pidfd stands for the process; closed when it has ended
     * @param exitCode called once then
     */
    synchronized CompletableFuture<Integer> watch(int pidfd, IntSupplier exitCode) {
        if (thread == null) {
            start();
        } else {
            wake();
        }
        Watched watched = new Watched(pidfd, exitCode, new CompletableFuture<>());
        added.add(watched);
        return watched.exited;
    }

    private void start() {
        int descriptor = syscalls.eventfd();
        Thread started = new Thread(null, this::run, "vnfkit-exit-watcher", STACK_SIZE);
        started.setDaemon(true);
        wakeUp = descriptor;
        // It waits for the lock that the caller holds.
        started.start();
        thread = started;
    }

    private void wake() {
        syscalls.write(wakeUp, ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder()).putLong(0, 1));
    }

    private void run() {
        List<Watched> watched = new ArrayList<>();
        try {
            while (takeAdded(watched)) {
                awaitOne(watched);
            }
        } catch (RuntimeException | Error failure) {
            abandon(watched, failure);
        }
    }

    private void awaitOne(List<Watched> watched) {
        OptionalInt ready = syscalls.poll(FOR_EVER, descriptors(watched));
        if (ready.isEmpty()) {
            return;
        }
        if (ready.getAsInt() == 0) {
            syscalls.read(wakeUp, ByteBuffer.allocate(Long.BYTES));
        } else {
            complete(watched.remove(ready.getAsInt() - 1));
        }
    }

    /** Moves what was added meanwhile to the list; false, and the thread ends, if there is nothing to wait for. */
    private synchronized boolean takeAdded(List<Watched> watched) {
        watched.addAll(added);
        added.clear();
        if (!watched.isEmpty()) {
            return true;
        }
        end();
        return false;
    }

    private void end() {
        syscalls.close(wakeUp);
        thread = null;
    }

    /** Nobody must wait for ever because the watcher cannot go on, for instance for lack of memory. */
    private synchronized void abandon(List<Watched> watched, Throwable failure) {
        watched.addAll(added);
        added.clear();
        end();
        watched.forEach(each -> {
            syscalls.close(each.pidfd);
            each.exited.completeExceptionally(failure);
        });
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
            ended.exited.complete(ended.exitCode.getAsInt());
        } catch (RuntimeException | Error failure) {
            ended.exited.completeExceptionally(failure);
        }
    }
}

package io.vnfkit.examples.benchmark.ivshmem;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A thread that stays on one CPU. The JVM's own threads stay where they are. Thread-safe. */
final class PinnedThread {

    /** A link to PID/task/TID of whoever looks (proc(5)). */
    private static final Path THREAD_SELF = Path.of("/proc/thread-self");

    private final ExecutorService thread;
    private final long id;

    private PinnedThread(ExecutorService thread, long id) {
        this.thread = thread;
        this.id = id;
    }

    static PinnedThread on(int cpu) throws IOException {
        ExecutorService thread = Executors.newSingleThreadExecutor(work -> {
            Thread made = new Thread(work, "cpu-" + cpu);
            made.setDaemon(true);
            return made;
        });
        return new PinnedThread(thread, await(thread.submit(() -> pin(cpu))));
    }

    private static long pin(int cpu) throws IOException, InterruptedException {
        String thread = Files.readSymbolicLink(THREAD_SELF).getFileName().toString();
        Process taskset = new ProcessBuilder("taskset", "--pid", "--cpu-list", Integer.toString(cpu), thread)
                .redirectErrorStream(true).start();
        String output = new String(taskset.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (taskset.waitFor() != 0) {
            throw new IOException("a thread cannot be kept on CPU " + cpu + ": " + output.strip());
        }
        return Thread.currentThread().getId();
    }

    Future<?> run(Runnable work) {
        return thread.submit(work);
    }

    /** Time that its CPU has spent on it, in nanoseconds. */
    long cpuTime() {
        return ManagementFactory.getThreadMXBean().getThreadCpuTime(id);
    }

    /** Waits for work of such a thread, and throws what it threw. */
    static <T> T await(Future<T> work) throws IOException {
        try {
            return work.get();
        } catch (ExecutionException failure) {
            throw new IOException(failure.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
    }
}

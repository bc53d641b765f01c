package io.vnfkit.launch;

import io.vnfkit.RunningCommand;
import io.vnfkit.Signal;
import io.vnfkit.VnfkitException;
import io.vnfkit.linux.Errno;
import io.vnfkit.linux.SystemCallException;
import io.vnfkit.linux.Syscalls;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** A command with its supervisor and its pipes. Thread-safe. */
class LaunchedCommand implements RunningCommand {

    private final Syscalls syscalls;
    private final long pid;
    private final CompletableFuture<Integer> exited;
    private final Optional<DescriptorOutputStream> in;
    private final Optional<DescriptorInputStream> out;
    private final Optional<DescriptorInputStream> err;
    private OptionalInt pidfd;

    /**
     * A command that was started.
     *
     * @param pid its process
     * @param pidfd stands for the process; empty if it has ended already
     * @param exited completed by the {@link ExitWatcher}
     */
    LaunchedCommand(Syscalls syscalls, long pid, OptionalInt pidfd, PipeEnds streams, CompletableFuture<Integer> exited) {
        this.syscalls = syscalls;
        this.pid = pid;
        this.pidfd = pidfd;
        this.exited = exited;
        this.in = optional(streams.in()).map(descriptor -> new DescriptorOutputStream(syscalls, descriptor));
        this.out = optional(streams.out()).map(descriptor -> new DescriptorInputStream(syscalls, descriptor));
        this.err = optional(streams.err()).map(descriptor -> new DescriptorInputStream(syscalls, descriptor));
        whenExited(this::forgetProcess);
    }

    private static Optional<Integer> optional(OptionalInt value) {
        return value.isPresent() ? Optional.of(value.getAsInt()) : Optional.empty();
    }

    @Override
    public long pid() {
        return pid;
    }

    @Override
    public OptionalInt exitCode() {
        return exited.isDone() ? OptionalInt.of(awaitExit()) : OptionalInt.empty();
    }

    @Override
    public CompletableFuture<Integer> onExit() {
        // What hangs on the future is the caller's code and must not hold up the thread that watches all VNFs.
        return exited.isDone() ? exited.copy() : exited.thenApplyAsync(code -> code);
    }

    /** Does something short when it has ended, or now if it has. */
    final void whenExited(Runnable action) {
        exited.whenComplete((code, failure) -> action.run());
    }

    final boolean hasExited() {
        return exited.isDone();
    }

    /** Waits for the end, without the help of a thread pool that may be busy waiting itself. */
    final int awaitExit() {
        try {
            return exited.join();
        } catch (CompletionException failure) {
            throw new VnfkitException("the end of process " + pid + " could not be observed", failure.getCause());
        }
    }

    @Override
    public void signal(Signal signal) {
        send(signal.number());
    }

    private synchronized void send(int signal) {
        if (pidfd.isEmpty()) {
            return;
        }
        try {
            syscalls.pidfdSendSignal(pidfd.getAsInt(), signal);
        } catch (SystemCallException refusal) {
            // It has just ended.
            if (!refusal.is(Errno.ESRCH)) {
                throw refusal;
            }
        }
    }

    @Override
    public OutputStream standardInput() {
        return in.orElseThrow(() -> new IllegalStateException("standard input is no pipe: describe it with Stdio.pipe()"));
    }

    @Override
    public InputStream standardOutput() {
        return out.orElseThrow(() -> new IllegalStateException("standard output is no pipe: describe it with Stdio.pipe()"));
    }

    @Override
    public InputStream standardError() {
        return err.orElseThrow(() -> new IllegalStateException("standard error is no pipe: describe it with Stdio.pipe()"));
    }

    @Override
    public void close() {
        send(Signal.KILL.number());
        awaitEnd();
        closeDescriptors();
    }

    /** Waits for the end, however it goes. */
    final void awaitEnd() {
        exited.handle((code, failure) -> code).join();
    }

    final synchronized void closeDescriptors() {
        in.ifPresent(DescriptorOutputStream::close);
        out.ifPresent(DescriptorInputStream::close);
        err.ifPresent(DescriptorInputStream::close);
        forgetProcess();
    }

    private synchronized void forgetProcess() {
        pidfd.ifPresent(syscalls::close);
        pidfd = OptionalInt.empty();
    }
}

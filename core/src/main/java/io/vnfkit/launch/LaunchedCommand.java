package io.vnfkit.launch;

import io.vnfkit.RunningCommand;
import io.vnfkit.Signal;
import io.vnfkit.linux.Errno;
import io.vnfkit.linux.SystemCallException;
import io.vnfkit.linux.Syscalls;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

/** A command with its supervisor and its pipes. Thread-safe. */
class LaunchedCommand implements RunningCommand {

    private final Syscalls syscalls;
    private final long pid;
    private final CompletableFuture<Integer> exited;
    private final Optional<DescriptorOutputStream> in;
    private final Optional<DescriptorInputStream> out;
    private final Optional<DescriptorInputStream> err;
    private int pidfd;

    LaunchedCommand(Syscalls syscalls, long pid, int pidfd, PipeEnds streams, CompletableFuture<Integer> exited) {
        this.syscalls = syscalls;
        this.pid = pid;
        this.pidfd = pidfd;
        this.exited = exited;
        this.in = optional(streams.in()).map(descriptor -> new DescriptorOutputStream(syscalls, descriptor));
        this.out = optional(streams.out()).map(descriptor -> new DescriptorInputStream(syscalls, descriptor));
        this.err = optional(streams.err()).map(descriptor -> new DescriptorInputStream(syscalls, descriptor));
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
        return exited.isDone() ? OptionalInt.of(exited.join()) : OptionalInt.empty();
    }

    @Override
    public CompletableFuture<Integer> onExit() {
        return exited.copy();
    }

    @Override
    public void signal(Signal signal) {
        send(signal.number());
    }

    private synchronized void send(int signal) {
        if (pidfd < 0) {
            return;
        }
        try {
            syscalls.pidfdSendSignal(pidfd, signal);
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
        exited.handle((code, failure) -> code).join();
        closeDescriptors();
    }

    final synchronized void closeDescriptors() {
        in.ifPresent(DescriptorOutputStream::close);
        out.ifPresent(DescriptorInputStream::close);
        err.ifPresent(DescriptorInputStream::close);
        if (pidfd >= 0) {
            syscalls.close(pidfd);
            pidfd = -1;
        }
    }
}

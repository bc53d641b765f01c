package io.vnfkit.sysfs.fake;

import io.vnfkit.linux.Errno;
import io.vnfkit.linux.SpawnRequest;
import io.vnfkit.linux.SystemCallException;
import io.vnfkit.linux.Syscalls;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;

/** Refuses all system calls that need processes, mounts or programs of a kernel. */
abstract class FileOnlySyscalls implements Syscalls {

    private static SystemCallException needsKernel(String call) {
        return new SystemCallException(call, "...", Errno.ENOSYS.number(),
                "a fake host has files and no processes, mounts or programs: plan on it, launch on a real one");
    }

    @Override
    public Pipe pipe() {
        throw needsKernel("pipe2");
    }

    @Override
    public int memfd(String name) {
        throw needsKernel("memfd_create");
    }

    @Override
    public void seal(int descriptor) {
        throw needsKernel("fcntl");
    }

    @Override
    public int spawn(SpawnRequest request) {
        throw needsKernel("posix_spawn");
    }

    @Override
    public WaitStatus waitFor(int pid) {
        throw needsKernel("waitid");
    }

    @Override
    public WaitStatus waitForNow(int pid) {
        throw needsKernel("waitid");
    }

    @Override
    public int pidfdOpen(int pid) {
        throw needsKernel("pidfd_open");
    }

    @Override
    public void pidfdSendSignal(int pidfd, int signal) {
        throw needsKernel("pidfd_send_signal");
    }

    @Override
    public OptionalInt poll(Duration timeout, int... descriptors) {
        throw needsKernel("poll");
    }

    @Override
    public int eventfd() {
        throw needsKernel("eventfd");
    }

    @Override
    public void mount(String source, Path target, String type, long flags, String data) {
        throw needsKernel("mount");
    }

    @Override
    public void umount(Path target, int flags) {
        throw needsKernel("umount2");
    }

    @Override
    public int bpf(int command, ByteBuffer attributes) {
        throw needsKernel("bpf");
    }

    @Override
    public long addressOf(ByteBuffer buffer) {
        throw needsKernel("addressOf");
    }
}

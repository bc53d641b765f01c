package io.vnfkit.testing;

import static io.vnfkit.testing.CallRecord.quote;

import io.vnfkit.linux.Errno;
import io.vnfkit.linux.FileSystemStatus;
import io.vnfkit.linux.FlagNames;
import io.vnfkit.linux.SpawnRequest;
import io.vnfkit.linux.Syscalls;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/** The system calls of {@link RecordingSyscalls}: each is written down, fails or is answered as the test said. */
abstract class RecordedCalls implements Syscalls {

    final CallRecord record = new CallRecord();
    final ScriptedAnswers answers = new ScriptedAnswers();
    final List<byte[]> bpfAttributes = new ArrayList<>();
    private final RecordedFileCalls fileCalls;
    private int nextPid = 1000;

    RecordedCalls(EmulatedFiles files) {
        fileCalls = new RecordedFileCalls(record, answers, files);
    }

    @Override
    public synchronized int open(Path path, int flags, int mode) {
        return fileCalls.open(path, flags, mode);
    }

    @Override
    public synchronized void close(int descriptor) {
        fileCalls.close(descriptor);
    }

    @Override
    public synchronized int read(int descriptor, ByteBuffer target) {
        return fileCalls.read(descriptor, target);
    }

    @Override
    public synchronized int pread(int descriptor, ByteBuffer target, long offset) {
        return fileCalls.pread(descriptor, target, offset);
    }

    @Override
    public synchronized int write(int descriptor, ByteBuffer source) {
        return fileCalls.write(descriptor, source);
    }

    @Override
    public synchronized void ftruncate(int descriptor, long length) {
        fileCalls.ftruncate(descriptor, length);
    }

    @Override
    public synchronized void mkdir(Path path, int mode) {
        fileCalls.mkdir(path, mode);
    }

    @Override
    public synchronized void rmdir(Path path) {
        fileCalls.rmdir(path);
    }

    @Override
    public synchronized void unlink(Path path) {
        fileCalls.unlink(path);
    }

    @Override
    public synchronized boolean tryLockExclusively(int descriptor) {
        return fileCalls.tryLockExclusively(descriptor);
    }

    @Override
    public synchronized boolean tryLockShared(int descriptor) {
        return fileCalls.tryLockShared(descriptor);
    }

    @Override
    public synchronized void lockExclusively(int descriptor) {
        record.add("flock", descriptor + ", LOCK_EX");
    }

    @Override
    public synchronized int duplicate(int descriptor, int minimum) {
        String call = record.add("fcntl", descriptor + ", F_DUPFD_CLOEXEC, " + minimum);
        record.nextDescriptor(minimum);
        return record.opened(call);
    }

    @Override
    public synchronized Pipe pipe() {
        String call = record.add("pipe2", "O_CLOEXEC");
        return new Pipe(record.opened(call), record.opened(call));
    }

    @Override
    public synchronized int memfd(String name) {
        return record.opened(record.add("memfd_create", quote(name)));
    }

    @Override
    public synchronized void seal(int descriptor) {
        record.add("fcntl", descriptor + ", F_ADD_SEALS");
    }

    @Override
    public synchronized int spawn(SpawnRequest request) {
        record.add("posix_spawn",
                quote(request.executable()) + ", " + request.arguments() + ", " + request.descriptors());
        return nextPid++;
    }

    @Override
    public synchronized WaitStatus waitFor(int pid) {
        record.add("waitid", pid + ", WEXITED");
        return answers.ended.getOrDefault(pid, new WaitStatus(false, 0));
    }

    @Override
    public synchronized WaitStatus waitForNow(int pid) {
        record.add("waitid", pid + ", WEXITED|WNOHANG");
        return answers.ended.get(pid);
    }

    @Override
    public synchronized int pidfdOpen(int pid) {
        return record.opened(record.add("pidfd_open", pid));
    }

    @Override
    public synchronized void pidfdSendSignal(int pidfd, int signal) {
        record.add("pidfd_send_signal", pidfd + ", " + signal);
    }

    @Override
    public synchronized OptionalInt poll(Duration timeout, int... descriptors) {
        List<Integer> list = Arrays.stream(descriptors).boxed().toList();
        record.add("poll", list + ", " + (timeout.isNegative() ? "for ever" : timeout));
        int index = answers.readiness.applyAsInt(list);
        return index < 0 ? OptionalInt.empty() : OptionalInt.of(index);
    }

    @Override
    public synchronized int eventfd() {
        return record.opened(record.add("eventfd", "0, EFD_CLOEXEC"));
    }

    @Override
    public synchronized FileSystemStatus statfs(Path path) {
        String call = record.add("statfs", quote(path));
        FileSystemStatus status = answers.fileSystems.get(path);
        if (status == null) {
            throw CallRecord.refused(call, Errno.ENOENT);
        }
        return status;
    }

    @Override
    public synchronized void mount(String source, Path target, String type, long flags, String data) {
        record.add("mount",
                quote(source) + ", " + quote(target) + ", " + quote(type) + ", " + FlagNames.ofMount(flags) + ", "
                + quote(data));
    }

    @Override
    public synchronized void umount(Path target, int flags) {
        record.add("umount2", quote(target) + ", " + FlagNames.ofUmount(flags));
    }

    @Override
    public synchronized int bpf(int command, ByteBuffer attributes) {
        byte[] copy = new byte[attributes.remaining()];
        attributes.duplicate().get(copy);
        bpfAttributes.add(copy);
        return record.opened(record.add("bpf", command + ", " + copy.length + " bytes"));
    }

    @Override
    public long addressOf(ByteBuffer buffer) {
        // Not a call of the kernel, so it is not recorded; any number that is not null does.
        return 0x1000L + System.identityHashCode(buffer);
    }

    @Override
    public synchronized void chown(Path path, int uid, int gid) {
        record.add("chown", quote(path) + ", " + uid + ", " + gid);
    }

    @Override
    public synchronized int effectiveUserId() {
        return answers.userId;
    }

    @Override
    public synchronized ResourceLimit getrlimit(int resource) {
        record.add("getrlimit", resource);
        return answers.limits.getOrDefault(resource, new ResourceLimit(-1, -1));
    }
}

package io.vnfkit.testing;

import static io.vnfkit.testing.CallRecord.quote;
import static io.vnfkit.testing.CallRecord.shown;

import io.vnfkit.linux.Errno;
import io.vnfkit.linux.FileSystemStatus;
import io.vnfkit.linux.FlagNames;
import io.vnfkit.linux.SpawnRequest;
import io.vnfkit.linux.Syscalls;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.SortedMap;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/**
 * System calls that are written down instead of made. A test compares {@link #calls()} and lets chosen calls fail.
 *
 * <pre>{@code
 * RecordingSyscalls kernel = new RecordingSyscalls().failOn("mount", Errno.EPERM);
 * }</pre>
 *
 * <p>Descriptors count up from 100, process ids from 1000. A child runs until {@link #ends} says how it ended; waiting
 * for one that was not told to end gives exit code 0. Thread-safe.
 */
public final class RecordingSyscalls implements Syscalls {

    private final CallRecord record = new CallRecord();
    private final Map<Integer, WaitStatus> ended = new HashMap<>();
    private final Map<Path, FileSystemStatus> fileSystems = new HashMap<>();
    private final Map<Integer, ResourceLimit> limits = new HashMap<>();
    private final Queue<byte[]> input = new ArrayDeque<>();
    private final List<byte[]> bpfAttributes = new ArrayList<>();
    private final EmulatedFiles files;
    private ToIntFunction<List<Integer>> readiness = descriptors -> 0;
    private int nextPid = 1000;
    private int largestWrite = Integer.MAX_VALUE;
    private int userId;

    /** Records every call and makes none. */
    public RecordingSyscalls() {
        this.files = null;
    }

    private RecordingSyscalls(Path directory) {
        this.files = new EmulatedFiles(directory);
    }

    /**
     * Records every call, and lets those about files act on a directory of the test, for code that writes below
     * {@link io.vnfkit.linux.KernelFiles#below} and reads back. Files are not created unasked, and a write replaces the
     * value.
     *
     * @param directory the only place that may be touched
     * @return the recorder
     */
    public static RecordingSyscalls withFilesIn(Path directory) {
        return new RecordingSyscalls(directory);
    }

    /**
     * The calls so far.
     *
     * @return such as {@code mount("tmpfs", "/mnt", "tmpfs", MS_NODEV, "size=1M")}, in order, failed ones too
     */
    public synchronized List<String> calls() {
        return record.calls();
    }

    /**
     * The calls of one kind so far.
     *
     * @param name such as {@code mount}
     * @return those calls, in order
     */
    public synchronized List<String> calls(String name) {
        return record.calls().stream().filter(call -> call.startsWith(name + "(")).toList();
    }

    /**
     * What is open.
     *
     * @return the call that opened it, by descriptor
     */
    public synchronized SortedMap<Integer, String> openDescriptors() {
        return record.open();
    }

    /**
     * Lets every call of a kind fail.
     *
     * @param name such as {@code mount}
     * @param errno with what
     * @return this recorder
     */
    public RecordingSyscalls failOn(String name, Errno errno) {
        return fail(call -> call.startsWith(name + "("), errno, false);
    }

    /**
     * Lets the next call of a kind fail, and those after it succeed.
     *
     * @param name such as {@code rmdir}
     * @param errno with what
     * @return this recorder
     */
    public RecordingSyscalls failOnceOn(String name, Errno errno) {
        return fail(call -> call.startsWith(name + "("), errno, true);
    }

    /**
     * Lets calls fail that contain a text, such as a path.
     *
     * @param text part of the call as {@link #calls()} shows it
     * @param errno with what
     * @return this recorder
     */
    public RecordingSyscalls failWhere(String text, Errno errno) {
        return fail(call -> call.contains(text), errno, false);
    }

    private synchronized RecordingSyscalls fail(Predicate<String> call, Errno errno, boolean once) {
        record.fail(call, errno, once);
        return this;
    }

    /**
     * Lets writes take only part of what they are given.
     *
     * @param bytes the most that one write takes
     * @return this recorder
     */
    public synchronized RecordingSyscalls writeAtMost(int bytes) {
        largestWrite = bytes;
        return this;
    }

    /**
     * What the next read gives; without any, reads are at the end.
     *
     * @param bytes the bytes
     * @return this recorder
     */
    public synchronized RecordingSyscalls nextRead(byte[] bytes) {
        input.add(bytes.clone());
        return this;
    }

    /**
     * Ends a child.
     *
     * @param pid the child
     * @param status how
     * @return this recorder
     */
    public synchronized RecordingSyscalls ends(int pid, WaitStatus status) {
        ended.put(pid, status);
        return this;
    }

    /**
     * What statfs says of a path; of others it says ENOENT.
     *
     * @param path the path
     * @param status the answer
     * @return this recorder
     */
    public synchronized RecordingSyscalls fileSystem(Path path, FileSystemStatus status) {
        fileSystems.put(path, status);
        return this;
    }

    /**
     * What getrlimit says of a resource; of others it says that there is no limit.
     *
     * @param resource RLIMIT_ constant
     * @param limit the answer
     * @return this recorder
     */
    public synchronized RecordingSyscalls resourceLimit(int resource, ResourceLimit limit) {
        limits.put(resource, limit);
        return this;
    }

    /**
     * Another user than root.
     *
     * @param id the effective user id
     * @return this recorder
     */
    public synchronized RecordingSyscalls asUser(int id) {
        userId = id;
        return this;
    }

    /**
     * What poll finds; the first descriptor is ready without this.
     *
     * @param choice index of the descriptor that is ready, negative for a timeout
     * @return this recorder
     */
    public synchronized RecordingSyscalls pollFinds(ToIntFunction<List<Integer>> choice) {
        readiness = choice;
        return this;
    }

    /**
     * The attributes of the bpf calls so far, as they were at the call.
     *
     * @return a copy for each call
     */
    public synchronized List<byte[]> bpfAttributes() {
        return bpfAttributes.stream().map(byte[]::clone).toList();
    }

    @Override
    public synchronized int open(Path path, int flags, int mode) {
        String call = record.add("open",
                quote(path) + ", " + FlagNames.ofOpen(flags) + ", 0" + Integer.toOctalString(mode));
        int descriptor = record.nextDescriptor(0);
        if (files != null) {
            files.open(call, descriptor, path, flags);
        }
        return record.opened(call);
    }

    @Override
    public synchronized void close(int descriptor) {
        String call = record.add("close", descriptor);
        record.closed(descriptor, call);
        if (files != null && files.isOpen(descriptor)) {
            files.close(call, descriptor);
        }
    }

    @Override
    public synchronized int read(int descriptor, ByteBuffer target) {
        String call = record.add("read", descriptor);
        return emulates(call, descriptor) ? files.read(call, descriptor, target) : scriptedRead(target);
    }

    @Override
    public synchronized int pread(int descriptor, ByteBuffer target, long offset) {
        String call = record.add("pread", descriptor + ", " + offset);
        return emulates(call, descriptor) ? files.pread(call, descriptor, target, offset) : scriptedRead(target);
    }

    @Override
    public synchronized int write(int descriptor, ByteBuffer source) {
        ByteBuffer part = source.duplicate();
        part.limit(part.position() + Math.min(largestWrite, part.remaining()));
        String call = record.add("write", descriptor + ", " + shown(source.duplicate()));
        int count = emulates(call, descriptor) ? files.write(call, descriptor, part) : part.remaining();
        source.position(source.position() + count);
        return count;
    }

    @Override
    public synchronized void ftruncate(int descriptor, long length) {
        String call = record.add("ftruncate", descriptor + ", " + length);
        if (files != null && files.isOpen(descriptor)) {
            files.truncate(call, descriptor, length);
        }
    }

    @Override
    public synchronized void mkdir(Path path, int mode) {
        String call = record.add("mkdir", quote(path) + ", 0" + Integer.toOctalString(mode));
        if (files != null) {
            files.mkdir(call, path, mode);
        }
    }

    @Override
    public synchronized void rmdir(Path path) {
        String call = record.add("rmdir", quote(path));
        if (files != null) {
            files.rmdir(call, path);
        }
    }

    @Override
    public synchronized void unlink(Path path) {
        String call = record.add("unlink", quote(path));
        if (files != null) {
            files.unlink(call, path);
        }
    }

    @Override
    public synchronized boolean tryLockExclusively(int descriptor) {
        return tryLock(descriptor + ", LOCK_EX|LOCK_NB");
    }

    @Override
    public synchronized boolean tryLockShared(int descriptor) {
        return tryLock(descriptor + ", LOCK_SH|LOCK_NB");
    }

    private boolean tryLock(String arguments) {
        String call = record.write("flock", arguments);
        Errno errno = record.failureOf(call);
        if (errno != null && errno != Errno.EAGAIN) {
            throw CallRecord.refused(call, errno);
        }
        return errno == null;
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
        return ended.getOrDefault(pid, new WaitStatus(false, 0));
    }

    @Override
    public synchronized WaitStatus waitForNow(int pid) {
        record.add("waitid", pid + ", WEXITED|WNOHANG");
        return ended.get(pid);
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
        int index = readiness.applyAsInt(list);
        return index < 0 ? OptionalInt.empty() : OptionalInt.of(index);
    }

    @Override
    public synchronized int eventfd() {
        return record.opened(record.add("eventfd", "0, EFD_CLOEXEC"));
    }

    @Override
    public synchronized FileSystemStatus statfs(Path path) {
        String call = record.add("statfs", quote(path));
        FileSystemStatus status = fileSystems.get(path);
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
        return userId;
    }

    @Override
    public synchronized ResourceLimit getrlimit(int resource) {
        record.add("getrlimit", resource);
        return limits.getOrDefault(resource, new ResourceLimit(-1, -1));
    }

    private int scriptedRead(ByteBuffer target) {
        byte[] bytes = input.isEmpty() ? new byte[0] : input.remove();
        int count = Math.min(bytes.length, target.remaining());
        target.put(bytes, 0, count);
        return count;
    }

    /** Whether a read or write is of a real file of the test; throws if the descriptor is not open at all. */
    private boolean emulates(String call, int descriptor) {
        if (!record.isOpen(descriptor)) {
            throw CallRecord.refused(call, Errno.EBADF);
        }
        return files != null && files.isOpen(descriptor);
    }
}

package io.vnfkit.testing;

import io.vnfkit.linux.Errno;
import io.vnfkit.linux.FileSystemStatus;
import java.nio.file.Path;
import java.util.List;
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
public final class RecordingSyscalls extends RecordedCalls {

    /** Records every call and makes none. */
    public RecordingSyscalls() {
        super(null);
    }

    private RecordingSyscalls(Path directory) {
        super(new EmulatedFiles(directory));
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
        answers.largestWrite = bytes;
        return this;
    }

    /**
     * What the next read gives; without any, reads are at the end.
     *
     * @param bytes the bytes
     * @return this recorder
     */
    public synchronized RecordingSyscalls nextRead(byte[] bytes) {
        answers.input.add(bytes.clone());
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
        answers.ended.put(pid, status);
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
        answers.fileSystems.put(path, status);
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
        answers.limits.put(resource, limit);
        return this;
    }

    /**
     * Another user than root.
     *
     * @param id the effective user id
     * @return this recorder
     */
    public synchronized RecordingSyscalls asUser(int id) {
        answers.userId = id;
        return this;
    }

    /**
     * What poll finds; the first descriptor is ready without this.
     *
     * @param choice index of the descriptor that is ready, negative for a timeout
     * @return this recorder
     */
    public synchronized RecordingSyscalls pollFinds(ToIntFunction<List<Integer>> choice) {
        answers.readiness = choice;
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
}

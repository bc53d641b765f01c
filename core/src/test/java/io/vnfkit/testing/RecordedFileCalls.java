package io.vnfkit.testing;

import static io.vnfkit.testing.CallRecord.quote;
import static io.vnfkit.testing.CallRecord.shown;

import io.vnfkit.linux.Errno;
import io.vnfkit.linux.FlagNames;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Calls about files, written down, and made in the files of the test if it has any. Not thread-safe.
 */
final class RecordedFileCalls {

    private final CallRecord record;
    private final ScriptedAnswers answers;
    private final EmulatedFiles files;

    /** Without files to act on if {@code files} is null. */
    RecordedFileCalls(CallRecord record, ScriptedAnswers answers, EmulatedFiles files) {
        this.record = record;
        this.answers = answers;
        this.files = files;
    }

    int open(Path path, int flags, int mode) {
        String call = record.add("open",
                quote(path) + ", " + FlagNames.ofOpen(flags) + ", 0" + Integer.toOctalString(mode));
        int descriptor = record.nextDescriptor(0);
        if (files != null) {
            files.open(call, descriptor, path, flags);
        }
        return record.opened(call);
    }

    void close(int descriptor) {
        String call = record.add("close", descriptor);
        record.closed(descriptor, call);
        if (files != null && files.isOpen(descriptor)) {
            files.close(call, descriptor);
        }
    }

    int read(int descriptor, ByteBuffer target) {
        String call = record.add("read", descriptor);
        return emulates(call, descriptor) ? files.read(call, descriptor, target) : answers.read(target);
    }

    int pread(int descriptor, ByteBuffer target, long offset) {
        String call = record.add("pread", descriptor + ", " + offset);
        return emulates(call, descriptor) ? files.pread(call, descriptor, target, offset) : answers.read(target);
    }

    int write(int descriptor, ByteBuffer source) {
        ByteBuffer part = source.duplicate();
        part.limit(part.position() + Math.min(answers.largestWrite, part.remaining()));
        String call = record.add("write", descriptor + ", " + shown(source.duplicate()));
        int count = emulates(call, descriptor) ? files.write(call, descriptor, part) : part.remaining();
        source.position(source.position() + count);
        return count;
    }

    void ftruncate(int descriptor, long length) {
        String call = record.add("ftruncate", descriptor + ", " + length);
        if (files != null && files.isOpen(descriptor)) {
            files.truncate(call, descriptor, length);
        }
    }

    void mkdir(Path path, int mode) {
        String call = record.add("mkdir", quote(path) + ", 0" + Integer.toOctalString(mode));
        if (files != null) {
            files.mkdir(call, path, mode);
        }
    }

    void rmdir(Path path) {
        String call = record.add("rmdir", quote(path));
        if (files != null) {
            files.rmdir(call, path);
        }
    }

    void unlink(Path path) {
        String call = record.add("unlink", quote(path));
        if (files != null) {
            files.unlink(call, path);
        }
    }

    boolean tryLockExclusively(int descriptor) {
        return tryLock(descriptor + ", LOCK_EX|LOCK_NB");
    }

    boolean tryLockShared(int descriptor) {
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

    /** Whether a read or write is of a real file of the test; throws if the descriptor is not open at all. */
    private boolean emulates(String call, int descriptor) {
        if (!record.isOpen(descriptor)) {
            throw CallRecord.refused(call, Errno.EBADF);
        }
        return files != null && files.isOpen(descriptor);
    }
}

package io.vnfkit.sysfs.fake;

import io.vnfkit.linux.Errno;
import io.vnfkit.linux.FileSystemStatus;
import io.vnfkit.linux.LinuxConstants;
import io.vnfkit.linux.SystemCallException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * System calls of a fake host: files below its directory behave as the kernel's. {@link FakeHost} says what that means.
 *
 * <p>Thread-safe.
 */
final class FakeKernel extends FileOnlySyscalls {

    private static final int ACCESS_MODE = 3;
    private static final int FIRST_DESCRIPTOR = 1000;

    private final FakeTree tree;
    private final FakeControlFiles controls;
    private final MountTable mounts;
    private final Map<Integer, FakeOpenFile> open = new HashMap<>();
    private final Map<Path, FakeOpenFile> locks = new HashMap<>();
    private int nextDescriptor = FIRST_DESCRIPTOR;

    FakeKernel(FakeTree tree, FakeControlFiles controls, MountTable mounts) {
        this.tree = tree;
        this.controls = controls;
        this.mounts = mounts;
    }

    /** The path as a process of the fake host would write it. */
    private String pathOf(String call, Path path) {
        Path normal = path.toAbsolutePath().normalize();
        if (!normal.startsWith(tree.root())) {
            throw new SystemCallException(call, path.toString(), Errno.ENOENT.number(),
                    "this fake host has only files below " + tree.root());
        }
        return "/" + tree.root().relativize(normal);
    }

    @Override
    public synchronized int open(Path path, int flags, int mode) {
        String name = pathOf("open", path);
        boolean writes = (flags & ACCESS_MODE) != LinuxConstants.O_RDONLY;
        boolean exists = Files.exists(path);
        if (!exists && (flags & LinuxConstants.O_CREAT) == 0) {
            throw new SystemCallException("open", name, Errno.ENOENT.number());
        }
        if (exists && (flags & LinuxConstants.O_CREAT) != 0 && (flags & LinuxConstants.O_EXCL) != 0) {
            throw new SystemCallException("open", name, Errno.EEXIST.number());
        }
        if (writes && Files.isDirectory(path)) {
            throw new SystemCallException("open", name, Errno.EISDIR.number());
        }
        if (writes && !controls.isWritable(name)) {
            throw new SystemCallException(
                    "open", name, Errno.EACCES.number(), "the kernel lets nobody write this file");
        }
        boolean isControl = controls.isControl(name);
        if (!exists && isControl) {
            throw new SystemCallException("open", name, Errno.EACCES.number(), "the kernel alone makes files here");
        }
        open.put(nextDescriptor, FakeOpenFile.open(path, name, flags, isControl));
        return nextDescriptor++;
    }

    private FakeOpenFile file(String call, int descriptor) {
        FakeOpenFile file = open.get(descriptor);
        if (file == null) {
            throw new SystemCallException(call, Integer.toString(descriptor), Errno.EBADF.number());
        }
        return file;
    }

    @Override
    public synchronized void close(int descriptor) {
        FakeOpenFile file = file("close", descriptor);
        open.remove(descriptor);
        if (!open.containsValue(file)) {
            locks.values().removeIf(holder -> holder == file);
            notifyAll();
            file.close();
        }
    }

    @Override
    public synchronized int read(int descriptor, ByteBuffer target) {
        return file("read", descriptor).read(target);
    }

    @Override
    public synchronized int pread(int descriptor, ByteBuffer target, long offset) {
        return file("pread", descriptor).pread(target, offset);
    }

    @Override
    public synchronized int write(int descriptor, ByteBuffer source) {
        FakeOpenFile file = file("write", descriptor);
        if (!controls.isControl(file.name())) {
            return file.write(source);
        }
        byte[] value = new byte[source.remaining()];
        source.get(value);
        controls.write(file.name(), new String(value, StandardCharsets.UTF_8));
        return value.length;
    }

    @Override
    public synchronized void ftruncate(int descriptor, long length) {
        file("ftruncate", descriptor).truncate(length);
    }

    @Override
    public synchronized void mkdir(Path path, int mode) {
        String name = pathOf("mkdir", path);
        if (controls.mkdir(name)) {
            return;
        }
        try {
            Files.createDirectory(path);
        } catch (IOException failure) {
            throw FakeOpenFile.failed("mkdir", name, failure);
        }
    }

    @Override
    public synchronized void rmdir(Path path) {
        String name = pathOf("rmdir", path);
        if (controls.rmdir(name)) {
            return;
        }
        if (Files.exists(path) && !Files.isDirectory(path)) {
            throw new SystemCallException("rmdir", name, Errno.ENOTDIR.number());
        }
        delete("rmdir", path, name);
        tree.forget(path);
    }

    @Override
    public synchronized void unlink(Path path) {
        String name = pathOf("unlink", path);
        if (controls.isControl(name)) {
            throw new SystemCallException("unlink", name, Errno.EPERM.number(), "files of the kernel stay");
        }
        if (Files.isDirectory(path)) {
            throw new SystemCallException("unlink", name, Errno.EISDIR.number());
        }
        delete("unlink", path, name);
    }

    private static void delete(String call, Path path, String name) {
        try {
            Files.delete(path);
        } catch (IOException failure) {
            throw FakeOpenFile.failed(call, name, failure);
        }
    }

    @Override
    public synchronized boolean tryLockExclusively(int descriptor) {
        FakeOpenFile file = file("flock", descriptor);
        FakeOpenFile holder = locks.putIfAbsent(file.path(), file);
        return holder == null || holder == file;
    }

    @Override
    public synchronized void lockExclusively(int descriptor) {
        boolean isInterrupted = false;
        while (!tryLockExclusively(descriptor)) {
            try {
                wait();
            } catch (InterruptedException interruption) {
                // The real call goes on after a signal, too.
                isInterrupted = true;
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public synchronized boolean tryLockShared(int descriptor) {
        FakeOpenFile file = file("flock", descriptor);
        FakeOpenFile holder = locks.get(file.path());
        return holder == null || holder == file;
    }

    @Override
    public synchronized int duplicate(int descriptor, int minimum) {
        FakeOpenFile file = file("fcntl", descriptor);
        nextDescriptor = Math.max(nextDescriptor, minimum);
        open.put(nextDescriptor, file);
        return nextDescriptor++;
    }

    @Override
    public FileSystemStatus statfs(Path path) {
        String name = pathOf("statfs", path);
        if (!Files.exists(path)) {
            throw new SystemCallException("statfs", name, Errno.ENOENT.number());
        }
        return FakeFileSystems.statusOf(mounts.entryOf(name));
    }

    @Override
    public void chown(Path path, int uid, int gid) {
        if (!Files.exists(path)) {
            throw new SystemCallException("chown", pathOf("chown", path), Errno.ENOENT.number());
        }
    }

    @Override
    public int effectiveUserId() {
        return 0;
    }

    @Override
    public ResourceLimit getrlimit(int resource) {
        return new ResourceLimit(LinuxConstants.RLIM_INFINITY, LinuxConstants.RLIM_INFINITY);
    }
}

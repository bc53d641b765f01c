package io.vnfkit.hugetlb;

import io.vnfkit.linux.Errno;
import io.vnfkit.linux.FileSystemStatus;
import io.vnfkit.linux.Host;
import io.vnfkit.linux.KernelFiles;
import io.vnfkit.linux.Syscalls;
import io.vnfkit.linux.SystemCallException;
import io.vnfkit.unit.PageSize;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Files of hugepage pools in a directory of a test, and a kernel that changes them when nr_hugepages is written. */
final class FakeHugepages {

    private final Path root;
    private final List<String> writes = new ArrayList<>();
    private final Map<Path, FileSystemStatus> mounts = new HashMap<>();
    private long mostPerNode = Long.MAX_VALUE;
    private long mostAfterCompaction = Long.MAX_VALUE;
    private Errno refusal;

    FakeHugepages(Path root) {
        this.root = root;
    }

    /** A global pool: total, free, reserved, surplus, overcommit. */
    FakeHugepages pool(PageSize pageSize, long total, long free, long reserved, long surplus, long overcommit) {
        String directory = "sys/kernel/mm/hugepages/" + pageSize.sysfsName();
        put(directory + "/nr_hugepages", total);
        put(directory + "/free_hugepages", free);
        put(directory + "/resv_hugepages", reserved);
        put(directory + "/surplus_hugepages", surplus);
        put(directory + "/nr_overcommit_hugepages", overcommit);
        return this;
    }

    /** The pool of a node: total, free, surplus. */
    FakeHugepages node(int node, PageSize pageSize, long total, long free, long surplus) {
        String directory = nodeDirectory(node, pageSize);
        put(directory + "/nr_hugepages", total);
        put(directory + "/free_hugepages", free);
        put(directory + "/surplus_hugepages", surplus);
        return this;
    }

    /** The kernel finds memory for no more than this many persistent pages per pool. */
    FakeHugepages givingAtMost(long pages, long afterCompaction) {
        mostPerNode = pages;
        mostAfterCompaction = afterCompaction;
        return this;
    }

    FakeHugepages refusingWith(Errno errno) {
        refusal = errno;
        return this;
    }

    FakeHugepages statfs(Path path, FileSystemStatus status) {
        mounts.put(path, status);
        return this;
    }

    FakeHugepages file(String path, String content) {
        try {
            Path file = root.resolve(path);
            Files.createDirectories(file.getParent());
            Files.writeString(file, content);
            return this;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    List<String> writes() {
        return writes;
    }

    Host host() {
        Syscalls kernel = (Syscalls) Proxy.newProxyInstance(Syscalls.class.getClassLoader(),
                new Class<?>[] {Syscalls.class}, new Kernel());
        return Host.of(KernelFiles.below(root, kernel), kernel);
    }

    private static String nodeDirectory(int node, PageSize pageSize) {
        return "sys/devices/system/node/node" + node + "/hugepages/" + pageSize.sysfsName();
    }

    private void put(String path, long value) {
        file(path, value + "\n");
    }

    private long get(Path file) {
        try {
            return Files.exists(file) ? Long.parseLong(Files.readString(file).strip()) : 0;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private final class Kernel implements InvocationHandler {

        private Path opened;

        @Override
        public Object invoke(Object proxy, Method method, Object[] arguments) {
            return switch (method.getName()) {
                case "open" -> open((Path) arguments[0]);
                case "write" -> write((ByteBuffer) arguments[1]);
                case "close" -> null;
                case "statfs" -> mounts.get((Path) arguments[0]);
                default -> throw new IllegalStateException("unexpected system call " + method.getName());
            };
        }

        private int open(Path path) {
            if (refusal != null) {
                throw new SystemCallException("open", path.toString(), refusal.number());
            }
            opened = path;
            return 3;
        }

        private int write(ByteBuffer bytes) {
            String value = StandardCharsets.UTF_8.decode(bytes).toString();
            writes.add("/" + root.relativize(opened) + "=" + value);
            if (opened.endsWith("compact_memory")) {
                mostPerNode = mostAfterCompaction;
            } else {
                resize(opened.getParent(), Long.parseLong(value));
            }
            return value.length();
        }

        private void resize(Path directory, long wanted) {
            long surplus = get(directory.resolve("surplus_hugepages"));
            long before = get(directory.resolve("nr_hugepages")) - surplus;
            long after = wanted > before ? Math.max(before, Math.min(wanted, mostPerNode)) : wanted;
            String name = root.relativize(directory).toString();
            put(name + "/nr_hugepages", after + surplus);
            put(name + "/free_hugepages", get(directory.resolve("free_hugepages")) + after - before);
        }
    }
}

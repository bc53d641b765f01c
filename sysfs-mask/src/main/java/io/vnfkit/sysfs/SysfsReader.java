package io.vnfkit.sysfs;

import io.vnfkit.linux.KernelFiles;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.InvalidValueException;
import io.vnfkit.unit.NodeSet;
import java.util.Optional;
import java.util.OptionalInt;

/** Single values of sysfs in their types. Immutable and thread-safe. */
final class SysfsReader {

    private final KernelFiles files;

    SysfsReader(KernelFiles files) {
        this.files = files;
    }

    KernelFiles files() {
        return files;
    }

    CpuSet cpuSet(String path) {
        return parseCpuSet(path, files.read(path));
    }

    CpuSet cpuSetIfExists(String path) {
        return files.readIfExists(path).map(text -> parseCpuSet(path, text)).orElse(CpuSet.empty());
    }

    private static CpuSet parseCpuSet(String path, String text) {
        String list = text.strip();
        // nohz_full of a kernel that was not started with that option prints a null pointer.
        if (list.equals("(null)")) {
            return CpuSet.empty();
        }
        try {
            return CpuSet.parse(list);
        } catch (InvalidValueException failure) {
            throw new TopologyException(path + " holds no list of CPUs: " + failure.getMessage(), failure);
        }
    }

    NodeSet nodeSetIfExists(String path) {
        Optional<String> text = files.readIfExists(path);
        if (text.isEmpty()) {
            return NodeSet.empty();
        }
        try {
            return NodeSet.parse(text.get().strip());
        } catch (InvalidValueException failure) {
            throw new TopologyException(path + " holds no list of nodes: " + failure.getMessage(), failure);
        }
    }

    int integer(String path) {
        return (int) number(path, files.read(path));
    }

    long count(String path) {
        return number(path, files.read(path));
    }

    long countIfExists(String path) {
        return files.readIfExists(path).map(text -> number(path, text)).orElse(0L);
    }

    OptionalInt integerIfExists(String path) {
        Optional<String> text = files.readIfExists(path);
        return text.isEmpty() ? OptionalInt.empty() : OptionalInt.of((int) number(path, text.get()));
    }

    private static long number(String path, String text) {
        try {
            return Long.decode(text.strip());
        } catch (NumberFormatException failure) {
            throw new TopologyException(path + " holds no number: \"" + text.strip() + "\"", failure);
        }
    }
}

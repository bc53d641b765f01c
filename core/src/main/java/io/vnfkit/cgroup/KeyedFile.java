package io.vnfkit.cgroup;

import io.vnfkit.linux.KernelFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/** A "flat keyed" file of version 2: lines of a key, a blank and a number, such as {@code frozen 1}. */
record KeyedFile(List<String> lines) {

    /** Reads the file; one that does not exist has no keys. */
    static KeyedFile read(KernelFiles files, Path file) {
        return new KeyedFile(files.readIfExists(file.toString()).map(text -> text.lines().toList()).orElse(List.of()));
    }

    OptionalLong value(String key) {
        String prefix = key + " ";
        return lines.stream()
                .filter(line -> line.startsWith(prefix))
                .mapToLong(line -> Long.parseLong(line.substring(prefix.length()).strip()))
                .findFirst();
    }
}

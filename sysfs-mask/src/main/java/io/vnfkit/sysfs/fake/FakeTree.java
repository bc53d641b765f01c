package io.vnfkit.sysfs.fake;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Makes files below a directory, under the names that the kernel would give them. Thread-safe. */
final class FakeTree {

    private final Path root;
    private final Set<Path> made = ConcurrentHashMap.newKeySet();

    FakeTree(Path root) {
        this.root = root;
    }

    Path root() {
        return root;
    }

    Path resolve(String path) {
        return root.resolve(path.substring(1));
    }

    /** A file with a value and a newline, as sysfs prints it. */
    FakeTree value(String path, Object value) {
        return file(path, value + "\n");
    }

    FakeTree file(String path, String content) {
        Path file = resolve(path);
        make(file.getParent());
        try {
            Files.writeString(file, content);
        } catch (IOException failure) {
            throw new FakeHostException("cannot write " + file, failure);
        }
        return this;
    }

    FakeTree executable(String path) {
        file(path, "#!/bin/sh\n");
        try {
            Files.setPosixFilePermissions(resolve(path), PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException failure) {
            throw new FakeHostException("cannot make " + resolve(path) + " executable", failure);
        }
        return this;
    }

    FakeTree link(String path, String target) {
        Path link = resolve(path);
        make(link.getParent());
        try {
            Files.createSymbolicLink(link, Path.of(target));
        } catch (IOException failure) {
            throw new FakeHostException("cannot make the link " + link, failure);
        }
        return this;
    }

    FakeTree directory(String path) {
        make(resolve(path));
        return this;
    }

    private void make(Path directory) {
        if (!made.add(directory)) {
            return;
        }
        try {
            Files.createDirectories(directory);
        } catch (IOException failure) {
            throw new FakeHostException("cannot make the directory " + directory, failure);
        }
    }

    String read(String path) {
        try {
            return Files.readString(resolve(path));
        } catch (IOException failure) {
            throw new FakeHostException("cannot read " + resolve(path), failure);
        }
    }

    List<String> words(String path) {
        String text = read(path);
        return text.isBlank() ? List.of() : List.of(text.strip().split("\\s+"));
    }

    /** Paths of the directories in a directory, as the kernel knows them. */
    List<String> directoriesIn(String path) {
        try (Stream<Path> entries = Files.list(resolve(path))) {
            return entries.filter(Files::isDirectory).map(entry -> path + "/" + entry.getFileName()).sorted().toList();
        } catch (IOException failure) {
            throw new FakeHostException("cannot list " + resolve(path), failure);
        }
    }

    void delete(String path) {
        try {
            Files.deleteIfExists(resolve(path));
        } catch (IOException failure) {
            throw new FakeHostException("cannot remove " + resolve(path), failure);
        }
    }

    /** The directory was removed behind this object's back. */
    void forget(Path directory) {
        made.removeIf(path -> path.startsWith(directory));
    }
}

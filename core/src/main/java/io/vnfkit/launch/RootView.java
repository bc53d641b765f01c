package io.vnfkit.launch;

import io.vnfkit.linux.KernelFiles;
import io.vnfkit.mount.RootFilesystem;
import io.vnfkit.mount.VnfMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Finds on the host what a VNF will see at a path of its root, following symbolic links as the VNF would: absolute ones start at
 * its root. Immutable.
 */
final class RootView {

    /** The kernel's MAXSYMLINKS. */
    private static final int MAXIMUM_LINKS = 40;

    private final KernelFiles files;
    private final Path base;
    private final List<VnfMount.Bind> binds;

    RootView(KernelFiles files, RootFilesystem root, List<VnfMount.Bind> binds) {
        this.files = files;
        this.base = base(root);
        this.binds = binds;
    }

    private static Path base(RootFilesystem root) {
        if (root instanceof RootFilesystem.DirectoryRoot directory) {
            return directory.directory();
        }
        if (root instanceof RootFilesystem.OverlayRoot overlay) {
            return overlay.directory();
        }
        return Path.of("/");
    }

    /** What came of following a path. */
    sealed interface Found {}

    /** It exists; where it lies on the host, below the injected root. */
    record At(Path hostPath) implements Found {}

    /** There is nothing. */
    record Nothing() implements Found {}

    /** A relative link leads above the root; the VNF would end up somewhere else than the link's author meant. */
    record LeadsOutside(Path link, Path target) implements Found {}

    /** More links than the kernel follows. */
    record Loops() implements Found {}

    Found find(Path path) {
        Deque<Path> rest = new ArrayDeque<>();
        path.forEach(rest::add);
        Path reached = Path.of("/");
        int links = 0;
        while (!rest.isEmpty()) {
            Path name = rest.pop();
            if (name.toString().equals("..")) {
                reached = reached.getNameCount() > 0 ? parent(reached) : reached;
                continue;
            }
            Path next = reached.resolve(name);
            Path onHost = onHost(next);
            Optional<BasicFileAttributes> attributes = attributes(onHost);
            if (attributes.isEmpty()) {
                return new Nothing();
            }
            Optional<Path> link = attributes.get().isSymbolicLink() ? target(onHost) : Optional.empty();
            if (link.isEmpty()) {
                reached = next;
                continue;
            }
            if (++links > MAXIMUM_LINKS) {
                return new Loops();
            }
            if (leadsOutside(reached, link.get())) {
                return new LeadsOutside(next, link.get());
            }
            pushAll(rest, link.get());
            reached = link.get().isAbsolute() ? Path.of("/") : reached;
        }
        return new At(onHost(reached));
    }

    boolean isDirectory(Path path) {
        return find(path) instanceof At at && Files.isDirectory(at.hostPath(), LinkOption.NOFOLLOW_LINKS);
    }

    boolean isExecutable(Path path) {
        return find(path) instanceof At at && Files.isRegularFile(at.hostPath()) && Files.isExecutable(at.hostPath());
    }

    private Path onHost(Path path) {
        for (VnfMount.Bind bind : binds) {
            if (path.startsWith(bind.target())) {
                return files.resolve(bind.source().resolve(bind.target().relativize(path)));
            }
        }
        Path relative = Path.of("/").relativize(path);
        return files.resolve(base.resolve(relative));
    }

    private static Optional<BasicFileAttributes> attributes(Path onHost) {
        try {
            return Optional.of(Files.readAttributes(onHost, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
        } catch (IOException missing) {
            return Optional.empty();
        }
    }

    private static Optional<Path> target(Path link) {
        try {
            return Optional.of(Files.readSymbolicLink(link));
        } catch (IOException vanished) {
            // It was a link a moment ago. Whoever changes a root during planning gets the kernel's verdict at the launch.
            return Optional.empty();
        }
    }

    private static boolean leadsOutside(Path directory, Path target) {
        if (target.isAbsolute()) {
            return false;
        }
        int depth = directory.getNameCount();
        for (Path name : target) {
            depth += name.toString().equals("..") ? -1 : 1;
            if (depth < 0) {
                return true;
            }
        }
        return false;
    }

    private static Path parent(Path path) {
        return path.getParent() == null ? Path.of("/") : path.getParent();
    }

    private static void pushAll(Deque<Path> rest, Path target) {
        for (int i = target.getNameCount() - 1; i >= 0; i--) {
            rest.push(target.getName(i));
        }
    }
}

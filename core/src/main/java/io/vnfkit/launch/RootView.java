package io.vnfkit.launch;

import io.vnfkit.linux.KernelFiles;
import io.vnfkit.mount.RootFilesystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Finds what a VNF will see at a path, before the VNF exists: in its root file system, and in what is mounted over it.
 * Symbolic links are followed as the VNF would, absolute ones from its root. Immutable.
 */
final class RootView {

    /** The kernel's MAXSYMLINKS. */
    private static final int MAXIMUM_LINKS = 40;

    private static final Path TOP = Path.of("/");

    private final KernelFiles files;
    private final Path base;
    private final List<Cover> covers;

    private RootView(KernelFiles files, Path base, List<Cover> covers) {
        this.files = files;
        this.base = base;
        this.covers = covers;
    }

    /** What a VNF with this root sees before anything is mounted over it. */
    static RootView of(KernelFiles files, RootFilesystem root) {
        return new RootView(files, base(root), List.of());
    }

    /** What a process sees that runs on the host: the kernel shows its root, also from outside its mount namespace. */
    static RootView ofProcess(KernelFiles files, long pid) {
        return new RootView(files, Path.of("/proc", Long.toString(pid), "root"), List.of());
    }

    /** A root of which nothing is known. */
    static RootView unknown(KernelFiles files) {
        return new RootView(files, TOP, List.of(new Cover(TOP, new NewFilesystem())));
    }

    private static Path base(RootFilesystem root) {
        if (root instanceof RootFilesystem.DirectoryRoot directory) {
            return directory.directory();
        }
        if (root instanceof RootFilesystem.OverlayRoot overlay) {
            return overlay.directory();
        }
        return TOP;
    }

    /** What is mounted over a place of the root. */
    sealed interface Content {}

    /** A file or directory of the host. */
    record OfHost(Path source) implements Content {}

    /** A tmpfs of the VNF's own, in which paths can be made. */
    record EmptyTmpfs() implements Content {}

    /** Another new file system, such as procfs: what it holds is only known when it is there. */
    record NewFilesystem() implements Content {}

    private record Cover(Path target, Content content) {}

    /**
     * The view after a further mount, which covers what lay there before.
     *
     * @param target where, without links on the way
     * @param content what
     */
    RootView with(Path target, Content content) {
        List<Cover> more = new ArrayList<>(covers);
        more.add(new Cover(target, content));
        return new RootView(files, base, List.copyOf(more));
    }

    /** What came of following a path. */
    sealed interface Found {}

    /**
     * It exists on the host.
     *
     * @param path its path in the VNF, without links
     * @param hostPath where it lies below the injected root
     * @param directory whether it is a directory itself
     * @param link whether it is a link, which only a place on the way can be
     */
    record At(Path path, Path hostPath, boolean directory, boolean link) implements Found {}

    /** A directory that is only made at the launch: the top of a new file system, or one on the way to a mount. */
    record NewDirectory(Path path) implements Found {}

    /** Something in a new file system that fills itself, such as procfs; it may exist. */
    record Unknown(Path path) implements Found {}

    /** There is nothing: its path without links, and the tmpfs in which it could be made. */
    record Nothing(Path path, Optional<Path> tmpfs) implements Found {}

    /** A relative link leads above the root; the VNF would end up somewhere else than the link's author meant. */
    record LeadsOutside(Path link, Path target) implements Found {}

    /** More links than the kernel follows. */
    record Loops() implements Found {}

    Found find(Path path) {
        Deque<Path> rest = new ArrayDeque<>();
        path.forEach(rest::add);
        Path reached = TOP;
        int links = 0;
        while (!rest.isEmpty()) {
            Path name = rest.pop();
            if (name.toString().equals("..")) {
                reached = parent(reached);
                continue;
            }
            Path next = reached.resolve(name).normalize();
            Found place = place(next);
            if (place instanceof Nothing || place instanceof Unknown) {
                return beyond(place, next, rest);
            }
            Optional<Path> link = place instanceof At at && at.link() ? target(at.hostPath()) : Optional.empty();
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
            reached = link.get().isAbsolute() ? TOP : reached;
        }
        return place(reached);
    }

    /** What lies at a path without links on the way; it may be a link itself. */
    private Found place(Path path) {
        int top = lastCoverOf(path);
        Content content = top < 0 ? new OfHost(base) : covers.get(top).content();
        Path target = top < 0 ? TOP : covers.get(top).target();
        if (content instanceof OfHost host) {
            Path onHost = files.resolve(host.source().resolve(target.relativize(path)));
            return attributes(onHost).<Found>map(file -> new At(path, onHost, file.isDirectory(),
                    file.isSymbolicLink()))
                    .orElseGet(() -> new Nothing(path, Optional.empty()));
        }
        if (path.equals(target) || isOnTheWayToLaterCover(path, top)) {
            return new NewDirectory(path);
        }
        return content instanceof EmptyTmpfs ? new Nothing(path, Optional.of(target)) : new Unknown(path);
    }

    private int lastCoverOf(Path path) {
        int last = covers.size() - 1;
        while (last >= 0 && !path.startsWith(covers.get(last).target())) {
            last--;
        }
        return last;
    }

    private boolean isOnTheWayToLaterCover(Path path, int cover) {
        return covers.subList(cover + 1, covers.size()).stream().anyMatch(later -> later.target().startsWith(path));
    }

    private static Found beyond(Found place, Path next, Deque<Path> rest) {
        Path whole = next;
        for (Path name : rest) {
            whole = whole.resolve(name);
        }
        if (place instanceof Nothing nothing) {
            // Where it is not known what ".." leads out of, nothing can be made.
            return new Nothing(whole, nothing.tmpfs().filter(tmpfs -> !rest.contains(Path.of(".."))));
        }
        return new Unknown(whole);
    }

    /** Tells whether a path leads to a directory. */
    boolean isDirectory(Path path) {
        return isDirectory(find(path));
    }

    static boolean isDirectory(Found found) {
        if (found instanceof At at) {
            // The root itself is a link where it is that of a process.
            return at.path().equals(TOP) || at.directory();
        }
        return found instanceof NewDirectory;
    }

    /** Tells whether a directory directly below the top is one itself, not a link to one. */
    boolean isRealDirectory(Path path) {
        return isDirectory(place(path));
    }

    boolean isExecutable(Path path) {
        return find(path) instanceof At at && Files.isRegularFile(at.hostPath()) && Files.isExecutable(at.hostPath());
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
            // It was a link a moment ago. Whoever changes a root during planning gets the kernel's verdict at the
            // launch.
            return Optional.empty();
        }
    }

    private boolean leadsOutside(Path directory, Path target) {
        // Above the host's own root there is nothing that a link could have meant.
        if (target.isAbsolute() || base.equals(TOP)) {
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
        return path.getParent() == null ? TOP : path.getParent();
    }

    private static void pushAll(Deque<Path> rest, Path target) {
        for (int i = target.getNameCount() - 1; i >= 0; i--) {
            rest.push(target.getName(i));
        }
    }
}

package io.vnfkit.sysfs;

import io.vnfkit.linux.Host;
import io.vnfkit.linux.KernelFiles;
import io.vnfkit.mount.FileContent;
import io.vnfkit.mount.Mask;
import io.vnfkit.mount.Mask.Directory;
import io.vnfkit.mount.Mask.Entry;
import io.vnfkit.mount.Mask.Link;
import io.vnfkit.mount.Mask.Named;
import io.vnfkit.mount.Mask.Original;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/** The files of a host as a process under masks sees them: follows links as the kernel does. */
final class MaskedView {

    private static final int MAXIMUM_LINKS = 40;

    private final KernelFiles files;
    private final List<Mask> masks;

    MaskedView(Host host, List<Mask> masks) {
        this.files = host.files();
        this.masks = masks;
    }

    boolean exists(String path) {
        return canonical(path).isPresent();
    }

    String read(String path) {
        Path file = canonical(path).orElseThrow(() -> new NoSuchElementException(path));
        Optional<Entry> masked = masked(file);
        if (masked.isEmpty() || masked.get() instanceof Original) {
            return files.readRaw(file.toString());
        }
        FileContent content = ((Mask.File) masked.get()).content();
        if (content instanceof FileContent.CopyOf copy) {
            return files.readRaw(copy.source());
        }
        return ((FileContent.Text) content).text();
    }

    List<String> list(String path) {
        Path directory = canonical(path).orElseThrow(() -> new NoSuchElementException(path));
        Optional<Entry> masked = masked(directory);
        return masked.isPresent() && masked.get() instanceof Directory made
                ? made.children().stream().map(Named::name).sorted().toList()
                : files.list(directory.toString());
    }

    /** The path without links; empty if nothing is there. */
    private Optional<Path> canonical(String path) {
        Deque<String> open = names(path);
        Path current = Path.of("/");
        int links = 0;
        while (!open.isEmpty()) {
            Path next = current.resolve(open.pop()).normalize();
            Optional<String> target = linkTarget(next);
            if (target.isPresent() && links++ < MAXIMUM_LINKS) {
                Deque<String> further = names(target.get());
                further.addAll(open);
                open = further;
                continue;
            }
            if (!isThere(next)) {
                return Optional.empty();
            }
            current = next;
        }
        return Optional.of(current);
    }

    private static Deque<String> names(String path) {
        Deque<String> names = new ArrayDeque<>();
        Path.of(path).forEach(name -> names.add(name.toString()));
        return names;
    }

    private Optional<String> linkTarget(Path path) {
        if (maskOf(path).isEmpty()) {
            return files.isLink(path.toString()) ? Optional.of(files.readLink(path.toString()).toString())
                    : Optional.empty();
        }
        return masked(path).filter(Link.class::isInstance).map(entry -> ((Link) entry).target());
    }

    private boolean isThere(Path path) {
        return maskOf(path).isEmpty() ? files.exists(path.toString()) : masked(path).isPresent();
    }

    private Optional<Mask> maskOf(Path path) {
        return masks.stream()
                .filter(mask -> path.startsWith(mask.target()))
                .max(Comparator.comparingInt(mask -> mask.target().getNameCount()));
    }

    /** The entry at a path under a mask; the entry of an original for everything in it that exists. */
    private Optional<Entry> masked(Path path) {
        Optional<Mask> mask = maskOf(path);
        if (mask.isEmpty()) {
            return Optional.empty();
        }
        Entry entry = mask.get().content();
        for (int i = mask.get().target().getNameCount(); i < path.getNameCount(); i++) {
            if (entry instanceof Original) {
                return files.exists(path.toString()) ? Optional.of(entry) : Optional.empty();
            }
            Optional<Entry> child = child(entry, path.getName(i).toString());
            if (child.isEmpty()) {
                return Optional.empty();
            }
            entry = child.get();
        }
        return Optional.of(entry);
    }

    private static Optional<Entry> child(Entry entry, String name) {
        return entry instanceof Directory directory
                ? directory.children().stream().filter(named -> named.name().equals(name)).map(Named::entry).findFirst()
                : Optional.empty();
    }
}

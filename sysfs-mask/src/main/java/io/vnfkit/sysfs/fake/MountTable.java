package io.vnfkit.sysfs.fake;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The mounts of a fake host. Not thread-safe while it is filled, immutable afterwards. */
final class MountTable {

    private static final int FIRST_ID = 22;

    private final List<Entry> entries = new ArrayList<>();

    /** A mount; options are those of the super block. */
    record Entry(int id, int parent, String target, String type, String source, String options) {}

    MountTable add(String target, String type, String source, String options) {
        int parent = entries.isEmpty() ? FIRST_ID : entryOf(target).id();
        entries.add(new Entry(FIRST_ID + entries.size(), parent, target, type, source, options));
        return this;
    }

    /** The mount that a path lies on. */
    Entry entryOf(String path) {
        return entries.stream()
                .filter(entry -> entry.target().equals("/") || path.equals(entry.target())
                        || path.startsWith(entry.target() + "/"))
                .max(Comparator.comparingInt((Entry entry) -> entry.target().length()).thenComparingInt(Entry::id))
                .orElseThrow();
    }

    List<Entry> entries() {
        return List.copyOf(entries);
    }

    void write(FakeTree tree) {
        StringBuilder mountinfo = new StringBuilder();
        StringBuilder mounts = new StringBuilder();
        for (Entry entry : entries) {
            mountinfo.append(String.format("%d %d 0:%d / %s rw,relatime shared:%d - %s %s rw%s\n", entry.id(),
                    entry.parent(), entry.id(), entry.target(), entry.id(), entry.type(), entry.source(),
                    suffix(entry.options())));
            mounts.append(String.format("%s %s %s rw,relatime%s 0 0\n", entry.source(), entry.target(), entry.type(),
                    suffix(entry.options())));
            tree.directory(entry.target());
        }
        tree.file("/proc/self/mountinfo", mountinfo.toString());
        tree.file("/proc/self/mounts", mounts.toString());
        tree.link("/proc/mounts", "self/mounts");
    }

    private static String suffix(String options) {
        return options.isEmpty() ? "" : "," + options;
    }
}

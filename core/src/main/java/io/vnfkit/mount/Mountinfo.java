package io.vnfkit.mount;

import io.vnfkit.linux.DeviceNumber;
import io.vnfkit.linux.KernelFiles;
import io.vnfkit.unit.InvalidValueException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/**
 * The mounts of a mount namespace, as {@code /proc/PID/mountinfo} lists them.
 *
 * <p>Immutable and thread-safe.
 *
 * @param mounts all mounts, in the order of the file
 * @see <a href="https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html">proc_pid_mountinfo(5)</a>
 */
public record Mountinfo(List<Mount> mounts) {

    private static final int FIXED_FIELDS = 6;

    /** The text that was read last, parsed: mounts seldom change from one launch to the next. */
    private static final AtomicReference<Parsed> LAST = new AtomicReference<>(new Parsed("", new Mountinfo(List.of())));

    private record Parsed(String text, Mountinfo mountinfo) {}

    /** Copies the list. */
    public Mountinfo {
        mounts = List.copyOf(mounts);
    }

    /**
     * One mount.
     *
     * @param id its number
     * @param parentId number of the mount it lies on; its own number or one not listed for the root of a namespace
     * @param device {@code st_dev} of the files in it
     * @param root which directory of the file system is mounted
     * @param mountPoint where, relative to the root of the process
     * @param options options of the mount, such as {@code ro}
     * @param propagation optional fields, such as {@code shared:1}; empty for a private mount
     * @param type file system type, with a subtype after a dot
     * @param source device or word; may be empty
     * @param superOptions options of the file system
     */
    public record Mount(int id, int parentId, DeviceNumber device, String root, Path mountPoint, List<String> options,
            List<String> propagation, String type, String source, List<String> superOptions) {

        /** Copies the lists. */
        public Mount {
            options = List.copyOf(options);
            propagation = List.copyOf(propagation);
            superOptions = List.copyOf(superOptions);
        }

        /**
         * Tells whether nothing can be written through this mount.
         *
         * @return true if the mount or its file system is read-only
         */
        public boolean isReadOnly() {
            return options.contains("ro") || superOptions.contains("ro");
        }
    }

    /**
     * Reads the mounts of the JVM's own mount namespace. The file is read anew each time, and parsed anew where it has
     * changed.
     *
     * @param files the host's files
     * @return its mounts
     * @throws io.vnfkit.linux.KernelFileException if they cannot be read
     * @throws InvalidValueException if a line is not of the documented form
     */
    public static Mountinfo read(KernelFiles files) {
        String text = files.readRaw("/proc/self/mountinfo");
        Parsed last = LAST.get();
        if (!last.text().equals(text)) {
            last = new Parsed(text, parse(text.lines().toList()));
            LAST.set(last);
        }
        return last.mountinfo();
    }

    /**
     * Parses the lines of the file.
     *
     * @param lines its lines
     * @return the mounts
     * @throws InvalidValueException if a line is not of the documented form
     */
    public static Mountinfo parse(List<String> lines) {
        return new Mountinfo(lines.stream().map(Mountinfo::parseLine).toList());
    }

    private static Mount parseLine(String line) {
        String[] fields = line.split(" ", -1);
        int separator = FIXED_FIELDS;
        // Optional fields end at a lone hyphen; their number is free.
        while (separator < fields.length && !fields[separator].equals("-")) {
            separator++;
        }
        if (separator + 3 >= fields.length) {
            throw new InvalidValueException("mountinfo line", line, line.length(),
                    "expected six fields, optional fields, a hyphen, type, source and options");
        }
        try {
            return new Mount(Integer.parseInt(fields[0]), Integer.parseInt(fields[1]), DeviceNumber.parse(fields[2]),
                    unescape(fields[3]), Path.of(unescape(fields[4])), List.of(fields[5].split(",")),
                    List.of(fields).subList(FIXED_FIELDS, separator), unescape(fields[separator + 1]),
                    unescape(fields[separator + 2]), List.of(unescape(fields[separator + 3]).split(",")));
        } catch (IllegalArgumentException failure) {
            throw new InvalidValueException("mountinfo line", line, 0, failure.getMessage());
        }
    }

    /** The kernel writes blank, tab, newline, backslash and number sign as three octal digits. */
    static String unescape(String field) {
        if (field.indexOf('\\') < 0) {
            return field;
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < field.length(); i++) {
            if (field.charAt(i) == '\\' && isOctal(field, i + 1)) {
                text.append((char) Integer.parseInt(field, i + 1, i + 4, 8));
                i += 3;
            } else {
                text.append(field.charAt(i));
            }
        }
        return text.toString();
    }

    private static boolean isOctal(String field, int start) {
        if (start + 3 > field.length()) {
            return false;
        }
        return field.substring(start, start + 3).chars().allMatch(digit -> digit >= '0' && digit <= '7');
    }

    /**
     * The mounts that a path leads to: those that no other mount covers.
     *
     * @return visible mounts in the order of the file
     */
    public List<Mount> visible() {
        return visible(mount -> true);
    }

    /**
     * Some of the mounts that a path leads to. Asking for the few that matter is much cheaper than asking for all on a
     * host with thousands of mounts.
     *
     * @param wanted which ones
     * @return visible ones among them, in the order of the file
     */
    public List<Mount> visible(Predicate<Mount> wanted) {
        Map<Integer, Mount> byId = new HashMap<>();
        Map<Integer, List<Mount>> byParent = new HashMap<>();
        for (Mount mount : mounts) {
            byId.put(mount.id(), mount);
            byParent.computeIfAbsent(mount.parentId(), parent -> new ArrayList<>()).add(mount);
        }
        return mounts.stream().filter(wanted).filter(mount -> !isCovered(mount, byId, byParent)).toList();
    }

    /**
     * The mount that a path on a mount point leads to.
     *
     * @param mountPoint an absolute path
     * @return the visible mount exactly there; empty if the path is no mount point
     */
    public Optional<Mount> at(Path mountPoint) {
        return visible(mount -> mount.mountPoint().equals(mountPoint)).stream().findFirst();
    }

    /** A mount is covered by one on top of its own root, or by one on an ancestor, higher up on the way to it. */
    private static boolean isCovered(Mount mount, Map<Integer, Mount> byId, Map<Integer, List<Mount>> byParent) {
        for (Mount other : byParent.getOrDefault(mount.id(), List.of())) {
            if (other.id() != mount.id() && other.mountPoint().equals(mount.mountPoint())) {
                return true;
            }
        }
        Mount child = mount;
        Mount parent = byId.get(child.parentId());
        for (int depth = 0; parent != null && parent != child && depth < byId.size(); depth++) {
            if (isBypassed(child, byParent.get(parent.id()))) {
                return true;
            }
            child = parent;
            parent = byId.get(child.parentId());
        }
        return false;
    }

    private static boolean isBypassed(Mount child, List<Mount> siblings) {
        for (Mount other : siblings) {
            if (other.id() != other.parentId() && child.mountPoint().startsWith(other.mountPoint())
                    && !child.mountPoint().equals(other.mountPoint())) {
                return true;
            }
        }
        return false;
    }
}

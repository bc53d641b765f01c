package io.vnfkit.hugetlb;

import io.vnfkit.linux.KernelFiles;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.PageSize;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A hugetlbfs as /proc/self/mounts shows it.
 *
 * @param mountPoint where it is mounted
 * @param options its options; those without a value have an empty one
 * @see <a href="https://man7.org/linux/man-pages/man5/fstab.5.html">fstab(5)</a>
 */
record MountedVolume(Path mountPoint, Map<String, String> options) {

    private static final String MOUNTS = "/proc/self/mounts";

    /** The hugetlbfs that a path lies on; empty if it lies on something else. */
    static Optional<MountedVolume> on(KernelFiles files, Path path) {
        return files.readIfExists(MOUNTS).orElse("").lines().map(line -> line.split(" "))
                .filter(fields -> fields.length >= 4 && path.startsWith(unescape(fields[1])))
                // The last line wins among those of equal length: it is mounted over the others.
                .reduce((one, other) -> other[1].length() >= one[1].length() ? other : one)
                .filter(fields -> fields[2].equals("hugetlbfs"))
                .map(fields -> new MountedVolume(Path.of(unescape(fields[1])), options(fields[3])));
    }

    /** The hugetlbfs that is mounted at exactly this place. */
    static Optional<MountedVolume> at(KernelFiles files, Path mountPoint) {
        return on(files, mountPoint).filter(volume -> volume.mountPoint.equals(mountPoint));
    }

    private static Map<String, String> options(String text) {
        Map<String, String> options = new LinkedHashMap<>();
        for (String option : text.split(",")) {
            int equals = option.indexOf('=');
            String name = equals < 0 ? option : option.substring(0, equals);
            options.put(name, equals < 0 ? "" : option.substring(equals + 1));
        }
        return options;
    }

    /** The kernel writes blank, tab, newline and backslash as three octal digits (mangle in fs/proc_namespace.c). */
    private static String unescape(String path) {
        return path.replace("\\040", " ").replace("\\011", "\t").replace("\\012", "\n").replace("\\134", "\\");
    }

    /** The options in the form of a description; the kernel leaves out root as owner and its default mode. */
    VolumeOptions toVolumeOptions() {
        return new VolumeOptions(PageSize.parse(options.get("pagesize")), amount("size"), amount("min_size"),
                Integer.parseUnsignedInt(options.getOrDefault("uid", "0")),
                Integer.parseUnsignedInt(options.getOrDefault("gid", "0")),
                Integer.parseInt(options.getOrDefault("mode", "755"), 8));
    }

    /** An option that is an amount of memory. */
    Optional<Bytes> amount(String option) {
        return Optional.ofNullable(options.get(option)).map(Bytes::parse);
    }
}

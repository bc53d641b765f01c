package io.vnfkit.namespace;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * One range of a user namespace's id map: a line of {@code /proc/PID/uid_map} or {@code gid_map}.
 *
 * @param inside first id inside the namespace
 * @param outside first id outside, as the JVM sees it
 * @param count number of ids
 * @see <a href="https://man7.org/linux/man-pages/man7/user_namespaces.7.html">user_namespaces(7)</a>
 */
public record IdMap(long inside, long outside, long count) {

    /** The most lines that the kernel takes in one map, since 4.15. */
    public static final int MAXIMUM_LINES = 340;

    /** The kernel takes less than a page in one write, and only one write; 4096 octets are the smallest page. */
    private static final int MAXIMUM_OCTETS = 4095;

    /** The largest id; (uid_t) -1 means "none". */
    private static final long MAXIMUM_ID = 0xffff_fffeL;

    /**
     * Checks the range.
     *
     * @throws IllegalArgumentException if it is empty or leaves the 32-bit ids
     */
    public IdMap {
        if (count < 1 || inside < 0 || outside < 0) {
            throw new IllegalArgumentException("not an id map: " + inside + " " + outside + " " + count);
        }
        if (inside + count - 1 > MAXIMUM_ID || outside + count - 1 > MAXIMUM_ID) {
            throw new IllegalArgumentException(
                    "id map " + inside + " " + outside + " " + count + " goes beyond " + MAXIMUM_ID);
        }
    }

    /**
     * Says what is wrong with several ranges together.
     *
     * @param maps the ranges of one map
     * @return one sentence per fault; empty if the kernel would take them
     */
    public static List<String> faults(List<IdMap> maps) {
        List<String> faults = new ArrayList<>();
        if (maps.size() > MAXIMUM_LINES) {
            faults.add(maps.size() + " ranges, the kernel takes " + MAXIMUM_LINES);
        }
        int octets = maps.stream().mapToInt(map -> map.toString().length() + 1).sum();
        if (octets > MAXIMUM_OCTETS) {
            faults.add(maps.size() + " ranges take " + octets + " octets as text, the kernel takes " + MAXIMUM_OCTETS);
        }
        for (int i = 0; i < maps.size(); i++) {
            for (int j = i + 1; j < maps.size(); j++) {
                maps.get(i).addOverlap(maps.get(j), faults);
            }
        }
        return faults;
    }

    private void addOverlap(IdMap other, List<String> faults) {
        if (overlap(inside, other.inside, count, other.count)) {
            faults.add("ranges \"" + this + "\" and \"" + other + "\" overlap inside the namespace");
        }
        if (overlap(outside, other.outside, count, other.count)) {
            faults.add("ranges \"" + this + "\" and \"" + other + "\" overlap outside the namespace");
        }
    }

    private static boolean overlap(long first, long second, long firstCount, long secondCount) {
        return first < second + secondCount && second < first + firstCount;
    }

    /**
     * Tells whether an id inside the namespace is in this range.
     *
     * @param id the id inside
     * @return true if it is mapped by this range
     */
    public boolean mapsInside(long id) {
        return id >= inside && id < inside + count;
    }

    /**
     * What an id inside a namespace is outside of it.
     *
     * @param maps the map, with a line for each range
     * @param id the id inside
     * @return the id outside; empty if the map does not have it
     */
    public static OptionalLong outside(List<IdMap> maps, long id) {
        return maps.stream().filter(map -> map.mapsInside(id)).mapToLong(map -> map.outside + id - map.inside).findFirst();
    }

    /**
     * The line of the map.
     *
     * @return such as {@code 0 100000 65536}
     */
    @Override
    public String toString() {
        return inside + " " + outside + " " + count;
    }
}

package io.vnfkit.unit;

import java.util.BitSet;

/**
 * A set of CPUs in the kernel's list format, as in {@code cpuset.cpus}.
 *
 * <p>Immutable and thread-safe.
 *
 * <pre>{@code
 * CpuSet.parse("2-5,8").contains(4); // true
 * }</pre>
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/cpuset.7.html">cpuset(7), "Formats"</a>
 */
public final class CpuSet extends IndexSet<CpuSet> {

    /** Largest number that a set can hold; the kernel is built for fewer. */
    public static final int MAXIMUM = 8191;

    private static final CpuSet EMPTY = new CpuSet(new BitSet());

    private CpuSet(BitSet bits) {
        super(bits);
    }

    /**
     * The empty set.
     *
     * @return the empty set
     */
    public static CpuSet empty() {
        return EMPTY;
    }

    /**
     * A set of single CPUs.
     *
     * @param numbers the numbers, 0 to {@link #MAXIMUM}
     * @return the set
     * @throws IllegalArgumentException if a number is out of range
     */
    public static CpuSet of(int... numbers) {
        return new CpuSet(KernelList.of("CPU", MAXIMUM, numbers));
    }

    /**
     * A set of consecutive CPUs.
     *
     * @param first the first
     * @param last the last, included
     * @return the set
     * @throws IllegalArgumentException if a number is out of range or {@code last} is less than {@code first}
     */
    public static CpuSet range(int first, int last) {
        return new CpuSet(KernelList.range("CPU", MAXIMUM, first, last));
    }

    /**
     * Parses the kernel's list format strictly: numbers and ranges, separated by commas, without blanks. The empty text is the
     * empty set.
     *
     * @param text such as {@code 0-3,8}
     * @return the set
     * @throws InvalidValueException with the position, if the text is anything else
     */
    public static CpuSet parse(String text) {
        return new CpuSet(KernelList.parse("CPU list", text, MAXIMUM));
    }

    @Override
    CpuSet of(BitSet members) {
        return new CpuSet(members);
    }
}

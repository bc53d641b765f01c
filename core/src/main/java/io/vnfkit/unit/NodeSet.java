package io.vnfkit.unit;

import java.util.BitSet;

/**
 * A set of NUMA nodes in the kernel's list format, as in {@code cpuset.mems}.
 *
 * <p>Immutable and thread-safe.
 *
 * <pre>{@code
 * NodeSet.parse("2-5,8").contains(4); // true
 * }</pre>
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/cpuset.7.html">cpuset(7), "Formats"</a>
 */
public final class NodeSet extends IndexSet<NodeSet> {

    /** Largest number that a set can hold; the kernel is built for fewer. */
    public static final int MAXIMUM = 1023;

    private static final NodeSet EMPTY = new NodeSet(new BitSet());

    private NodeSet(BitSet bits) {
        super(bits);
    }

    /**
     * The empty set.
     *
     * @return the empty set
     */
    public static NodeSet empty() {
        return EMPTY;
    }

    /**
     * A set of single NUMA nodes.
     *
     * @param numbers the numbers, 0 to {@link #MAXIMUM}
     * @return the set
     * @throws IllegalArgumentException if a number is out of range
     */
    public static NodeSet of(int... numbers) {
        return new NodeSet(KernelList.of("NUMA node", MAXIMUM, numbers));
    }

    /**
     * A set of consecutive NUMA nodes.
     *
     * @param first the first
     * @param last the last, included
     * @return the set
     * @throws IllegalArgumentException if a number is out of range or {@code last} is less than {@code first}
     */
    public static NodeSet range(int first, int last) {
        return new NodeSet(KernelList.range("NUMA node", MAXIMUM, first, last));
    }

    /**
     * Parses the kernel's list format strictly: numbers and ranges, separated by commas, without blanks. The empty text is the
     * empty set.
     *
     * @param text such as {@code 0-3,8}
     * @return the set
     * @throws InvalidValueException with the position, if the text is anything else
     */
    public static NodeSet parse(String text) {
        return new NodeSet(KernelList.parse("NUMA node list", text, MAXIMUM));
    }

    @Override
    NodeSet of(BitSet members) {
        return new NodeSet(members);
    }
}

package io.vnfkit.unit;

import java.util.BitSet;
import java.util.Objects;
import java.util.stream.IntStream;

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
public final class NodeSet {

    /** Largest number that a set can hold; the kernel is built for fewer. */
    public static final int MAXIMUM = 1023;

    private static final NodeSet EMPTY = new NodeSet(new BitSet());

    private final BitSet bits;

    private NodeSet(BitSet bits) {
        this.bits = bits;
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
        return new NodeSet(IndexSet.of("NUMA node", MAXIMUM, numbers));
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
        if (last < first) {
            throw new IllegalArgumentException("range " + first + "-" + last + " runs backwards");
        }
        IndexSet.of("NUMA node", MAXIMUM, first, last);
        BitSet bits = new BitSet();
        bits.set(first, last + 1);
        return new NodeSet(bits);
    }

    /**
     * Parses the kernel's list format strictly: numbers and ranges, separated by commas, without blanks. The empty text
     * is the empty set.
     *
     * @param text such as {@code 0-3,8}
     * @return the set
     * @throws InvalidValueException with the position, if the text is anything else
     */
    public static NodeSet parse(String text) {
        return new NodeSet(IndexSet.parse("NUMA node list", text, MAXIMUM));
    }

    /**
     * Tells whether a NUMA node is in the set.
     *
     * @param number its number
     * @return true if it is
     */
    public boolean contains(int number) {
        return number >= 0 && bits.get(number);
    }

    /**
     * Tells whether every NUMA node of another set is in this one.
     *
     * @param other the other set
     * @return true if so
     */
    public boolean containsAll(NodeSet other) {
        return other.minus(this).isEmpty();
    }

    /**
     * Tells whether the set is empty.
     *
     * @return true if it is
     */
    public boolean isEmpty() {
        return bits.isEmpty();
    }

    /**
     * How many NUMA nodes the set holds.
     *
     * @return the count
     */
    public int size() {
        return bits.cardinality();
    }

    /**
     * The lowest NUMA node.
     *
     * @return its number
     * @throws IllegalStateException if the set is empty
     */
    public int first() {
        if (isEmpty()) {
            throw new IllegalStateException("the set is empty");
        }
        return bits.nextSetBit(0);
    }

    /**
     * The highest NUMA node.
     *
     * @return its number
     * @throws IllegalStateException if the set is empty
     */
    public int last() {
        if (isEmpty()) {
            throw new IllegalStateException("the set is empty");
        }
        return bits.length() - 1;
    }

    /**
     * The members in ascending order.
     *
     * @return a stream
     */
    public IntStream stream() {
        return bits.stream();
    }

    /**
     * What is in both sets.
     *
     * @param other the other set
     * @return the intersection
     */
    public NodeSet intersection(NodeSet other) {
        return new NodeSet(IndexSet.and(bits, other.bits));
    }

    /**
     * What is in either set.
     *
     * @param other the other set
     * @return the union
     */
    public NodeSet union(NodeSet other) {
        return new NodeSet(IndexSet.or(bits, other.bits));
    }

    /**
     * What is in this set and not in the other.
     *
     * @param other the other set
     * @return the difference
     */
    public NodeSet minus(NodeSet other) {
        return new NodeSet(IndexSet.andNot(bits, Objects.requireNonNull(other, "other").bits));
    }

    /**
     * The kernel's mask format: hexadecimal words of 32 bits, most significant first, separated by commas.
     *
     * @param width number of bits that the mask shows; the kernel uses its number of possible NUMA nodes
     * @return such as {@code 00000001,ffffffff}
     * @throws IllegalArgumentException if a member lies outside of the mask
     */
    public String toMask(int width) {
        return IndexSet.mask(bits, width);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NodeSet set && set.bits.equals(bits);
    }

    @Override
    public int hashCode() {
        return bits.hashCode();
    }

    /**
     * The kernel's list format, which {@link #parse} reads back.
     *
     * @return such as {@code 0-3,8}
     */
    @Override
    public String toString() {
        return IndexSet.format(bits);
    }
}

package io.vnfkit.unit;

import java.util.BitSet;
import java.util.Objects;
import java.util.stream.IntStream;

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
public final class CpuSet {

    /** Largest number that a set can hold; the kernel is built for fewer. */
    public static final int MAXIMUM = 8191;

    private static final CpuSet EMPTY = new CpuSet(new BitSet());

    private final BitSet bits;

    private CpuSet(BitSet bits) {
        this.bits = bits;
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
        return new CpuSet(IndexSet.of("CPU", MAXIMUM, numbers));
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
        if (last < first) {
            throw new IllegalArgumentException("range " + first + "-" + last + " runs backwards");
        }
        IndexSet.of("CPU", MAXIMUM, first, last);
        BitSet bits = new BitSet();
        bits.set(first, last + 1);
        return new CpuSet(bits);
    }

    /**
     * Parses the kernel's list format strictly: numbers and ranges, separated by commas, without blanks. The empty text
     * is the empty set.
     *
     * @param text such as {@code 0-3,8}
     * @return the set
     * @throws InvalidValueException with the position, if the text is anything else
     */
    public static CpuSet parse(String text) {
        return new CpuSet(IndexSet.parse("CPU list", text, MAXIMUM));
    }

    /**
     * Tells whether a CPU is in the set.
     *
     * @param number its number
     * @return true if it is
     */
    public boolean contains(int number) {
        return number >= 0 && bits.get(number);
    }

    /**
     * Tells whether every CPU of another set is in this one.
     *
     * @param other the other set
     * @return true if so
     */
    public boolean containsAll(CpuSet other) {
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
     * How many CPUs the set holds.
     *
     * @return the count
     */
    public int size() {
        return bits.cardinality();
    }

    /**
     * The lowest CPU.
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
     * The highest CPU.
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
    public CpuSet intersection(CpuSet other) {
        return new CpuSet(IndexSet.and(bits, other.bits));
    }

    /**
     * What is in either set.
     *
     * @param other the other set
     * @return the union
     */
    public CpuSet union(CpuSet other) {
        return new CpuSet(IndexSet.or(bits, other.bits));
    }

    /**
     * What is in this set and not in the other.
     *
     * @param other the other set
     * @return the difference
     */
    public CpuSet minus(CpuSet other) {
        return new CpuSet(IndexSet.andNot(bits, Objects.requireNonNull(other, "other").bits));
    }

    /**
     * The kernel's mask format: hexadecimal words of 32 bits, most significant first, separated by commas.
     *
     * @param width number of bits that the mask shows; the kernel uses its number of possible CPUs
     * @return such as {@code 00000001,ffffffff}
     * @throws IllegalArgumentException if a member lies outside of the mask
     */
    public String toMask(int width) {
        return IndexSet.mask(bits, width);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CpuSet set && set.bits.equals(bits);
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

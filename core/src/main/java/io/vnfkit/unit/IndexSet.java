package io.vnfkit.unit;

import java.util.BitSet;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * A set of numbers that the kernel gives to CPUs or NUMA nodes, in its list format.
 *
 * <p>Immutable and thread-safe.
 *
 * @param <S> the kind of set
 * @see <a href="https://man7.org/linux/man-pages/man7/cpuset.7.html">cpuset(7), "Formats"</a>
 */
public abstract sealed class IndexSet<S extends IndexSet<S>> permits CpuSet, NodeSet {

    private final BitSet bits;

    /** Takes the bits over: nobody else may hold them. */
    IndexSet(BitSet bits) {
        this.bits = bits;
    }

    /** A set of the same kind. */
    abstract S of(BitSet members);

    private BitSet copy() {
        return (BitSet) bits.clone();
    }

    private static BitSet bitsOf(IndexSet<?> other) {
        return Objects.requireNonNull(other, "other").bits;
    }

    /**
     * Tells whether a number is in the set.
     *
     * @param number the number
     * @return true if it is
     */
    public final boolean contains(int number) {
        return number >= 0 && bits.get(number);
    }

    /**
     * Tells whether every member of another set is in this one.
     *
     * @param other the other set
     * @return true if so
     */
    public final boolean containsAll(S other) {
        return other.minus(of(bits)).isEmpty();
    }

    /**
     * Tells whether the set is empty.
     *
     * @return true if it is
     */
    public final boolean isEmpty() {
        return bits.isEmpty();
    }

    /**
     * How many members the set has.
     *
     * @return the count
     */
    public final int size() {
        return bits.cardinality();
    }

    /**
     * The lowest member.
     *
     * @return its number
     * @throws IllegalStateException if the set is empty
     */
    public final int first() {
        requireMembers();
        return bits.nextSetBit(0);
    }

    /**
     * The highest member.
     *
     * @return its number
     * @throws IllegalStateException if the set is empty
     */
    public final int last() {
        requireMembers();
        return bits.length() - 1;
    }

    private void requireMembers() {
        if (isEmpty()) {
            throw new IllegalStateException("the set is empty");
        }
    }

    /**
     * The members in ascending order.
     *
     * @return a stream
     */
    public final IntStream stream() {
        return bits.stream();
    }

    /**
     * What is in both sets.
     *
     * @param other the other set
     * @return the intersection
     */
    public final S intersection(S other) {
        BitSet result = copy();
        result.and(bitsOf(other));
        return of(result);
    }

    /**
     * What is in either set.
     *
     * @param other the other set
     * @return the union
     */
    public final S union(S other) {
        BitSet result = copy();
        result.or(bitsOf(other));
        return of(result);
    }

    /**
     * What is in this set and not in the other.
     *
     * @param other the other set
     * @return the difference
     */
    public final S minus(S other) {
        BitSet result = copy();
        result.andNot(bitsOf(other));
        return of(result);
    }

    /**
     * The kernel's mask format: hexadecimal words of 32 bits, most significant first, separated by commas.
     *
     * @param width number of bits that the mask shows, the kernel's number of possible CPUs or nodes
     * @return such as {@code 00000001,ffffffff}
     * @throws IllegalArgumentException if a member lies outside of the mask
     */
    public final String toMask(int width) {
        return KernelList.mask(bits, width);
    }

    @Override
    public final boolean equals(Object other) {
        return other != null && other.getClass() == getClass() && ((IndexSet<?>) other).bits.equals(bits);
    }

    @Override
    public final int hashCode() {
        return bits.hashCode();
    }

    /**
     * The kernel's list format, which {@code parse} reads back.
     *
     * @return such as {@code 0-3,8}
     */
    @Override
    public final String toString() {
        return KernelList.format(bits);
    }
}

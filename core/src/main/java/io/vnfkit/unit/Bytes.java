package io.vnfkit.unit;

/**
 * An amount of memory.
 *
 * <p>Immutable and thread-safe.
 *
 * @param value number of bytes, not negative
 */
public record Bytes(long value) implements Comparable<Bytes> {

    /** Nothing. */
    public static final Bytes ZERO = new Bytes(0);

    private static final String UNITS = "KMGTP";

    /**
     * Checks the range.
     *
     * @throws IllegalArgumentException if the value is negative
     */
    public Bytes {
        if (value < 0) {
            throw new IllegalArgumentException("an amount of memory is not negative: " + value);
        }
    }

    /**
     * An amount in bytes.
     *
     * @param count number of bytes
     * @return the amount
     */
    public static Bytes of(long count) {
        return new Bytes(count);
    }

    /**
     * An amount in KiB, 1024 bytes.
     *
     * @param count number of KiB
     * @return the amount
     * @throws ArithmeticException if it does not fit into 63 bits
     */
    public static Bytes kibibytes(long count) {
        return new Bytes(Math.multiplyExact(count, 1L << 10));
    }

    /**
     * An amount in MiB, 1024 KiB.
     *
     * @param count number of MiB
     * @return the amount
     * @throws ArithmeticException if it does not fit into 63 bits
     */
    public static Bytes mebibytes(long count) {
        return new Bytes(Math.multiplyExact(count, 1L << 20));
    }

    /**
     * An amount in GiB, 1024 MiB.
     *
     * @param count number of GiB
     * @return the amount
     * @throws ArithmeticException if it does not fit into 63 bits
     */
    public static Bytes gibibytes(long count) {
        return new Bytes(Math.multiplyExact(count, 1L << 30));
    }

    /**
     * Parses a number with an optional binary unit, as the kernel's {@code memparse} does: {@code 512M} is 512 MiB. The
     * units are K, M, G, T and P in either case, optionally followed by {@code iB}.
     *
     * @param text such as {@code 4096}, {@code 64k}, {@code 512M} or {@code 1GiB}
     * @return the amount
     * @throws InvalidValueException with the position, if the text is anything else or larger than 63 bits
     */
    public static Bytes parse(String text) {
        Scanner scanner = new Scanner("amount of memory", text);
        long number = scanner.decimal(Long.MAX_VALUE);
        if (scanner.atEnd()) {
            return new Bytes(number);
        }
        int unitPosition = scanner.position();
        int power = UNITS.indexOf(upper(scanner.next("a unit")));
        if (power < 0) {
            throw scanner.refuseAt(unitPosition, "expected one of the units K, M, G, T, P");
        }
        if (scanner.accept('i')) {
            scanner.expect('B');
        }
        scanner.expectEnd();
        int shift = 10 * (power + 1);
        if (number > Long.MAX_VALUE >> shift) {
            throw scanner.refuseAt(0, "amount is larger than 63 bits");
        }
        return new Bytes(number << shift);
    }

    private static char upper(char character) {
        return character >= 'a' && character <= 'z' ? (char) (character - 'a' + 'A') : character;
    }

    /**
     * Adds two amounts.
     *
     * @param other the other amount
     * @return the sum
     * @throws ArithmeticException if it does not fit into 63 bits
     */
    public Bytes plus(Bytes other) {
        return new Bytes(Math.addExact(value, other.value));
    }

    /**
     * Takes an amount away.
     *
     * @param other the other amount
     * @return the difference, zero where the other is larger
     */
    public Bytes minusOrZero(Bytes other) {
        return new Bytes(Math.max(0, value - other.value));
    }

    /**
     * The smaller of two amounts.
     *
     * @param other the other amount
     * @return the smaller
     */
    public Bytes min(Bytes other) {
        return value <= other.value ? this : other;
    }

    /**
     * Whole MiB in this amount, as the EAL's memory options count.
     *
     * @return the number of MiB, rounded down
     */
    public long inMebibytes() {
        return value >> 20;
    }

    /**
     * Whole pages in this amount.
     *
     * @param pageSize the page size
     * @return the number of pages, rounded down
     */
    public long inPages(PageSize pageSize) {
        return value / pageSize.bytes();
    }

    @Override
    public int compareTo(Bytes other) {
        return Long.compare(value, other.value);
    }

    /**
     * The amount in its largest unit that divides it, which {@link #parse} reads back.
     *
     * @return such as {@code 512MiB}
     */
    @Override
    public String toString() {
        if (value == 0) {
            return "0";
        }
        int power = Math.min(UNITS.length(), Long.numberOfTrailingZeros(value) / 10);
        return power == 0 ? Long.toString(value) : (value >> 10 * power) + UNITS.substring(power - 1, power) + "iB";
    }
}

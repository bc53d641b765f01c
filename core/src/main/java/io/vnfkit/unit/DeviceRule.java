package io.vnfkit.unit;

import java.util.EnumSet;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;

/**
 * One rule of the devices control group: access to device nodes of a type, by major and minor number.
 *
 * <p>Immutable and thread-safe. The text form is that of the version 1 controller's {@code devices.allow}:
 * {@code c 1:3 rwm}, {@code b *:* m}, {@code a *:* rwm}.
 *
 * @param type kind of device node
 * @param major major number; empty for all
 * @param minor minor number; empty for all
 * @param access what is allowed; not empty
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v1/devices.html">Device Whitelist Controller</a>
 */
public record DeviceRule(Type type, OptionalInt major, OptionalInt minor, Set<Access> access) {

    /** Kind of device node. */
    public enum Type {
        /** Both kinds; only with every number and every access. */
        ALL('a'),
        /** Block devices. */
        BLOCK('b'),
        /** Character devices. */
        CHARACTER('c');

        private final char letter;

        Type(char letter) {
            this.letter = letter;
        }

        /**
         * The letter of the rule grammar.
         *
         * @return a, b or c
         */
        public char letter() {
            return letter;
        }
    }

    /** What may be done with a device node. */
    public enum Access {
        /** Open for reading. */
        READ('r'),
        /** Open for writing. */
        WRITE('w'),
        /** Create the node with mknod(2). */
        MKNOD('m');

        private final char letter;

        Access(char letter) {
            this.letter = letter;
        }

        /**
         * The letter of the rule grammar.
         *
         * @return r, w or m
         */
        public char letter() {
            return letter;
        }
    }

    private static final int MAXIMUM_MAJOR = (1 << 12) - 1;
    private static final int MAXIMUM_MINOR = (1 << 20) - 1;

    /**
     * Checks the parts.
     *
     * @throws IllegalArgumentException if the access is empty, a number is out of the kernel's range (12 bits for the
     *     major, 20 for the minor number), or the type is {@link Type#ALL} with less than everything, which the kernel
     *     would widen to everything without a word
     */
    public DeviceRule {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(major, "major");
        Objects.requireNonNull(minor, "minor");
        if (access.isEmpty()) {
            throw new IllegalArgumentException("a device rule needs at least one of r, w, m");
        }
        access = Set.copyOf(access);
        requireNumber("major", major, MAXIMUM_MAJOR);
        requireNumber("minor", minor, MAXIMUM_MINOR);
        if (type == Type.ALL && (major.isPresent() || minor.isPresent() || access.size() != 3)) {
            throw new IllegalArgumentException("a rule of type 'a' always means \"a *:* rwm\"");
        }
    }

    private static void requireNumber(String which, OptionalInt number, int maximum) {
        if (number.isPresent() && (number.getAsInt() < 0 || number.getAsInt() > maximum)) {
            throw new IllegalArgumentException(
                    "device " + which + " number " + number.getAsInt() + " is not in 0.." + maximum);
        }
    }

    /**
     * The rule that stands for every device.
     *
     * @return {@code a *:* rwm}
     */
    public static DeviceRule everything() {
        return new DeviceRule(Type.ALL, OptionalInt.empty(), OptionalInt.empty(), EnumSet.allOf(Access.class));
    }

    /**
     * Reading, writing and making one character device.
     *
     * @param major its major number
     * @param minor its minor number
     * @return {@code c major:minor rwm}
     */
    public static DeviceRule character(int major, int minor) {
        return new DeviceRule(
                Type.CHARACTER, OptionalInt.of(major), OptionalInt.of(minor), EnumSet.allOf(Access.class));
    }

    /**
     * Reading, writing and making one block device.
     *
     * @param major its major number
     * @param minor its minor number
     * @return {@code b major:minor rwm}
     */
    public static DeviceRule block(int major, int minor) {
        return new DeviceRule(Type.BLOCK, OptionalInt.of(major), OptionalInt.of(minor), EnumSet.allOf(Access.class));
    }

    /**
     * The same rule with another access.
     *
     * @param first one kind of access
     * @param others further kinds
     * @return the narrowed or widened rule
     */
    public DeviceRule with(Access first, Access... others) {
        return new DeviceRule(type, major, minor, EnumSet.of(first, others));
    }

    /**
     * Parses the kernel's rule grammar strictly. A lone {@code a} stands for {@code a *:* rwm}.
     *
     * @param text such as {@code c 242:2 rwm}
     * @return the rule
     * @throws InvalidValueException with the position, if the kernel would refuse the text, or would quietly take it
     *     for something wider
     */
    public static DeviceRule parse(String text) {
        Scanner scanner = new Scanner("device rule", text);
        Type type = type(scanner);
        if (type == Type.ALL && scanner.atEnd()) {
            return everything();
        }
        scanner.expect(' ');
        OptionalInt major = number(scanner, MAXIMUM_MAJOR);
        scanner.expect(':');
        OptionalInt minor = number(scanner, MAXIMUM_MINOR);
        scanner.expect(' ');
        Set<Access> access = access(scanner);
        if (type == Type.ALL && (major.isPresent() || minor.isPresent() || access.size() != 3)) {
            throw scanner.refuseAt(0, "a rule of type 'a' always means \"a *:* rwm\"");
        }
        return new DeviceRule(type, major, minor, access);
    }

    private static Type type(Scanner scanner) {
        int position = scanner.position();
        char letter = scanner.next("one of a, b, c");
        for (Type type : Type.values()) {
            if (type.letter == letter) {
                return type;
            }
        }
        throw scanner.refuseAt(position, "expected one of a, b, c");
    }

    private static OptionalInt number(Scanner scanner, int maximum) {
        return scanner.accept('*') ? OptionalInt.empty() : OptionalInt.of((int) scanner.decimal(maximum));
    }

    private static Set<Access> access(Scanner scanner) {
        Set<Access> access = EnumSet.noneOf(Access.class);
        do {
            int position = scanner.position();
            char letter = scanner.next("one of r, w, m");
            Access found = null;
            for (Access candidate : Access.values()) {
                found = candidate.letter == letter ? candidate : found;
            }
            if (found == null || !access.add(found)) {
                throw scanner.refuseAt(position, found == null ? "expected one of r, w, m" : "given twice");
            }
        } while (!scanner.atEnd());
        return access;
    }

    /**
     * The rule in the kernel's grammar, which {@link #parse} reads back.
     *
     * @return such as {@code c 1:3 rwm}
     */
    @Override
    public String toString() {
        StringBuilder rule = new StringBuilder().append(type.letter).append(' ');
        rule.append(text(major)).append(':').append(text(minor)).append(' ');
        for (Access kind : Access.values()) {
            if (access.contains(kind)) {
                rule.append(kind.letter);
            }
        }
        return rule.toString();
    }

    private static String text(OptionalInt number) {
        return number.isPresent() ? Integer.toString(number.getAsInt()) : "*";
    }
}

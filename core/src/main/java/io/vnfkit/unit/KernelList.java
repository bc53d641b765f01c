package io.vnfkit.unit;

import java.util.BitSet;

/** The kernel's list and mask formats for CPUs and NUMA nodes. */
final class KernelList {

    private KernelList() {}

    /** Parses {@code 0-3,8}, the "List format" of cpuset(7). Empty text is the empty set. */
    static BitSet parse(String type, String text, int maximum) {
        Scanner scanner = new Scanner(type, text);
        BitSet bits = new BitSet();
        if (scanner.atEnd()) {
            return bits;
        }
        do {
            int start = scanner.position();
            int first = (int) scanner.decimal(maximum);
            int last = scanner.accept('-') ? (int) scanner.decimal(maximum) : first;
            if (last < first) {
                throw scanner.refuseAt(start, "range " + first + "-" + last + " runs backwards");
            }
            bits.set(first, last + 1);
        } while (scanner.accept(','));
        scanner.expectEnd();
        return bits;
    }

    static String format(BitSet bits) {
        StringBuilder list = new StringBuilder();
        for (int first = bits.nextSetBit(0); first >= 0;) {
            int end = bits.nextClearBit(first);
            if (list.length() > 0) {
                list.append(',');
            }
            list.append(first);
            if (end - 1 > first) {
                list.append('-').append(end - 1);
            }
            first = bits.nextSetBit(end);
        }
        return list.toString();
    }

    static BitSet range(String type, int maximum, int first, int last) {
        if (last < first) {
            throw new IllegalArgumentException("range " + first + "-" + last + " runs backwards");
        }
        BitSet bits = of(type, maximum, first, last);
        bits.set(first, last + 1);
        return bits;
    }

    static BitSet of(String type, int maximum, int... indices) {
        BitSet bits = new BitSet();
        for (int index : indices) {
            if (index < 0 || index > maximum) {
                throw new IllegalArgumentException(type + " " + index + " is not in 0.." + maximum);
            }
            bits.set(index);
        }
        return bits;
    }

    /** Comma-separated 32-bit words, most significant first: the "Mask format" of cpuset(7). */
    static String mask(BitSet bits, int width) {
        if (width < 1 || width < bits.length()) {
            throw new IllegalArgumentException("a mask of " + width + " bits does not show the set " + format(bits));
        }
        int words = (width - 1) / 32 + 1;
        StringBuilder mask = new StringBuilder();
        for (int word = words - 1; word >= 0; word--) {
            long value = 0;
            for (int bit = 0; bit < 32; bit++) {
                value |= bits.get(word * 32 + bit) ? 1L << bit : 0;
            }
            boolean top = word == words - 1;
            int digits = top && width % 32 != 0 ? (width % 32 + 3) / 4 : 8;
            mask.append(String.format("%0" + digits + "x", value));
            if (word > 0) {
                mask.append(',');
            }
        }
        return mask.toString();
    }
}

package io.vnfkit.hugetlb;

import io.vnfkit.unit.Bytes;

/** Amounts of memory in the form that the kernel's memparse() reads and that a person writes into mount options. */
final class KernelSize {

    private KernelSize() {}

    /** The amount with the largest unit that divides it: 2M, 1G, 512K. */
    static String of(Bytes amount) {
        String text = amount.toString();
        return text.endsWith("iB") ? text.substring(0, text.length() - 2) : text;
    }
}

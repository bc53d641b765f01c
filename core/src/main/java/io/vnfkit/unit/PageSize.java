package io.vnfkit.unit;

/**
 * The size of a huge page. Which sizes exist depends on the processor; the kernel lists them in
 * {@code /sys/kernel/mm/hugepages}.
 *
 * <p>Immutable and thread-safe.
 *
 * @param bytes size in bytes, a power of two of at least 8 KiB
 */
public record PageSize(long bytes) implements Comparable<PageSize> {

    /** 64 KiB: aarch64 with 4 KiB base pages. */
    public static final PageSize KIB_64 = new PageSize(64L << 10);
    /** 2 MiB: x86-64 and aarch64. */
    public static final PageSize MIB_2 = new PageSize(2L << 20);
    /** 32 MiB: aarch64. */
    public static final PageSize MIB_32 = new PageSize(32L << 20);
    /** 512 MiB: aarch64 with 64 KiB base pages. */
    public static final PageSize MIB_512 = new PageSize(512L << 20);
    /** 1 GiB: x86-64 with the pdpe1gb flag, and aarch64. */
    public static final PageSize GIB_1 = new PageSize(1L << 30);

    private static final String SYSFS_PREFIX = "hugepages-";
    private static final String SYSFS_SUFFIX = "kB";

    /**
     * Checks the size.
     *
     * @throws IllegalArgumentException if it is not a power of two of at least 8 KiB
     */
    public PageSize {
        if (bytes < 8192 || Long.bitCount(bytes) != 1) {
            throw new IllegalArgumentException("a huge page is a power of two of at least 8 KiB: " + bytes);
        }
    }

    /**
     * Parses a size with unit.
     *
     * @param text such as {@code 2M}, {@code 1G} or {@code 64KiB}
     * @return the size
     * @throws InvalidValueException with the position, if it is not an amount of memory or no power of two
     */
    public static PageSize parse(String text) {
        Bytes size = Bytes.parse(text);
        if (size.value() < 8192 || Long.bitCount(size.value()) != 1) {
            throw new InvalidValueException("huge page size", text, 0, "not a power of two of at least 8 KiB");
        }
        return new PageSize(size.value());
    }

    /**
     * Reads the name of a directory below {@code /sys/kernel/mm/hugepages}.
     *
     * @param name such as {@code hugepages-2048kB}
     * @return the size
     * @throws InvalidValueException with the position, if the name is anything else
     */
    public static PageSize fromSysfsName(String name) {
        Scanner scanner = new Scanner("hugepages directory", name);
        for (char expected : SYSFS_PREFIX.toCharArray()) {
            scanner.expect(expected);
        }
        int start = scanner.position();
        long kibibytes = scanner.decimal(Long.MAX_VALUE >> 10);
        for (char expected : SYSFS_SUFFIX.toCharArray()) {
            scanner.expect(expected);
        }
        scanner.expectEnd();
        if (Long.bitCount(kibibytes) != 1 || kibibytes < 8) {
            throw scanner.refuseAt(start, "not a power of two of at least 8 kB");
        }
        return new PageSize(kibibytes << 10);
    }

    /**
     * The directory's name below {@code /sys/kernel/mm/hugepages}.
     *
     * @return such as {@code hugepages-2048kB}
     */
    public String sysfsName() {
        return SYSFS_PREFIX + (bytes >> 10) + SYSFS_SUFFIX;
    }

    /**
     * The size as the hugetlb controller writes it into file names (mem_fmt in mm/hugetlb_cgroup.c): 64KB, 2MB, 1GB.
     *
     * @return such as {@code 2MB} of {@code hugetlb.2MB.max}
     */
    public String cgroupName() {
        if (bytes >= 1L << 30) {
            return (bytes >> 30) + "GB";
        }
        return bytes >= 1L << 20 ? (bytes >> 20) + "MB" : (bytes >> 10) + "KB";
    }

    /**
     * The size as an amount of memory.
     *
     * @return the amount
     */
    public Bytes toBytes() {
        return Bytes.of(bytes);
    }

    /**
     * The memory of several pages.
     *
     * @param count number of pages
     * @return the amount
     * @throws ArithmeticException if it does not fit into 63 bits
     */
    public Bytes times(long count) {
        return Bytes.of(Math.multiplyExact(bytes, count));
    }

    @Override
    public int compareTo(PageSize other) {
        return Long.compare(bytes, other.bytes);
    }

    /**
     * The size with its unit, which {@link #parse} reads back.
     *
     * @return such as {@code 2MiB}
     */
    @Override
    public String toString() {
        return toBytes().toString();
    }
}

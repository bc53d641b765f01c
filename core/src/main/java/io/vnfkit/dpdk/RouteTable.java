package io.vnfkit.dpdk;

import java.util.Objects;

/**
 * Description of a table of routes.
 *
 * <p>The table is a trie with a first stride of 16 bits and further strides of 8 bits, in hugepages: 256 KiB, and 1 KiB
 * for each group of 256 addresses, or of longer strides, below which prefixes lie.
 *
 * @param name how the description calls it
 * @param isIpv4 the family
 * @param groups how many groups there is room for
 */
public record RouteTable(String name, boolean isIpv4, int groups) {

    private static final int HIGHEST = (1 << 22) - 1;

    /**
     * Checks the range.
     *
     * @throws IllegalArgumentException if it is exceeded
     */
    public RouteTable {
        Objects.requireNonNull(name, "name");
        if (groups < 1 || groups > HIGHEST) {
            throw new IllegalArgumentException("a table of routes has 1 to " + HIGHEST + " groups, not " + groups);
        }
    }

    /**
     * A table that takes so many IPv4 routes of any length, wherever they lie: two groups for each at worst, and never
     * more than one for each /16 and each /24.
     *
     * @param name how the description calls it
     * @param routes how many
     * @return the description
     */
    public static RouteTable ipv4(String name, int routes) {
        return new RouteTable(name, true, (int) Math.min(HIGHEST, Math.min(routes, 65536L) + routes));
    }

    /**
     * A table that takes so many IPv6 routes not longer than /64, wherever they lie: six groups for each at worst.
     *
     * @param name how the description calls it
     * @param routes how many
     * @return the description
     */
    public static RouteTable ipv6(String name, int routes) {
        return new RouteTable(name, false, (int) Math.min(HIGHEST, 6L * routes));
    }

    /**
     * The same with another number of groups.
     *
     * @param count how many groups there is room for
     * @return the new description
     */
    public RouteTable groups(int count) {
        return new RouteTable(name, isIpv4, count);
    }

    long bytes() {
        return 4L * 65536 + groups * (1024L + 8);
    }
}

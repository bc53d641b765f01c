package io.vnfkit.examples.forwarder;

import io.vnfkit.dpdk.table.IpPrefix;
import io.vnfkit.dpdk.table.NextHop;
import io.vnfkit.unit.MacAddress;
import java.util.List;

/**
 * A route as the control socket and the command line write it: {@code PREFIX OUTPUT DESTINATION SOURCE}.
 *
 * @param prefix where to
 * @param nextHop how; without a tunnel
 */
record Route(IpPrefix prefix, NextHop nextHop) {

    static final String FORM = "PREFIX OUTPUT DESTINATION SOURCE";

    private static final int WORDS = 4;

    /**
     * Reads a route.
     *
     * @throws IllegalArgumentException if there are other words than these four
     */
    static Route parse(List<String> words) {
        if (words.size() != WORDS) {
            throw new IllegalArgumentException("a route is " + FORM + ", not \"" + String.join(" ", words) + "\"");
        }
        return new Route(IpPrefix.parse(words.get(0)), NextHop.via(output(words.get(1)),
                MacAddress.parse(words.get(2)), MacAddress.parse(words.get(3))));
    }

    private static int output(String word) {
        try {
            return Integer.parseInt(word);
        } catch (NumberFormatException failure) {
            throw new IllegalArgumentException("an output is a number, not \"" + word + "\"", failure);
        }
    }

    /** The same in words, for {@link #parse}. */
    @Override
    public String toString() {
        return prefix + " " + nextHop.output() + " " + nextHop.destination() + " " + nextHop.source();
    }
}

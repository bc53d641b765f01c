package io.vnfkit.examples.forwarder;

import io.vnfkit.dpdk.table.CoreTunnel;
import io.vnfkit.dpdk.table.IpPrefix;
import io.vnfkit.dpdk.table.NextHop;
import io.vnfkit.unit.MacAddress;
import java.util.List;

/**
 * A route as the control socket and the command line write it: {@code PREFIX OUTPUT DESTINATION SOURCE}, and of a BNG
 * behind that {@code LOCAL REMOTE LABEL} of the tunnel.
 *
 * @param prefix where to
 * @param nextHop how
 */
record Route(IpPrefix prefix, NextHop nextHop) {

    static final String FORM = "PREFIX OUTPUT DESTINATION SOURCE [LOCAL REMOTE LABEL]";

    private static final int WORDS = 4;
    private static final int WORDS_WITH_TUNNEL = 7;

    /**
     * Reads a route.
     *
     * @throws IllegalArgumentException if there are other words than these
     */
    static Route parse(List<String> words) {
        if (words.size() != WORDS && words.size() != WORDS_WITH_TUNNEL) {
            throw new IllegalArgumentException("a route is " + FORM + ", not \"" + String.join(" ", words) + "\"");
        }
        NextHop nextHop = NextHop.via(number("an output", words.get(1)),
                MacAddress.parse(words.get(2)), MacAddress.parse(words.get(3)));
        return new Route(IpPrefix.parse(words.get(0)),
                words.size() == WORDS ? nextHop : nextHop.through(tunnel(words.subList(WORDS, WORDS_WITH_TUNNEL))));
    }

    private static CoreTunnel tunnel(List<String> words) {
        return new CoreTunnel(Ipv4Text.parse(words.get(0)), Ipv4Text.parse(words.get(1)), number("a label", words.get(2)));
    }

    private static int number(String what, String word) {
        try {
            return Integer.parseInt(word);
        } catch (NumberFormatException failure) {
            throw new IllegalArgumentException(what + " is a number, not \"" + word + "\"", failure);
        }
    }

    /** The same in words, for {@link #parse}. */
    @Override
    public String toString() {
        String tunnel = nextHop.tunnel().map(through -> " " + through.local().getHostAddress() + " "
                + through.remote().getHostAddress() + " " + through.label()).orElse("");
        return prefix + " " + nextHop.output() + " " + nextHop.destination() + " " + nextHop.source() + tunnel;
    }
}

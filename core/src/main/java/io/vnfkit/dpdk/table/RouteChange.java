package io.vnfkit.dpdk.table;

import java.util.Objects;

/** One change of a table of routes. */
public sealed interface RouteChange {

    /** Which prefix it is about. */
    IpPrefix prefix();

    /**
     * Adds a route, or gives the route of this prefix another next hop. Packets see the old or the new one, never none.
     *
     * @param prefix where to
     * @param nextHop how
     */
    record Put(IpPrefix prefix, NextHop nextHop) implements RouteChange {
        /** Checks that nothing is missing. */
        public Put {
            Objects.requireNonNull(prefix, "prefix");
            Objects.requireNonNull(nextHop, "nextHop");
        }
    }

    /**
     * Removes the route of a prefix. Its packets follow the route of the next shorter prefix, if there is one.
     *
     * @param prefix where to
     */
    record Remove(IpPrefix prefix) implements RouteChange {
        /** Checks that nothing is missing. */
        public Remove {
            Objects.requireNonNull(prefix, "prefix");
        }
    }
}

package io.vnfkit.examples.forwarder;

import io.vnfkit.dpdk.table.IpPrefix;
import java.util.Arrays;
import java.util.List;

/** A line that a manager sends; {@link #toString} is the line. */
sealed interface ControlRequest {

    /** Adds a route, or gives its prefix another next hop. */
    record Put(Route route) implements ControlRequest {
        @Override
        public String toString() {
            return "put " + route;
        }
    }

    /** Removes the route of a prefix. */
    record Remove(IpPrefix prefix) implements ControlRequest {
        @Override
        public String toString() {
            return "remove " + prefix;
        }
    }

    /** Asks for all routes. */
    record ListAll() implements ControlRequest {
        @Override
        public String toString() {
            return "list";
        }
    }

    /**
     * Reads a line.
     *
     * @throws RuntimeException that says what is wrong with it: an {@link IllegalArgumentException}, or what the parsers
     *     of prefixes and addresses throw
     */
    static ControlRequest parse(String line) {
        List<String> words = Arrays.asList(line.strip().split(" +"));
        List<String> arguments = words.subList(1, words.size());
        switch (words.get(0)) {
            case "put":
                return new Put(Route.parse(arguments));
            case "remove":
                if (arguments.size() != 1) {
                    throw new IllegalArgumentException("remove takes one PREFIX");
                }
                return new Remove(IpPrefix.parse(arguments.get(0)));
            case "list":
                if (!arguments.isEmpty()) {
                    throw new IllegalArgumentException("list takes no arguments");
                }
                return new ListAll();
            default:
                throw new IllegalArgumentException("no request \"" + words.get(0) + "\"; there are put " + Route.FORM
                        + ", remove PREFIX, list");
        }
    }
}

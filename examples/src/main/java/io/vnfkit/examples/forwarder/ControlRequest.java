package io.vnfkit.examples.forwarder;

import io.vnfkit.dpdk.table.IpPrefix;
import io.vnfkit.dpdk.table.Subscriber;
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

    /** Adds a subscriber, or replaces the one with the same tags. */
    record PutSubscriber(Subscriber subscriber) implements ControlRequest {
        @Override
        public String toString() {
            return "put-subscriber " + SubscriberText.of(subscriber);
        }
    }

    /** Removes a subscriber, of which only the tags matter. */
    record RemoveSubscriber(Subscriber subscriber) implements ControlRequest {
        @Override
        public String toString() {
            return "remove-subscriber " + SubscriberText.tagsOf(subscriber);
        }
    }

    /** Asks how many subscribers there are. */
    record CountSubscribers() implements ControlRequest {
        @Override
        public String toString() {
            return "count-subscribers";
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
                return withoutArguments(new ListAll(), arguments);
            case "put-subscriber":
                return new PutSubscriber(SubscriberText.parse(arguments));
            case "remove-subscriber":
                return new RemoveSubscriber(SubscriberText.parseTags(arguments));
            case "count-subscribers":
                return withoutArguments(new CountSubscribers(), arguments);
            default:
                throw new IllegalArgumentException("no request \"" + words.get(0) + "\"; there are put " + Route.FORM
                        + ", remove PREFIX, list, put-subscriber " + SubscriberText.FORM + ", remove-subscriber "
                        + SubscriberText.TAGS_FORM + ", count-subscribers");
        }
    }

    private static ControlRequest withoutArguments(ControlRequest request, List<String> arguments) {
        if (!arguments.isEmpty()) {
            throw new IllegalArgumentException(request + " takes no arguments");
        }
        return request;
    }
}

package io.vnfkit.examples.forwarder;

import io.vnfkit.dpdk.table.Subscriber;
import io.vnfkit.unit.MacAddress;
import java.util.List;

/** A subscriber as the control socket writes it: {@code OUTER INNER KEY MAC}. */
final class SubscriberText {

    static final String FORM = "OUTER INNER KEY MAC";
    static final String TAGS_FORM = "OUTER INNER";

    private static final int WORDS = 4;
    private static final int TAGS = 2;
    private static final MacAddress ANY = MacAddress.of(new byte[6]);

    private SubscriberText() {}

    /**
     * Reads a subscriber.
     *
     * @throws IllegalArgumentException if there are other words than these four
     */
    static Subscriber parse(List<String> words) {
        require(words, WORDS, FORM);
        return new Subscriber(tag(words.get(0)), tag(words.get(1)), key(words.get(2)), MacAddress.parse(words.get(3)), 0);
    }

    /**
     * Reads the tags of a subscriber, which is all that counts when it is removed.
     *
     * @throws IllegalArgumentException if there are other words than these two
     */
    static Subscriber parseTags(List<String> words) {
        require(words, TAGS, TAGS_FORM);
        return withTags(tag(words.get(0)), tag(words.get(1)));
    }

    static Subscriber withTags(int outer, int inner) {
        return new Subscriber(outer, inner, 0, ANY, 0);
    }

    static String of(Subscriber subscriber) {
        return tagsOf(subscriber) + " " + Integer.toUnsignedString(subscriber.greKey()) + " " + subscriber.mac();
    }

    static String tagsOf(Subscriber subscriber) {
        return subscriber.outerTag() + " " + subscriber.innerTag();
    }

    private static void require(List<String> words, int count, String form) {
        if (words.size() != count) {
            throw new IllegalArgumentException("a subscriber is " + form + ", not \"" + String.join(" ", words) + "\"");
        }
    }

    private static int tag(String word) {
        try {
            return Integer.parseInt(word);
        } catch (NumberFormatException failure) {
            throw new IllegalArgumentException("a VLAN tag is a number, not \"" + word + "\"", failure);
        }
    }

    private static int key(String word) {
        try {
            return Integer.parseUnsignedInt(word);
        } catch (NumberFormatException failure) {
            throw new IllegalArgumentException("a GRE key is a number of 32 bits, not \"" + word + "\"", failure);
        }
    }
}

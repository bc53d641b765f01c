package io.vnfkit.examples.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Where two observed states differ.
 *
 * @param key what differs
 * @param ours what is so with vnfkit; {@code absent} if it is not there
 * @param theirs what is so with the other
 */
record Difference(String key, String ours, String theirs) {

    static final String ABSENT = "absent";

    static List<Difference> between(ObservedState ours, ObservedState theirs) {
        SortedSet<String> keys = new TreeSet<>(ours.values().keySet());
        keys.addAll(theirs.values().keySet());
        List<Difference> differences = new ArrayList<>();
        for (String key : keys) {
            String own = ours.values().getOrDefault(key, ABSENT);
            String other = theirs.values().getOrDefault(key, ABSENT);
            if (!own.equals(other)) {
                differences.add(new Difference(key, own, other));
            }
        }
        return differences;
    }

    @Override
    public String toString() {
        return key + ": vnfkit " + ours + " | other " + theirs;
    }
}

package io.vnfkit;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The environment of a VNF: an allow-list. Nothing of the JVM's environment gets through unless it is named, so neither
 * credentials nor JAVA_TOOL_OPTIONS leak.
 *
 * <p>Immutable and thread-safe: each method returns a new value.
 *
 * @param inherited names of variables taken from the JVM, where they are set there
 * @param values variables with their values
 */
public record Environment(SortedSet<String> inherited, SortedMap<String, String> values) {

    /** A PATH as distributions set it for root, and nothing else. */
    public static final Environment DEFAULT = new Environment(new TreeSet<>(), new TreeMap<>(
            Map.of("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")));

    /** Copies and checks the variables. */
    public Environment {
        inherited = Collections.unmodifiableSortedSet(new TreeSet<>(inherited));
        values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
        inherited.forEach(Environment::requireName);
        values.forEach((name, value) -> {
            requireName(name);
            if (value.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("value of " + name + " holds a NUL character");
            }
        });
    }

    private static void requireName(String name) {
        if (Objects.requireNonNull(name, "name").isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("not a name for an environment variable: \"" + name + "\"");
        }
    }

    /**
     * The same environment with a variable.
     *
     * @param name its name
     * @param value its value
     * @return a new value
     */
    public Environment set(String name, String value) {
        SortedMap<String, String> more = new TreeMap<>(values);
        more.put(name, Objects.requireNonNull(value, "value"));
        return new Environment(inherited, more);
    }

    /**
     * The same environment with a variable of the JVM let through.
     *
     * @param name its name
     * @return a new value
     */
    public Environment inherit(String name) {
        SortedSet<String> more = new TreeSet<>(inherited);
        more.add(name);
        return new Environment(more, values);
    }

    /**
     * The variables that the VNF gets.
     *
     * @param ofJvm the JVM's environment
     * @return all variables, sorted by name
     */
    public SortedMap<String, String> resolve(Map<String, String> ofJvm) {
        SortedMap<String, String> resolved = new TreeMap<>();
        for (String name : inherited) {
            if (ofJvm.containsKey(name)) {
                resolved.put(name, ofJvm.get(name));
            }
        }
        resolved.putAll(values);
        return resolved;
    }
}

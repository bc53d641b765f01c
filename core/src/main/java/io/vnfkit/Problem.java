package io.vnfkit;

import java.util.Objects;

/**
 * One reason why a description cannot be launched on a host.
 *
 * @param where the part of the description it is about, in the words of the API, such as {@code cgroup.cpus}
 * @param what what is wrong, with the value and what the host has instead
 * @param cure what to do about it
 */
public record Problem(String where, String what, String cure) {

    /** Checks that no part is missing. */
    public Problem {
        Objects.requireNonNull(where, "where");
        Objects.requireNonNull(what, "what");
        Objects.requireNonNull(cure, "cure");
    }

    @Override
    public String toString() {
        return where + ": " + what + " (" + cure + ")";
    }
}

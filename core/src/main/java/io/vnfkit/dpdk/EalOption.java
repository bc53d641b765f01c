package io.vnfkit.dpdk;

import java.util.Objects;

/**
 * An option of the EAL.
 *
 * @param name such as {@code --huge-dir}
 * @param value its value; empty for an option without one
 */
public record EalOption(String name, String value) {

    /** Checks that no part is missing. */
    public EalOption {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(value, "value");
    }
}

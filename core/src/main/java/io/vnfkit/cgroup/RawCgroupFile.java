package io.vnfkit.cgroup;

import java.util.Objects;

/**
 * A value for a file of a controller that vnfkit has no type for. It is written as it is, and what it means differs
 * between version 1 and 2.
 *
 * @param controller the controller, such as {@code cpu}
 * @param file name of the file in the group's directory, such as {@code cpu.max}
 * @param value what is written
 */
public record RawCgroupFile(String controller, String file, String value) {

    /** Checks that no part is missing. */
    public RawCgroupFile {
        Objects.requireNonNull(controller, "controller");
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(value, "value");
    }
}

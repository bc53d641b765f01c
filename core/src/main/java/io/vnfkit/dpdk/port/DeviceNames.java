package io.vnfkit.dpdk.port;

import java.nio.file.Path;
import java.util.Objects;

/** What may stand in a device string: a comma would begin another parameter. */
final class DeviceNames {

    private DeviceNames() {}

    static void require(String name) {
        Objects.requireNonNull(name, "name");
        if (name.isEmpty() || name.length() > 63 || name.chars().anyMatch(c -> c == ',' || c == '=' || c <= ' ')) {
            throw new IllegalArgumentException("a device or interface has a name of 1 to 63 characters without comma,"
                    + " equals sign and white space: \"" + name + "\"");
        }
    }

    static void require(Path path) {
        if (!path.isAbsolute() || path.toString().contains(",")) {
            throw new IllegalArgumentException("a path in a device string is absolute and has no comma: " + path);
        }
    }

    static void requireNumber(int number) {
        if (number < 0) {
            throw new IllegalArgumentException("devices are numbered from 0, not " + number);
        }
    }
}

package io.vnfkit.dpdk.port;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;

/** What may stand in a device string: a comma would begin another parameter. */
final class DeviceNames {

    /** IFNAMSIZ without the NUL. */
    private static final int MAX_INTERFACE = 15;

    private DeviceNames() {}

    static void require(String name) {
        Objects.requireNonNull(name, "name");
        if (name.isEmpty() || name.length() > 63 || name.chars().anyMatch(c -> c == ',' || c == '=' || c <= ' ')) {
            throw new IllegalArgumentException("a device or interface has a name of 1 to 63 characters without comma,"
                    + " equals sign and white space: \"" + name + "\"");
        }
    }

    static void require(Path path) {
        if (!path.isAbsolute() || path.toString().chars().anyMatch(c -> c == ',' || c < ' ')) {
            throw new IllegalArgumentException(
                    "a path in a device string is absolute and has no comma and no control character: " + path);
        }
    }

    static void requireInterface(String name) {
        require(name);
        if (name.getBytes(StandardCharsets.UTF_8).length > MAX_INTERFACE) {
            throw new IllegalArgumentException(
                    "a network interface has a name of at most " + MAX_INTERFACE + " bytes: \"" + name + "\"");
        }
    }

    static void requireQueues(int queues, int highest) {
        if (queues < 1 || queues > highest) {
            throw new IllegalArgumentException("1 to " + highest + " pairs of queues, not " + queues);
        }
    }

    static void requireNumber(int number) {
        if (number < 0) {
            throw new IllegalArgumentException("devices are numbered from 0, not " + number);
        }
    }
}

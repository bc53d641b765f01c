package io.vnfkit.sysfs;

import io.vnfkit.linux.DeviceNumber;
import io.vnfkit.unit.DeviceRule;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A character device in /dev.
 *
 * @param path where udev and devtmpfs put it
 * @param number its major and minor number
 */
public record DeviceNode(Path path, DeviceNumber number) {

    /** Checks that no part is missing. */
    public DeviceNode {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(number, "number");
    }

    /**
     * The rule of the devices control group that allows to read and write it. Making the node is left out: the launch
     * brings it along.
     *
     * @return such as {@code c 10:196 rw}
     */
    public DeviceRule rule() {
        return DeviceRule.character(number.major(), number.minor())
                .with(DeviceRule.Access.READ, DeviceRule.Access.WRITE);
    }

    @Override
    public String toString() {
        return path + " (" + number + ")";
    }
}

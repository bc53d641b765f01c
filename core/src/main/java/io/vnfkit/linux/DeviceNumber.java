package io.vnfkit.linux;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Major and minor number of a device node.
 *
 * @param major the driver's number
 * @param minor the device's number within the driver
 */
public record DeviceNumber(int major, int minor) {

    // Nine digits at most, which always fit into an int: the kernel has 12 bits for the major, 20 for the minor number.
    private static final Pattern TEXT = Pattern.compile("(0|[1-9][0-9]{0,8}):(0|[1-9][0-9]{0,8})");

    /**
     * Takes a {@code dev_t} of the C library apart, as gnu_dev_major and gnu_dev_minor do.
     *
     * @param encoded the number in {@code st_rdev}
     * @return its parts
     */
    public static DeviceNumber ofEncoded(long encoded) {
        int major = (int) ((encoded >>> 8 & 0xfff) | (encoded >>> 32 & ~0xfffL));
        int minor = (int) ((encoded & 0xff) | (encoded >>> 12 & ~0xffL));
        return new DeviceNumber(major, minor);
    }

    /**
     * Parses what sysfs shows in a {@code dev} file.
     *
     * @param text such as {@code 242:2}
     * @return its parts
     * @throws IllegalArgumentException if the text is anything else
     */
    public static DeviceNumber parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a device number major:minor: \"" + text + "\"");
        }
        return new DeviceNumber(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }

    @Override
    public String toString() {
        return major + ":" + minor;
    }
}

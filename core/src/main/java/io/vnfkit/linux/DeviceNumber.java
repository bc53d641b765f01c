package io.vnfkit.linux;

/**
 * Major and minor number of a device node.
 *
 * @param major the driver's number
 * @param minor the device's number within the driver
 */
public record DeviceNumber(int major, int minor) {

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
        int colon = text.indexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("not a device number major:minor: \"" + text + "\"");
        }
        return new DeviceNumber(Integer.parseInt(text.substring(0, colon)), Integer.parseInt(text.substring(colon + 1)));
    }

    @Override
    public String toString() {
        return major + ":" + minor;
    }
}

package io.vnfkit.unit;

/**
 * Address of a PCI function as sysfs names it: {@code DDDD:BB:DD.F}, lower-case hexadecimal.
 *
 * <p>Immutable and thread-safe.
 *
 * @param domain segment, 0 to 0xffffffff; sysfs prints at least four digits (Intel VMD uses more)
 * @param bus 0 to 0xff
 * @param device 0 to 0x1f
 * @param function 0 to 7
 */
public record PciAddress(long domain, int bus, int device, int function) implements Comparable<PciAddress> {

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a part is out of range
     */
    public PciAddress {
        require("domain", domain, 0xffff_ffffL);
        require("bus", bus, 0xff);
        require("device", device, 0x1f);
        require("function", function, 7);
    }

    private static void require(String part, long value, long maximum) {
        if (value < 0 || value > maximum) {
            throw new IllegalArgumentException("PCI " + part + " " + value + " is not in 0.." + maximum);
        }
    }

    /**
     * Parses an address. The domain may be left out and is then 0, as {@code lspci} prints it.
     *
     * @param text such as {@code 0000:05:00.0} or {@code 05:00.0}
     * @return the address
     * @throws InvalidValueException with the position, if the text is anything else
     */
    public static PciAddress parse(String text) {
        Scanner scanner = new Scanner("PCI address", text);
        long domain = 0;
        if (text.indexOf(':') != text.lastIndexOf(':')) {
            int digits = text.indexOf(':');
            if (digits < 4 || digits > 8) {
                throw scanner.refuse("expected a domain of 4 to 8 hexadecimal digits");
            }
            domain = Integer.toUnsignedLong(scanner.hexadecimal(digits));
            scanner.expect(':');
        }
        int bus = scanner.hexadecimal(2);
        scanner.expect(':');
        int devicePosition = scanner.position();
        int device = scanner.hexadecimal(2);
        scanner.expect('.');
        int functionPosition = scanner.position();
        int function = scanner.hexadecimal(1);
        scanner.expectEnd();
        if (device > 0x1f) {
            throw scanner.refuseAt(devicePosition, "device is larger than 1f");
        }
        if (function > 7) {
            throw scanner.refuseAt(functionPosition, "function is larger than 7");
        }
        return new PciAddress(domain, bus, device, function);
    }

    @Override
    public int compareTo(PciAddress other) {
        int byDomain = Long.compare(domain, other.domain);
        return byDomain != 0 ? byDomain : Integer.compare(withinDomain(), other.withinDomain());
    }

    private int withinDomain() {
        return bus << 8 | device << 3 | function;
    }

    /**
     * The name that sysfs gives the device.
     *
     * @return such as {@code 0000:05:00.0}
     */
    @Override
    public String toString() {
        return String.format("%04x:%02x:%02x.%x", domain, bus, device, function);
    }
}

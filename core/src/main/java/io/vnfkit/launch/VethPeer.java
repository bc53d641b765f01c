package io.vnfkit.launch;

import io.vnfkit.linux.KernelFiles;
import io.vnfkit.namespace.NetworkInterface;
import io.vnfkit.unit.InvalidValueException;
import io.vnfkit.unit.MacAddress;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The end of a veth pair that is not inside the VNF. Its address says whose it is: names are used again, and the number
 * of an interface is not known before it exists, when the record of the VNF has to be written. The kernel's random
 * address would not do, since systemd-udevd replaces those.
 *
 * @param name its name
 * @param address its Ethernet address
 * @param namespace file of its network namespace; empty for the host's
 */
record VethPeer(String name, MacAddress address, Optional<Path> namespace) {

    private static final String BOOT_ID = "/proc/sys/kernel/random/boot_id";

    /** The other end of an interface that a VNF gets; empty if that is no veth pair. */
    static Optional<VethPeer> of(KernelFiles files, String vnf, NetworkInterface networkInterface) {
        if (!(networkInterface.origin() instanceof NetworkInterface.Veth veth)) {
            return Optional.empty();
        }
        // The boot's id keeps equal VNFs on two hosts of one network apart.
        MacAddress address = MacAddress.derivedFrom(files.readIfExists(BOOT_ID).orElse(""), vnf, veth.peerName(),
                veth.peerNamespace().map(Path::toString).orElse(""));
        return Optional.of(new VethPeer(veth.peerName(), address, veth.peerNamespace()));
    }

    /** A line that {@link #parse} reads: no name of an interface has a blank. */
    @Override
    public String toString() {
        return name + " " + address + namespace.map(path -> " " + path).orElse("");
    }

    static VethPeer parse(String line) {
        String[] parts = line.split(" ", 3);
        if (parts.length < 2) {
            throw new IllegalArgumentException("not an end of a veth pair: \"" + line + "\"");
        }
        try {
            return new VethPeer(parts[0], MacAddress.parse(parts[1]),
                    parts.length == 3 ? Optional.of(Path.of(parts[2])) : Optional.empty());
        } catch (InvalidValueException failure) {
            throw new IllegalArgumentException("not an end of a veth pair: \"" + line + "\"", failure);
        }
    }
}

package io.vnfkit.namespace;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A network interface that a VNF gets in its new network namespace, up and with its addresses.
 *
 * <p>Immutable and thread-safe: each method returns a new value.
 *
 * @param name its name inside the VNF
 * @param origin where it comes from
 * @param addresses its addresses inside the VNF
 * @param mtu largest packet; empty leaves it as it is
 */
public record NetworkInterface(
        String name, Origin origin, List<InterfaceAddress> addresses, Optional<Integer> mtu) {

    /** The kernel's IFNAMSIZ without the terminating zero. */
    private static final int MAXIMUM_NAME = 15;

    /** Where an interface comes from. */
    public sealed interface Origin {}

    /**
     * An interface of the host that moves into the VNF: a tap, veth, KNI or physical interface. A physical one returns
     * to the host's namespace when the VNF ends; a virtual one ends with it.
     *
     * @param hostName its name on the host
     */
    public record Moved(String hostName) implements Origin {

        /** Checks the name. */
        public Moved {
            requireName(hostName);
        }
    }

    /**
     * One end of a new veth pair. Both ends end with the VNF: when it is closed, or a little after it has ended by
     * itself, also if another VNF has joined its network namespace. The other end has an Ethernet address that follows
     * from the VNF's name and its own, the same at each launch until the next boot of the host; it is how vnfkit knows
     * the interface again. With another address, the kernel removes it some time after the VNF was closed.
     *
     * @param peerName name of the other end
     * @param peerNamespace network namespace that gets the other end, such as {@code /run/netns/left}; empty for the
     *     host's
     * @param peerAddresses addresses of the other end
     */
    public record Veth(String peerName, Optional<Path> peerNamespace, List<InterfaceAddress> peerAddresses)
            implements Origin {

        /** Copies and checks the parts. */
        public Veth {
            requireName(peerName);
            Objects.requireNonNull(peerNamespace, "peerNamespace");
            peerAddresses = List.copyOf(peerAddresses);
        }
    }

    /**
     * Copies and checks the parts.
     *
     * @throws IllegalArgumentException if a name is not one that the kernel takes
     */
    public NetworkInterface {
        requireName(name);
        Objects.requireNonNull(origin, "origin");
        addresses = List.copyOf(addresses);
        Objects.requireNonNull(mtu, "mtu");
    }

    private static void requireName(String name) {
        // dev_valid_name in net/core/dev.c
        boolean valid = !name.isEmpty() && name.length() <= MAXIMUM_NAME && !name.equals(".") && !name.equals("..")
                && name.chars().noneMatch(c -> c == '/' || c == ':' || Character.isWhitespace(c) || c < 0x21
                || c > 0x7e);
        if (!valid) {
            throw new IllegalArgumentException("not a name for a network interface: \"" + name + "\"");
        }
    }

    /**
     * An interface of the host that moves into the VNF and keeps its name; {@link Moved} says what becomes of it.
     *
     * @param hostName its name on the host
     * @return the interface
     */
    public static NetworkInterface moved(String hostName) {
        return new NetworkInterface(hostName, new Moved(hostName), List.of(), Optional.empty());
    }

    /**
     * One end of a new veth pair, whose other end stays in the host's namespace.
     *
     * @param name name of the end inside the VNF
     * @param peerName name of the end on the host
     * @return the interface
     */
    public static NetworkInterface veth(String name, String peerName) {
        return new NetworkInterface(
                name, new Veth(peerName, Optional.empty(), List.of()), List.of(), Optional.empty());
    }

    /**
     * The same interface under another name inside the VNF.
     *
     * @param newName the name
     * @return a new value
     */
    public NetworkInterface as(String newName) {
        return new NetworkInterface(newName, origin, addresses, mtu);
    }

    /**
     * The same interface with a further address.
     *
     * @param address in CIDR notation
     * @return a new value
     */
    public NetworkInterface address(String address) {
        return new NetworkInterface(name, origin, append(addresses, address), mtu);
    }

    /**
     * The same interface with an MTU.
     *
     * @param octets largest packet, 68 to 65535
     * @return a new value
     */
    public NetworkInterface withMtu(int octets) {
        if (octets < 68 || octets > 65535) {
            throw new IllegalArgumentException("MTU " + octets + " is not in 68..65535");
        }
        return new NetworkInterface(name, origin, addresses, Optional.of(octets));
    }

    /**
     * The same veth pair with its other end in another network namespace.
     *
     * @param namespace file that stands for the namespace, such as {@code /run/netns/left}
     * @return a new value
     * @throws IllegalStateException if this is no veth pair
     */
    public NetworkInterface peerIn(Path namespace) {
        Veth veth = requireVeth();
        return withOrigin(new Veth(veth.peerName, Optional.of(namespace), veth.peerAddresses));
    }

    /**
     * The same veth pair with an address at its other end.
     *
     * @param address in CIDR notation
     * @return a new value
     * @throws IllegalStateException if this is no veth pair
     */
    public NetworkInterface peerAddress(String address) {
        Veth veth = requireVeth();
        return withOrigin(new Veth(veth.peerName, veth.peerNamespace, append(veth.peerAddresses, address)));
    }

    private NetworkInterface withOrigin(Origin newOrigin) {
        return new NetworkInterface(name, newOrigin, addresses, mtu);
    }

    private Veth requireVeth() {
        if (origin instanceof Veth veth) {
            return veth;
        }
        throw new IllegalStateException("interface " + name + " is moved from the host and has no other end");
    }

    private static List<InterfaceAddress> append(List<InterfaceAddress> addresses, String address) {
        List<InterfaceAddress> longer = new ArrayList<>(addresses);
        longer.add(InterfaceAddress.parse(address));
        return longer;
    }
}

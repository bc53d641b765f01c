package io.vnfkit.examples.quickstart;

import io.vnfkit.unit.MacAddress;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Two network namespaces of the host, left and right, with nothing between them but the VNF. Closing removes them.
 */
final class Neighbours implements AutoCloseable {

    static final String LEFT = "quickstart-left";
    static final String RIGHT = "quickstart-right";
    static final String LEFT_INTERFACE = "to-vnf-left";
    static final String RIGHT_INTERFACE = "to-vnf-right";
    static final String LEFT_ADDRESS = "192.0.2.1";
    static final String RIGHT_ADDRESS = "192.0.2.2";
    /** Of the right one when a router is in between. */
    static final String FAR_RIGHT_ADDRESS = "198.51.100.2";
    static final String LEFT_SUBNET = "192.0.2.0/24";
    static final String RIGHT_SUBNET = "198.51.100.0/24";

    private static final String LEFT_GATEWAY = "192.0.2.254";
    private static final String RIGHT_GATEWAY = "198.51.100.254";

    Neighbours() throws IOException {
        // An earlier run may have been killed before it could remove them.
        remove();
        HostCommand.require("ip", "netns", "add", LEFT);
        HostCommand.require("ip", "netns", "add", RIGHT);
    }

    /** The file that stands for a namespace. */
    static Path file(String namespace) {
        return Path.of("/run/netns", namespace);
    }

    /** Prepares the ends of the veth pairs, which appear when the VNF is launched. */
    void connect() throws IOException {
        HostCommand.require("ip", "-n", LEFT, "link", "set", LEFT_INTERFACE, "up");
        HostCommand.require("ip", "-n", RIGHT, "link", "set", RIGHT_INTERFACE, "up");
        // The kernel leaves the checksum to the other end of a veth pair, and there a program takes the packet, not the kernel.
        HostCommand.require("ip", "netns", "exec", LEFT, "ethtool", "-K", LEFT_INTERFACE, "tx", "off");
        HostCommand.require("ip", "netns", "exec", RIGHT, "ethtool", "-K", RIGHT_INTERFACE, "tx", "off");
    }

    /**
     * Tells both how to get to each other through a router, which answers no ARP request: its addresses on the link layer
     * are told as well.
     */
    void routeThrough(MacAddress routerLeft, MacAddress routerRight) throws IOException {
        route(LEFT, LEFT_INTERFACE, LEFT_GATEWAY, routerLeft, RIGHT_SUBNET);
        route(RIGHT, RIGHT_INTERFACE, RIGHT_GATEWAY, routerRight, LEFT_SUBNET);
    }

    private static void route(String namespace, String networkInterface, String gateway, MacAddress mac, String subnet)
            throws IOException {
        HostCommand.require("ip", "-n", namespace, "neigh", "replace", gateway, "lladdr", mac.toString(),
                "dev", networkInterface, "nud", "permanent");
        HostCommand.require("ip", "-n", namespace, "route", "replace", subnet, "via", gateway);
    }

    /** The address of an interface on the link layer. */
    static MacAddress mac(String namespace, String networkInterface) throws IOException {
        return MacAddress.parse(HostCommand.require("ip", "netns", "exec", namespace, "cat",
                "/sys/class/net/" + networkInterface + "/address"));
    }

    /** Reads a counter of the kernel for an interface. */
    static long counter(String namespace, String networkInterface, String counter) throws IOException {
        return Long.parseLong(HostCommand.require("ip", "netns", "exec", namespace, "cat",
                "/sys/class/net/" + networkInterface + "/statistics/" + counter));
    }

    private static void remove() throws IOException {
        HostCommand.run("ip", "netns", "delete", LEFT);
        HostCommand.run("ip", "netns", "delete", RIGHT);
    }

    @Override
    public void close() throws IOException {
        remove();
    }
}

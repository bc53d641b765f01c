package io.vnfkit.examples.peers;

import io.vnfkit.testing.HostShell;
import io.vnfkit.unit.MacAddress;

/**
 * A subscriber and a core router, each in a network namespace of its own, and the two interfaces of the BNG between them,
 * in the namespace of this JVM. Closing removes everything.
 */
final class BngPeers implements AutoCloseable {

    static final String SUBSCRIBER = "vnfkit-it-subscriber";
    static final String ROUTER = "vnfkit-it-router";
    static final String ACCESS = "it-bng-access";
    static final String CORE = "it-bng-core";
    static final String SUBSCRIBER_ADDRESS = "10.64.0.2";
    static final String CORE_ADDRESS = "10.99.0.1";
    static final String CORE_SUBNET = "10.99.0.0/16";
    static final String TUNNEL_BNG = "172.16.0.1";
    static final String TUNNEL_ROUTER = "172.16.0.2";
    static final int OUTER_TAG = 100;
    static final int INNER_TAG = 200;
    static final int GRE_KEY = 4711;
    static final int LABEL_TO_ROUTER = 1000;

    private static final int LABEL_TO_BNG = 2000;
    private static final String GATEWAY = "10.64.0.1";
    private static final int MTU = 1400;

    private BngPeers() {}

    static BngPeers make() {
        BngPeers peers = new BngPeers();
        peers.close();
        HostShell.run("ip netns add " + SUBSCRIBER + " && ip netns add " + ROUTER);
        link(ACCESS, SUBSCRIBER);
        link(CORE, ROUTER);
        peers.subscriber();
        peers.router();
        return peers;
    }

    /** A veth pair. The kernel of this namespace has no address on it and keeps quiet. */
    private static void link(String ofBng, String namespace) {
        HostShell.run("ip link add " + ofBng + " type veth peer name eth0 netns " + namespace
                + " && sysctl -q -w net.ipv6.conf." + ofBng + ".disable_ipv6=1"
                + " && ip netns exec " + namespace + " sysctl -q -w net.ipv6.conf.default.disable_ipv6=1"
                + " net.ipv6.conf.all.disable_ipv6=1"
                // The other end takes packets as they are: no checksum may be left to it.
                + " && ip netns exec " + namespace + " ethtool -K eth0 tx off"
                + " && ip -n " + namespace + " link set eth0 up && ip -n " + namespace + " link set lo up");
    }

    private static void inside(String namespace, String command) {
        HostShell.run("ip netns exec " + namespace + " sh -ec '" + command + "'");
    }

    /** An IEEE 802.1ad interface, and on it an IEEE 802.1Q one. */
    private void subscriber() {
        inside(SUBSCRIBER, "ip link add link eth0 name outer type vlan proto 802.1ad id " + OUTER_TAG
                + "; ip link add link outer name inner type vlan id " + INNER_TAG
                + "; ip link set outer up; ip link set inner mtu " + MTU + " up"
                + "; ip addr add " + SUBSCRIBER_ADDRESS + "/24 dev inner"
                + "; ip neigh add " + GATEWAY + " lladdr " + bngMac(ACCESS) + " dev inner nud permanent"
                + "; ip route add default via " + GATEWAY);
    }

    private void router() {
        inside(ROUTER, "ip addr add " + TUNNEL_ROUTER + "/30 dev eth0; ip addr add " + CORE_ADDRESS + "/32 dev lo"
                + "; ip neigh add " + TUNNEL_BNG + " lladdr " + bngMac(CORE) + " dev eth0 nud permanent");
    }

    void tunnel() {
        inside(ROUTER, "ip link add tunnel type gre local " + TUNNEL_ROUTER + " remote " + TUNNEL_BNG
                + " key " + GRE_KEY + " ttl 64; ip link set tunnel mtu " + MTU + " up"
                + "; sysctl -q -w net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.tunnel.rp_filter=0"
                + "; ip route add 10.64.0.0/24 dev tunnel");
    }

    /** The packets of the tunnel carry a label: the router takes one off, and puts another one on. */
    void labels() {
        inside(ROUTER, "sysctl -q -w net.mpls.platform_labels=10000 net.mpls.conf.eth0.input=1"
                + "; ip -f mpls route add " + LABEL_TO_ROUTER + " dev lo"
                + "; ip route add " + TUNNEL_BNG + "/32 encap mpls " + LABEL_TO_BNG + " via inet " + TUNNEL_BNG
                + " dev eth0");
    }

    void linksUp() {
        HostShell.run("ip link set " + ACCESS + " up && ip link set " + CORE + " up");
    }

    MacAddress bngMac(String networkInterface) {
        return MacAddress.parse(HostShell.run("cat /sys/class/net/" + networkInterface + "/address").strip());
    }

    MacAddress subscriberMac() {
        return mac(SUBSCRIBER);
    }

    MacAddress routerMac() {
        return mac(ROUTER);
    }

    private static MacAddress mac(String namespace) {
        return MacAddress.parse(
                HostShell.run("ip netns exec " + namespace + " cat /sys/class/net/eth0/address").strip());
    }

    @Override
    public void close() {
        // The pairs first: the kernel removes a namespace later, and its ends of them with it.
        HostShell.run("ip link delete " + ACCESS + " 2>&1; ip link delete " + CORE + " 2>&1;"
                + " ip netns delete " + SUBSCRIBER + " 2>&1; ip netns delete " + ROUTER + " 2>&1; true");
    }
}

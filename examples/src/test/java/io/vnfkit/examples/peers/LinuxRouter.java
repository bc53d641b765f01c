package io.vnfkit.examples.peers;

import io.vnfkit.testing.HostShell;
import io.vnfkit.unit.MacAddress;

/**
 * The kernel as a router: a network namespace with forwarding switched on, between the two ends.
 *
 * @param name of the namespace
 */
record LinuxRouter(String name) implements AutoCloseable {

    private static final String GATEWAY = "10.9.0.2";
    private static final String GATEWAY6 = "2001:db8:9::2";

    static LinuxRouter between(String name, Ends ends) {
        HostShell.run("ip netns add " + name);
        LinuxRouter router = new LinuxRouter(name);
        router.link("left", Ends.LEFT, ends);
        router.link("right", Ends.RIGHT, ends);
        router.inside("sysctl -q -w net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1"
                + " net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0 net.ipv4.conf.left.rp_filter=0");
        router.inside("ip addr add 192.0.2.254/24 dev left; ip addr add 10.9.0.1/30 dev right;"
                + " ip addr add 2001:db8:1::fe/64 dev left nodad; ip addr add 2001:db8:9::1/64 dev right nodad");
        for (String gateway : new String[] {GATEWAY, GATEWAY6}) {
            router.inside("ip neigh add " + gateway + " lladdr " + Ends.NEIGHBOUR + " dev right nud permanent");
        }
        for (String prefix : Routed.PREFIXES) {
            boolean isIpv6 = prefix.contains(":");
            router.inside("ip " + (isIpv6 ? "-6 " : "") + "route add " + prefix
                    + " via " + (isIpv6 ? GATEWAY6 : GATEWAY) + " dev right");
        }
        return router;
    }

    private void link(String inside, String outside, Ends ends) {
        HostShell.run("ip -n " + name + " link add " + inside + " type veth peer name " + outside + " netns "
                + ends.name() + " && ip -n " + name + " link set " + inside + " up");
    }

    private void inside(String command) {
        HostShell.run("ip netns exec " + name + " sh -ec '" + command + "'");
    }

    MacAddress mac(String networkInterface) {
        return MacAddress.parse(HostShell.run(
                "ip netns exec " + name + " cat /sys/class/net/" + networkInterface + "/address").strip());
    }

    @Override
    public void close() {
        HostShell.run("ip netns delete " + name);
    }
}

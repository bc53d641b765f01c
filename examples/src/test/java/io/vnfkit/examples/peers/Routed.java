package io.vnfkit.examples.peers;

import java.util.List;

/** What both routers have routes to: all addresses but a few, so that only rules keep a packet from its way. */
final class Routed {

    static final List<String> PREFIXES = List.of(
            "0.0.0.0/1", "128.0.0.0/2", "198.0.0.0/7", "224.0.0.0/3", "::/1", "fc00::/7", "fe80::/10", "ff00::/8");

    private Routed() {}
}

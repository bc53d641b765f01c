package io.vnfkit.dpdk.table;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The routes of one table as the control side knows them: which prefix has which next hop. Not thread-safe. */
final class RouteList {

    private final Map<IpPrefix, NextHop> routes = new HashMap<>();
    private final int[] countByDepth = new int[129];

    Optional<NextHop> get(IpPrefix prefix) {
        return Optional.ofNullable(routes.get(prefix));
    }

    Optional<NextHop> put(IpPrefix prefix, NextHop nextHop) {
        NextHop old = routes.put(prefix, nextHop);
        if (old == null) {
            countByDepth[prefix.depth()]++;
        }
        return Optional.ofNullable(old);
    }

    Optional<NextHop> remove(IpPrefix prefix) {
        NextHop old = routes.remove(prefix);
        if (old != null) {
            countByDepth[prefix.depth()]--;
        }
        return Optional.ofNullable(old);
    }

    /** The longest prefix with a route that contains this one and is shorter. */
    Optional<IpPrefix> parent(IpPrefix prefix) {
        for (int depth = prefix.depth() - 1; depth >= 0; depth--) {
            if (countByDepth[depth] == 0) {
                continue;
            }
            IpPrefix candidate = prefix.shortened(depth);
            if (routes.containsKey(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    Map<IpPrefix, NextHop> all() {
        return Collections.unmodifiableMap(routes);
    }
}

package io.vnfkit.examples.forwarder;

import io.vnfkit.dpdk.Forwarding;
import io.vnfkit.unit.MacAddress;
import java.net.Inet4Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a {@link Forwarder} does between its interfaces: one of the four functions of the white paper. Immutable. */
public sealed interface VnfFunction {

    /**
     * The words of the command line that mean this function.
     *
     * @return a command with its options
     */
    List<String> words();

    /**
     * The function on interfaces and lcores: ports, rings, tables and tasks.
     *
     * @param links the interfaces, in the order of the command line
     * @param lcores those of the EAL, the main lcore first
     * @return the description
     * @throws IllegalArgumentException if the function cannot have so many interfaces
     */
    Forwarding describe(List<Link> links, List<Integer> lcores);

    /**
     * How many outputs a route may name.
     *
     * @param links number of interfaces
     * @return the number of outputs, which start at 0
     */
    default int outputs(int links) {
        return links;
    }

    /**
     * Whether routes lead through tunnels.
     *
     * @return true if each must, false if none may
     */
    default boolean hasTunnels() {
        return false;
    }

    /** Moves packets from each interface to the other one of its pair: first and second, third and fourth, and so on. */
    record None() implements VnfFunction {
        /** Name of its task in the statistics. */
        public static final String TASK = "none";

        @Override
        public List<String> words() {
            return List.of("none");
        }

        @Override
        public Forwarding describe(List<Link> links, List<Integer> lcores) {
            return Pairs.none(links, lcores);
        }
    }

    /**
     * Moves packets like {@link None} and gives them MAC addresses: they come from the interface that they leave by, and
     * go to the neighbour there.
     *
     * @param neighbours one on each interface
     */
    record L2Forward(List<MacAddress> neighbours) implements VnfFunction {
        /** Copies the list. */
        public L2Forward {
            neighbours = List.copyOf(neighbours);
        }

        /**
         * Name in the statistics of the task that takes packets from an interface.
         *
         * @param networkInterface name of the interface
         * @return the name of the task
         */
        public static String task(String networkInterface) {
            return "l2fwd-" + networkInterface;
        }

        @Override
        public List<String> words() {
            List<String> words = new ArrayList<>(List.of("l2fwd"));
            neighbours.forEach(neighbour -> words.addAll(List.of("--neighbour", neighbour.toString())));
            return List.copyOf(words);
        }

        @Override
        public Forwarding describe(List<Link> links, List<Integer> lcores) {
            return Pairs.l2fwd(links, neighbours, lcores);
        }
    }

    /**
     * Routes IPv4 and IPv6 between all interfaces. Output i of a route is interface i.
     *
     * @param routes most routes of each family
     */
    record L3Forward(int routes) implements VnfFunction {
        /** Name of its task in the statistics. */
        public static final String TASK = "l3fwd";
        /** As many routes as a forwarder has room for that says nothing else. */
        public static final int DEFAULT_ROUTES = 1000;

        /** With room for {@link #DEFAULT_ROUTES}. */
        public L3Forward() {
            this(DEFAULT_ROUTES);
        }

        @Override
        public List<String> words() {
            return List.of("l3fwd", "--routes", Integer.toString(routes));
        }

        @Override
        public Forwarding describe(List<Link> links, List<Integer> lcores) {
            return Router.describe(links, routes, lcores);
        }
    }

    /**
     * Broadband network gateway: subscribers behind two VLAN tags on the first interface, core routers behind tunnels of
     * GRE with an MPLS label on the second. A load balancer for each direction gives packets to the workers, a
     * subscriber's always to the same one.
     *
     * @param workers of each direction, 1 to 7
     * @param subscribers most subscribers
     * @param routes most routes to core routers; their output is 0
     * @param tunnelEnd address that tunnels of core routers must end at; empty for any
     */
    record Bng(int workers, int subscribers, int routes, Optional<Inet4Address> tunnelEnd) implements VnfFunction {
        /** Name in the statistics of the load balancer of subscribers' packets. */
        public static final String ACCESS_BALANCER = "balancer-access";
        /** Name in the statistics of the load balancer of core routers' packets. */
        public static final String CORE_BALANCER = "balancer-core";

        private static final int MOST_WORKERS = 7;

        /** Checks the number of workers: an lcore has room for 16 tasks, and one may have to run them all. */
        public Bng {
            if (workers < 1 || workers > MOST_WORKERS) {
                throw new IllegalArgumentException("1 to " + MOST_WORKERS + " workers, not " + workers);
            }
        }

        /**
         * Name in the statistics of a worker that serves packets of subscribers.
         *
         * @param worker its number, from 0
         * @return the name of the task
         */
        public static String upstream(int worker) {
            return "upstream-" + worker;
        }

        /**
         * Name in the statistics of a worker that serves packets of core routers.
         *
         * @param worker its number, from 0
         * @return the name of the task
         */
        public static String downstream(int worker) {
            return "downstream-" + worker;
        }

        @Override
        public List<String> words() {
            List<String> words = new ArrayList<>(List.of("bng", "--workers", Integer.toString(workers),
                    "--subscribers", Integer.toString(subscribers), "--routes", Integer.toString(routes)));
            tunnelEnd.ifPresent(address -> words.addAll(List.of("--tunnel-end", address.getHostAddress())));
            return List.copyOf(words);
        }

        @Override
        public Forwarding describe(List<Link> links, List<Integer> lcores) {
            return Gateway.describe(this, links, lcores);
        }

        @Override
        public int outputs(int links) {
            return 1;
        }

        @Override
        public boolean hasTunnels() {
            return true;
        }
    }
}

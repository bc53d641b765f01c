package io.vnfkit.ivshmem.qemu;

import io.vnfkit.unit.NodeSet;
import java.util.Locale;
import java.util.Objects;

/**
 * Which NUMA nodes of the host QEMU takes the pages from that are not there yet.
 *
 * @param kind how strictly
 * @param nodes the nodes
 */
public record NodePolicy(Kind kind, NodeSet nodes) {

    /** Policies of mbind(2). */
    public enum Kind {
        /** From these nodes or not at all. */
        BIND,
        /** From these nodes while they have any. */
        PREFERRED,
        /** From each in turn. */
        INTERLEAVE;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if there is no node
     */
    public NodePolicy {
        Objects.requireNonNull(kind, "kind");
        if (nodes.isEmpty()) {
            throw new IllegalArgumentException("a policy " + kind + " names at least one node");
        }
    }

    /**
     * Pages from these nodes or not at all.
     *
     * @param nodes the nodes
     * @return the policy
     */
    public static NodePolicy bind(NodeSet nodes) {
        return new NodePolicy(Kind.BIND, nodes);
    }
}

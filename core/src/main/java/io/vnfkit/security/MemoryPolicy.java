package io.vnfkit.security;

import io.vnfkit.unit.NodeSet;
import java.util.Objects;

/**
 * The NUMA memory policy that a VNF starts with, as of set_mempolicy(2): the paper's {@code numactl -p0} is
 * {@code MemoryPolicy.preferred(0)}.
 *
 * @param mode how nodes are chosen
 * @param nodes the nodes; empty only for {@link Mode#DEFAULT}
 */
public record MemoryPolicy(Mode mode, NodeSet nodes) {

    /** How nodes are chosen; the ordinal is the kernel's number. */
    public enum Mode {
        /** The node of the CPU that touches a page first. */
        DEFAULT,
        /** One node, others when it is full. */
        PREFERRED,
        /** Only the nodes given. */
        BIND,
        /** The nodes given in turn. */
        INTERLEAVE
    }

    /** The kernel's default. */
    public static final MemoryPolicy DEFAULT = new MemoryPolicy(Mode.DEFAULT, NodeSet.empty());

    /**
     * Checks the parts.
     *
     * @throws IllegalArgumentException if the nodes do not suit the mode
     */
    public MemoryPolicy {
        Objects.requireNonNull(mode, "mode");
        Objects.requireNonNull(nodes, "nodes");
        if (nodes.isEmpty() != (mode == Mode.DEFAULT)) {
            throw new IllegalArgumentException("memory policy " + mode + " with nodes \"" + nodes + "\"");
        }
        if (mode == Mode.PREFERRED && nodes.size() != 1) {
            throw new IllegalArgumentException("one node can be preferred, not \"" + nodes + "\"");
        }
    }

    /**
     * Prefers a node, as {@code numactl --preferred}.
     *
     * @param node the node
     * @return the policy
     */
    public static MemoryPolicy preferred(int node) {
        return new MemoryPolicy(Mode.PREFERRED, NodeSet.of(node));
    }

    /**
     * Takes memory from some nodes only, as {@code numactl --membind}.
     *
     * @param nodes the nodes
     * @return the policy
     */
    public static MemoryPolicy bind(NodeSet nodes) {
        return new MemoryPolicy(Mode.BIND, nodes);
    }

    /**
     * Takes memory from some nodes in turn, as {@code numactl --interleave}.
     *
     * @param nodes the nodes
     * @return the policy
     */
    public static MemoryPolicy interleave(NodeSet nodes) {
        return new MemoryPolicy(Mode.INTERLEAVE, nodes);
    }
}

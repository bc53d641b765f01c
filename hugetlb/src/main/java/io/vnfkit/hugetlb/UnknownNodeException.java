package io.vnfkit.hugetlb;

import io.vnfkit.VnfkitException;
import io.vnfkit.unit.NodeSet;

/** A NUMA node that the host does not have, or that has no huge pages of the size in question. */
public final class UnknownNodeException extends VnfkitException {

    private static final long serialVersionUID = 1L;

    private final int node;
    private final transient NodeSet known;

    /**
     * Creates the exception.
     *
     * @param node the node that was asked for
     * @param known nodes that have such pages
     */
    public UnknownNodeException(int node, NodeSet known) {
        super("the host has no pool of such huge pages on NUMA node " + node + "; it has them on " + known);
        this.node = node;
        this.known = known;
    }

    /**
     * The node that was asked for.
     *
     * @return its number
     */
    public int node() {
        return node;
    }

    /**
     * Nodes that have such pages.
     *
     * @return their numbers
     */
    public NodeSet known() {
        return known;
    }
}

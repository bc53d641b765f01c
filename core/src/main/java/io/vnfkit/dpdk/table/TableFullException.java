package io.vnfkit.dpdk.table;

import io.vnfkit.VnfkitException;

/** A table has no room for a change. Changes before it in the same call are in force; {@link #applied} says how many. */
public final class TableFullException extends VnfkitException {

    private static final long serialVersionUID = 1L;

    private final int applied;

    /**
     * Creates the exception.
     *
     * @param message which table, how large, and what to enlarge
     * @param applied how many changes of the call are in force
     */
    public TableFullException(String message, int applied) {
        super(message);
        this.applied = applied;
    }

    /**
     * How many changes of the call are in force.
     *
     * @return the number of changes before the one that did not fit
     */
    public int applied() {
        return applied;
    }
}

package io.vnfkit.dpdk;

import io.vnfkit.linux.KernelException;

/**
 * A refusal by DPDK or by the forwarding core, with its errno as data. What DPDK printed about it is in the log, and
 * where the EAL did not start, in the message.
 */
public final class DpdkException extends KernelException {

    private static final long serialVersionUID = 1L;

    private final String operation;

    /**
     * Creates the exception.
     *
     * @param operation what was tried, on what
     * @param number the errno
     * @param hint the likely cure, or what DPDK printed; empty where none is known
     */
    public DpdkException(String operation, int number, String hint) {
        super(operation, number, hint);
        this.operation = operation;
    }

    /**
     * What was tried.
     *
     * @return such as {@code rte_eth_dev_start of port 0}
     */
    public String operation() {
        return operation;
    }
}

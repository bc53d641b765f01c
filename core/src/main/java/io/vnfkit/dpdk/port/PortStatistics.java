package io.vnfkit.dpdk.port;

/**
 * Counters of a port, as its driver keeps them.
 *
 * @param received packets
 * @param sent packets
 * @param receivedBytes bytes
 * @param sentBytes bytes
 * @param missed packets that the device dropped because no descriptor was free
 * @param receiveErrors packets that arrived damaged
 * @param transmitErrors packets that could not be sent
 * @param noMbuf packets that were not taken because the mempool was empty
 */
public record PortStatistics(long received, long sent, long receivedBytes, long sentBytes, long missed,
        long receiveErrors, long transmitErrors, long noMbuf) {}

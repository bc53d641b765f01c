package io.vnfkit.dpdk.port;

import io.vnfkit.unit.MacAddress;


/**
 * What a port says about itself.
 *
 * @param device name of the device
 * @param driver name of the driver
 * @param mac its address
 * @param mtu longest network layer packet in bytes; of a port on an interface of the kernel, no more than the interface
 *     lets through
 * @param node NUMA node; -1 if it has none
 * @param maxReceiveQueues what the device can have
 * @param maxTransmitQueues what the device can have
 * @param maxReceiveDescriptors of a queue
 * @param maxTransmitDescriptors of a queue
 * @param maxMtu longest that can be set
 * @param promiscuous whether frames for other stations are taken too
 * @param link state of the link
 * @param receiveOffloads RTE_ETH_RX_OFFLOAD_* that the device can do
 * @param transmitOffloads RTE_ETH_TX_OFFLOAD_* that the device can do
 * @param rssTypes RTE_ETH_RSS_* that the device can spread by
 */
public record PortInformation(String device, String driver, MacAddress mac, int mtu, int node, int maxReceiveQueues,
        int maxTransmitQueues, int maxReceiveDescriptors, int maxTransmitDescriptors, int maxMtu, boolean promiscuous,
        Link link, long receiveOffloads, long transmitOffloads, long rssTypes) {

    /**
     * State of a link.
     *
     * @param isUp whether packets can pass
     * @param megabitsPerSecond speed; 2^32 - 1 if unknown
     * @param isFullDuplex whether both directions at once
     */
    public record Link(boolean isUp, long megabitsPerSecond, boolean isFullDuplex) {}
}

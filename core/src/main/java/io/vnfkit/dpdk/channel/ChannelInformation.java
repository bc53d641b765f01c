package io.vnfkit.dpdk.channel;

/**
 * How a side of a channel is now.
 *
 * @param inFlight of a sender, packets that were sent and have not come back; of a receiver, packets that were taken and
 *     have not gone back
 * @param lost packets that a receiver will never give back, because a later process still has them
 * @param damaged whether the other side has broken the rules: nothing passes any more until the channel begins anew
 * @param freeBuffers buffers of a sender that hold no packet; 0 for a receiver
 */
public record ChannelInformation(long inFlight, long lost, boolean damaged, long freeBuffers) {}

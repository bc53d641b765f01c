package io.vnfkit.examples.shared;

/**
 * What the region says at one moment.
 *
 * @param producerBeats heartbeat of the producer
 * @param consumerBeats heartbeat of the consumer
 * @param hasProducer whether somebody is the producer, as the kernel knows it
 * @param hasConsumer whether somebody is the consumer
 * @param sentPackets packets that were sent
 * @param sentMessages messages that were sent
 * @param recovered packets that the producer took back from consumers that were lost
 * @param waitingPackets packets in their ring
 * @param progress what was received
 */
record Figures(long producerBeats, long consumerBeats, boolean hasProducer, boolean hasConsumer, long sentPackets,
        long sentMessages, long recovered, int waitingPackets, Progress progress) {

    static final String HEADING = String.format("%8s %8s %8s | %8s %8s | %s",
            "packets", "received", "in ring", "messages", "handled", "heartbeats of producer and consumer");

    @Override
    public String toString() {
        return String.format("%8d %8d %8d | %8d %8d | %d%s, %d%s", sentPackets, progress.packets(), waitingPackets,
                sentMessages, progress.messages(), producerBeats, hasProducer ? "" : " (gone)", consumerBeats,
                hasConsumer ? "" : " (gone)");
    }
}

package io.vnfkit.dpdk.function;

import java.util.Objects;

/** Where a task takes packets from or puts them. */
public sealed interface Endpoint {

    /**
     * A queue of a port.
     *
     * @param port name of the port in the description
     * @param queue number of the queue, from 0
     */
    record PortQueue(String port, int queue) implements Endpoint {
        /** Checks that there is a name. */
        public PortQueue {
            Objects.requireNonNull(port, "port");
            if (queue < 0) {
                throw new IllegalArgumentException("queues are numbered from 0, not " + queue);
            }
        }

        @Override
        public String toString() {
            return "port " + port + " queue " + queue;
        }
    }

    /**
     * A ring between tasks.
     *
     * @param ring name of the ring in the description
     */
    record RingEnd(String ring) implements Endpoint {
        /** Checks that there is a name. */
        public RingEnd {
            Objects.requireNonNull(ring, "ring");
        }

        @Override
        public String toString() {
            return "ring " + ring;
        }
    }

    /**
     * A side of a packet channel in shared memory: that of the receiver as an input, that of the sender as an output.
     *
     * @param channel name of the channel in the description
     */
    record ChannelEnd(String channel) implements Endpoint {
        /** Checks that there is a name. */
        public ChannelEnd {
            Objects.requireNonNull(channel, "channel");
        }

        @Override
        public String toString() {
            return "channel " + channel;
        }
    }

    /**
     * The first queue of a port.
     *
     * @param name name of the port
     * @return the endpoint
     */
    static Endpoint port(String name) {
        return new PortQueue(name, 0);
    }

    /**
     * A queue of a port.
     *
     * @param name name of the port
     * @param queue number of the queue
     * @return the endpoint
     */
    static Endpoint port(String name, int queue) {
        return new PortQueue(name, queue);
    }

    /**
     * A ring.
     *
     * @param name name of the ring
     * @return the endpoint
     */
    static Endpoint ring(String name) {
        return new RingEnd(name);
    }

    /**
     * A channel.
     *
     * @param name name of the channel
     * @return the endpoint
     */
    static Endpoint channel(String name) {
        return new ChannelEnd(name);
    }
}

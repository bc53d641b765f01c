package io.vnfkit.examples.shared;

import java.nio.ByteBuffer;

/**
 * How far the consumers have come, all of them together. One entry of a table, so that who takes over after a death finds
 * it as a whole.
 *
 * @param packets packets that were received
 * @param nextPacket number of the packet that is due: those before it were received or are lost
 * @param messages messages that were handled, each counted once
 * @param nextMessage number of the message that is due
 * @param repeated messages that came once more, because a consumer had been killed before it could say that they were handled
 */
record Progress(long packets, long nextPacket, long messages, long nextMessage, long repeated) {

    static final int BYTES = 5 * Long.BYTES;
    static final Progress NONE = new Progress(0, 0, 0, 0, 0);

    static Progress of(byte[] value) {
        ByteBuffer numbers = ByteBuffer.wrap(value);
        return new Progress(numbers.getLong(), numbers.getLong(), numbers.getLong(), numbers.getLong(), numbers.getLong());
    }

    byte[] bytes() {
        return ByteBuffer.allocate(BYTES).putLong(packets).putLong(nextPacket).putLong(messages).putLong(nextMessage)
                .putLong(repeated).array();
    }

    /** After a packet. Numbers only grow, so one that is too large says which packets are lost. */
    Progress withPacket(long number) {
        if (number < nextPacket) {
            throw new IllegalStateException("packet " + number + " came after " + (nextPacket - 1));
        }
        return new Progress(packets + 1, number + 1, messages, nextMessage, repeated);
    }

    Progress withMessage(long number) {
        return number < nextMessage
                ? new Progress(packets, nextPacket, messages, nextMessage, repeated + 1)
                : new Progress(packets, nextPacket, messages + 1, number + 1, repeated);
    }

    long lostMessages() {
        return nextMessage - messages;
    }
}

package io.vnfkit.ivshmem.memif;

import java.util.Objects;

/** What happens to one side of a link. */
sealed interface HandshakeEvent {

    /**
     * A message came.
     *
     * @param message what it says
     * @param hasDescriptor whether a descriptor came along
     */
    record Received(MemifMessage message, boolean hasDescriptor) implements HandshakeEvent {
        /** Checks that it is there. */
        public Received {
            Objects.requireNonNull(message, "message");
        }
    }

    /** The other side closed its socket, or its process is gone. */
    record Ended() implements HandshakeEvent {}

    /**
     * What the last action asked for could not be done, or this side wants no more: the other side is told why.
     *
     * @param reason for people
     */
    record Failed(String reason) implements HandshakeEvent {}
}

package io.vnfkit.ivshmem.memif;

import java.util.List;

/**
 * What an event leads to.
 *
 * @param next the state afterwards
 * @param actions what to do, in this order
 * @param <S> type of the state
 */
record Step<S>(S next, List<HandshakeAction> actions) {

    Step {
        actions = List.copyOf(actions);
    }

    static <S> Step<S> of(S next, HandshakeAction... actions) {
        return new Step<>(next, List.of(actions));
    }

    /** The end of a connection, which the other side is told of. */
    static <S> Step<S> refuse(S closed, String reason) {
        return of(closed, new HandshakeAction.Send(MemifMessage.Disconnect.because(reason)),
                new HandshakeAction.Close(reason));
    }
}

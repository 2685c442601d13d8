package io.millrace.gate;

import io.millrace.contract.frame.ClientFrame;
import io.vertx.core.Future;

/** What a service does with the frames of one socket. Every call comes on that socket's event loop, one at a time, and must not block. */
public interface FrameHandler {
    /** A frame the gate does not answer itself. Never called while the socket is paused or after {@link #closed()}. */
    void frame(ClientFrame frame);

    /** The socket is gone; nothing can be sent any more. Called once. */
    void closed();

    /** The principal was replaced by a fresh token of the same sender (SEC-2); its rights may have changed. */
    default void authenticated() {
    }

    /** The gate is about to ping the peer: the moment for what goes out with each ping (DEL-8). */
    default void pinging() {
    }

    /** The socket is not read any more and will close: completes when everything taken from it is answered. */
    default Future<Void> finish() {
        return Future.succeededFuture();
    }
}

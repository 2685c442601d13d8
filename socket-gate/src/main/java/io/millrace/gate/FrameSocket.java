package io.millrace.gate;

import io.millrace.contract.frame.CloseCode;
import io.millrace.contract.frame.ServerFrame;
import io.millrace.gate.token.Principal;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;

/**
 * One authenticated client connection that speaks frames. Everything here must be called on its event loop ({@link #context()});
 * after it is closed, sending does nothing. Inbound and outbound memory is bounded.
 */
public interface FrameSocket {
    /** Unique among the connections of this process, unguessable, told to the client in {@code hello}. */
    String id();

    /** Who speaks, with the rights of the newest token (SEC-2). */
    Principal principal();

    Context context();

    void send(ServerFrame frame);

    /** Sends one frame that is already UTF-8 JSON without a newline. The buffer may be shared with other sockets and is never changed. */
    void send(Buffer encodedFrame);

    /** More bytes wait for the peer than its outbound buffer should hold: send nothing that can wait until it drains (DEL-7). */
    boolean isFull();

    /** Bytes that wait for the peer at least; 0 while there is room. Exact enough to see whether the peer reads at all. */
    long backlog();

    /** Runs once when the socket is not full any more; replaces the one registered before. Runs in a later tick even if it is not full now. */
    void onDrain(Runnable action);

    /** Stops reading: no more frames are handed over, the ones read wait, and TCP pushes back (ING-5). */
    void pause();

    void resume();

    /** Sends what is waiting, then closes with the code; {@code reason} is short and free of personal data. */
    void close(CloseCode code, String reason);

    boolean isOpen();
}

package io.millrace.delivery.room;

/** The outgoing side of one client connection, bounded in bytes (DEL-7). Any thread may call it; frames of one thread keep their order. */
public interface Outlet {
    /** False once the bytes that wait for the client are over the limit; entries must wait then. */
    boolean hasRoom();

    /** Takes a frame always; whoever sends what can wait asks {@link #hasRoom()} first. */
    void send(byte[] frame);

    /** Runs {@code resume} once when there is room again, on any thread; never after the connection is gone. */
    void whenRoom(Runnable resume);
}

package io.millrace.gate;

import io.millrace.gate.wire.FrameSplitter;
import io.millrace.gate.wire.Wire;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * What comes in on one socket: messages are split into frames (ING-7), handed over one at a time, and neither handed over nor read
 * while the service has paused (ING-5) or the peer does not read its answers. Owned by the socket's event loop.
 */
final class Inbound {
    private final Wire wire;
    private final GateMetrics metrics;
    private final FrameSplitter frames;
    private final BooleanSupplier heldBack;
    private final Consumer<byte[]> service;
    private boolean paused;
    private boolean reading = true;
    private boolean handing;
    private boolean ended;

    /** {@code heldBack}: nothing may be taken just now for reasons of the answers' side. */
    Inbound(Wire wire, GateShell shell, BooleanSupplier heldBack, Consumer<byte[]> service) {
        this.wire = wire;
        this.metrics = shell.metrics();
        this.frames = new FrameSplitter(shell.settings().maxFrameBytes(), shell.maxMessageBytes());
        this.heldBack = heldBack;
        this.service = service;
    }

    /** Takes a piece of a text message; false when it is too big to be answered. */
    boolean add(byte[] piece, boolean last) {
        metrics.bytesReceived.increment(piece.length);
        if (last) {
            metrics.messagesReceived.increment();
        }
        boolean fits = frames.add(piece, last);
        if (fits) {
            handOver();
        }
        return fits;
    }

    boolean isTooLarge(byte[] frame) {
        return frames.isTooLarge(frame);
    }

    /** Hands over what waits as far as that is allowed now, and reads on when nothing waits any more. */
    void handOver() {
        if (handing) {
            return; // called from within a frame: the loop below goes on by itself
        }
        handing = true;
        try {
            byte[] frame;
            while (mayTake() && (frame = frames.poll()) != null) {
                metrics.framesReceived.increment();
                service.accept(frame);
            }
        } finally {
            handing = false;
        }
        read(mayTake() && frames.isEmpty());
    }

    void pause() {
        paused = true;
        if (!handing) {
            read(false);
        }
    }

    void resume() {
        paused = false;
        handOver();
    }

    /** Nothing is handed over any more. */
    void end() {
        read(false);
        ended = true;
    }

    boolean isReading() {
        return reading;
    }

    private boolean mayTake() {
        return !ended && !paused && !heldBack.getAsBoolean();
    }

    private void read(boolean wanted) {
        if (!ended && wanted != reading) {
            reading = wanted;
            wire.setReading(wanted);
            if (!wanted) {
                metrics.pauses.increment();
            }
        }
    }
}

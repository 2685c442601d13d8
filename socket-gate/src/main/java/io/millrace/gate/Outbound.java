package io.millrace.gate;

import io.millrace.gate.wire.FrameJoiner;
import io.millrace.gate.wire.Wire;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;

/**
 * What goes out on one socket: frames of one tick leave joined (ING-7), and what the peer does not read is bounded (DEL-7). Owned by
 * the socket's event loop.
 */
final class Outbound {
    /** Beyond this many outbound buffers of unsent bytes the peer is cut off as slow, whatever its service still sends. */
    private static final int BUFFERS_TO_CUT = 4;

    /** Frames are joined up to here: a connection that breaks all the time delivers what came whole, so a message must not be long. */
    private static final int MAX_JOINED_BYTES = 1 << 14;

    private final Context context;
    private final Wire wire;
    private final GateMetrics metrics;
    private final FrameJoiner frames;
    private final int bufferBytes;
    private final Listener listener;
    private Runnable drainAction;
    private boolean flushScheduled;
    private boolean wasFull;
    private boolean ended;

    Outbound(Context context, Wire wire, GateShell shell, Listener listener) {
        this.context = context;
        this.wire = wire;
        this.metrics = shell.metrics();
        this.frames = new FrameJoiner(Math.min(MAX_JOINED_BYTES, shell.maxMessageBytes()));
        this.bufferBytes = shell.settings().outboundBufferBytes();
        this.listener = listener;
    }

    void send(Buffer frame) {
        if (ended) {
            return;
        }
        frames.add(frame);
        if (backlog() > (long) BUFFERS_TO_CUT * bufferBytes) {
            listener.overflowed();
        } else if (!flushScheduled) {
            flushScheduled = true;
            context.runOnContext(tick -> flush());
        }
    }

    boolean isFull() {
        return wire.isFull() || frames.bytes() > bufferBytes;
    }

    long backlog() {
        return wire.backlog() + frames.bytes();
    }

    void onDrain(Runnable action) {
        drainAction = action;
        context.runOnContext(tick -> roomAgain());
    }

    /** The wire has room again. */
    void drained() {
        wasFull = false;
        roomAgain();
    }

    /** Writes what is waiting, and takes nothing more. */
    void end() {
        write();
        discard();
    }

    /** Forgets what is waiting, and takes nothing more. */
    void discard() {
        frames.take();
        ended = true;
        drainAction = null;
    }

    private void flush() {
        flushScheduled = false;
        if (!ended) {
            write();
            roomAgain();
        }
    }

    private void roomAgain() {
        if (drainAction != null && !isFull()) {
            Runnable action = drainAction;
            drainAction = null;
            action.run();
        }
        listener.roomChanged();
    }

    private void write() {
        metrics.framesSent.increment(frames.count());
        for (Buffer message : frames.take()) {
            metrics.messagesSent.increment();
            metrics.bytesSent.increment(message.length());
            wire.writeText(message);
        }
        if (wire.isFull() && !wasFull) {
            wasFull = true;
            metrics.full.increment();
        }
    }

    /** What the socket is told, on its event loop. */
    interface Listener {
        /** Far more is waiting than the peer may leave unread. */
        void overflowed();

        /** There may be more room than before, or less. */
        void roomChanged();
    }
}

package io.millrace.delivery.socket;

import io.millrace.contract.frame.CloseCode;
import io.millrace.delivery.room.Outlet;
import io.millrace.delivery.signal.SignalOutlet;
import io.millrace.gate.FrameSocket;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * What waits between the rooms' owners and a connection's event loop (DEL-7): any thread adds, the event loop hands on while the socket takes it.
 * Bounded: entries wait for room; a client that does not even read what is not an entry is cut off as slow. Room signals come after everything
 * else and are dropped first: they are taken, and kept, only while less than a share of the limit waits.
 */
final class Outbox implements Outlet, SignalOutlet {
    private static final int LIMITS_TO_CUT = 4;
    private static final int SIGNALS_SHARE = 4;

    private final FrameSocket socket;
    private final long limit;
    private final Queue<byte[]> frames = new ConcurrentLinkedQueue<>();
    private final Queue<byte[]> signals = new ConcurrentLinkedQueue<>();
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong signalBytes = new AtomicLong();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final LongAdder waitingBytes;
    private final Runnable signalDropped;
    private Runnable signalsMissed = () -> { };
    private volatile boolean closed;

    /** {@code signalDropped} is told of each room signal that is dropped. */
    Outbox(FrameSocket socket, long limit, LongAdder waitingBytes, Runnable signalDropped) {
        this.socket = socket;
        this.limit = limit;
        this.waitingBytes = waitingBytes;
        this.signalDropped = signalDropped;
    }

    /** {@code action} runs on the event loop whenever signals that were taken before have been dropped. */
    void onSignalsMissed(Runnable action) {
        signalsMissed = action;
    }

    @Override
    public boolean hasRoom() {
        return !closed && bytes.get() < limit;
    }

    @Override
    public void send(byte[] frame) {
        if (!closed) {
            count(frame.length);
            frames.add(frame);
            schedule();
        }
    }

    @Override
    public boolean takesSignals() {
        return !closed && bytes.get() + signalBytes.get() < limit / SIGNALS_SHARE;
    }

    @Override
    public boolean offer(byte[] frame) {
        if (!takesSignals()) {
            signalDropped.run();
            return false;
        }
        countSignal(frame.length);
        signals.add(frame);
        schedule();
        return true;
    }

    @Override
    public void whenRoom(Runnable resume) {
        waiting.add(resume);
        schedule();
    }

    /** On the socket's event loop, as everything below. */
    void close() {
        closed = true;
        for (byte[] frame = frames.poll(); frame != null; frame = frames.poll()) {
            count(-frame.length);
        }
        dropSignals();
        waiting.clear();
    }

    private boolean dropSignals() {
        boolean any = false;
        for (byte[] frame = signals.poll(); frame != null; frame = signals.poll()) {
            countSignal(-frame.length);
            signalDropped.run();
            any = true;
        }
        return any;
    }

    private void countSignal(int change) {
        signalBytes.addAndGet(change);
        waitingBytes.add(change);
    }

    private void count(int change) {
        bytes.addAndGet(change);
        waitingBytes.add(change);
    }

    private void schedule() {
        if (scheduled.compareAndSet(false, true)) {
            socket.context().runOnContext(tick -> drain());
        }
    }

    private void drain() {
        scheduled.set(false);
        if (closed) {
            close();
            return;
        }
        byte[] frame;
        while (!socket.isFull() && (frame = frames.poll()) != null) {
            count(-frame.length);
            socket.send(Buffer.buffer(Unpooled.wrappedBuffer(frame)));
        }
        drainSignals();
        if (bytes.get() > LIMITS_TO_CUT * limit) {
            socket.close(CloseCode.SLOW, "too much is waiting to be read");
        } else if (!frames.isEmpty() || !signals.isEmpty()) {
            socket.onDrain(this::drain);
        }
        if (bytes.get() <= limit / 2) {
            resumeWaiting();
        }
    }

    private void drainSignals() {
        if (bytes.get() >= limit / SIGNALS_SHARE) {
            if (dropSignals()) {
                signalsMissed.run();
            }
            return;
        }
        byte[] frame;
        while (!socket.isFull() && frames.isEmpty() && (frame = signals.poll()) != null) {
            countSignal(-frame.length);
            socket.send(Buffer.buffer(Unpooled.wrappedBuffer(frame)));
        }
    }

    private void resumeWaiting() {
        for (Runnable resume = waiting.poll(); resume != null; resume = waiting.poll()) {
            resume.run();
        }
    }
}

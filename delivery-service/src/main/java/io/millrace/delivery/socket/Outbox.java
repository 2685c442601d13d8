package io.millrace.delivery.socket;

import io.millrace.contract.frame.CloseCode;
import io.millrace.delivery.room.Outlet;
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
 * Bounded: entries wait for room; a client that does not even read what is not an entry is cut off as slow.
 */
final class Outbox implements Outlet {
    private static final int LIMITS_TO_CUT = 4;

    private final FrameSocket socket;
    private final long limit;
    private final Queue<byte[]> frames = new ConcurrentLinkedQueue<>();
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final LongAdder waitingBytes;
    private volatile boolean closed;

    Outbox(FrameSocket socket, long limit, LongAdder waitingBytes) {
        this.socket = socket;
        this.limit = limit;
        this.waitingBytes = waitingBytes;
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
        waiting.clear();
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
        if (bytes.get() > LIMITS_TO_CUT * limit) {
            socket.close(CloseCode.SLOW, "too much is waiting to be read");
        } else if (!frames.isEmpty()) {
            socket.onDrain(this::drain);
        }
        if (bytes.get() <= limit / 2) {
            resumeWaiting();
        }
    }

    private void resumeWaiting() {
        for (Runnable resume = waiting.poll(); resume != null; resume = waiting.poll()) {
            resume.run();
        }
    }
}

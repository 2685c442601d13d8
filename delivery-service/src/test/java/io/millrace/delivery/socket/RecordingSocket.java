package io.millrace.delivery.socket;

import io.millrace.contract.frame.CloseCode;
import io.millrace.contract.frame.ServerFrame;
import io.millrace.gate.FrameSocket;
import io.millrace.gate.token.Principal;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** A socket whose peer reads or does not, as the test says. */
final class RecordingSocket implements FrameSocket {
    private final Context context;
    private final List<String> sent = new CopyOnWriteArrayList<>();
    private volatile boolean full;
    private volatile CloseCode closedWith;
    private Runnable drainAction;

    RecordingSocket(Context context) {
        this.context = context;
    }

    List<String> sent() {
        return sent;
    }

    CloseCode closedWith() {
        return closedWith;
    }

    void full(boolean now) {
        onLoop(() -> {
            full = now;
            Runnable action = drainAction;
            if (!now && action != null) {
                drainAction = null;
                action.run();
            }
        });
    }

    /** Lets everything scheduled so far happen. */
    void settle() {
        onLoop(() -> { });
    }

    void onLoop(Runnable action) {
        var done = new CompletableFuture<Void>();
        context.runOnContext(tick -> {
            action.run();
            done.complete(null);
        });
        done.join();
    }

    @Override
    public String id() {
        return "test";
    }

    @Override
    public Principal principal() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Context context() {
        return context;
    }

    @Override
    public void send(ServerFrame frame) {
        send(Buffer.buffer(frame.bytes()));
    }

    @Override
    public void send(Buffer encodedFrame) {
        sent.add(encodedFrame.toString());
    }

    @Override
    public boolean isFull() {
        return full;
    }

    @Override
    public long backlog() {
        return 0;
    }

    @Override
    public void onDrain(Runnable action) {
        drainAction = action;
    }

    @Override
    public void pause() {
    }

    @Override
    public void resume() {
    }

    @Override
    public void close(CloseCode code, String reason) {
        closedWith = code;
    }

    @Override
    public boolean isOpen() {
        return closedWith == null;
    }
}

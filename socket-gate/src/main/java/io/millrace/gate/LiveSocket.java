package io.millrace.gate;

import io.millrace.contract.frame.BadFrame;
import io.millrace.contract.frame.ClientFrame;
import io.millrace.contract.frame.CloseCode;
import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.frame.FrameReader;
import io.millrace.contract.frame.ServerFrame;
import io.millrace.gate.limit.Pace;
import io.millrace.gate.token.Principal;
import io.millrace.gate.token.RefusedToken;
import io.millrace.gate.wire.PeerWatch;
import io.millrace.gate.wire.Wire;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocketFrame;
import java.time.Duration;

/**
 * One socket from upgrade to close, on its event loop. It reads while its service and its peer's outbound buffer allow, answers
 * {@code auth}, {@code ping} and bad frames itself (ING-4, SEC-2), and joins what is sent in one tick (ING-7).
 */
final class LiveSocket implements FrameSocket, Wire.Listener, Outbound.Listener {
    private final String id;
    private final Context context;
    private final Wire wire;
    private final SocketSettings settings;
    private final GateMetrics metrics;
    private final Inbound inbound;
    private final Outbound outbound;
    private final Credentials credentials;
    private final Pace<String> renewals;
    private final PeerWatch peer = new PeerWatch();
    private FrameHandler service;
    private Runnable onEnd = () -> { };
    private boolean inBinary;
    private boolean open = true;
    private boolean ended;

    LiveSocket(String id, Context context, Wire wire, GateShell shell, Principal principal) {
        this.id = id;
        this.context = context;
        this.wire = wire;
        this.settings = shell.settings();
        this.renewals = shell.renewals();
        this.metrics = shell.metrics();
        this.outbound = new Outbound(context, wire, shell, this);
        this.inbound = new Inbound(wire, shell, outbound::isFull, this::take);
        this.credentials = new Credentials(principal, context, shell.verifier(), shell.leeway(), () -> close(CloseCode.TOKEN_EXPIRED, "token expired"));
    }

    void onEnd(Runnable action) {
        onEnd = action;
    }

    void start(FrameHandler handler) {
        service = handler;
        credentials.watch();
    }

    // inbound

    @Override
    public void received(WebSocketFrame frame) {
        peer.heard();
        if (!open) {
            return;
        }
        switch (frame.type()) {
            case TEXT -> text(frame.binaryData().getBytes(), frame.isFinal());
            case BINARY -> binary(frame.isFinal());
            case CONTINUATION -> {
                if (inBinary) {
                    inBinary = !frame.isFinal();
                } else {
                    text(frame.binaryData().getBytes(), frame.isFinal());
                }
            }
            default -> { }
        }
    }

    @Override
    public void ponged() {
        peer.heard();
    }

    @Override
    public void violated(CloseCode code) {
        metrics.badFrame("PROTOCOL");
        close(code, "protocol violated");
    }

    @Override
    public void broken(Throwable cause) {
        GateLog.broken(id, cause);
    }

    private void binary(boolean last) {
        inBinary = !last;
        refuse(ServerFrame.Error.of(ErrorCode.BAD_FRAME, "unable to read the frame; frames are text", null));
    }

    private void text(byte[] piece, boolean last) {
        if (!inbound.add(piece, last)) {
            metrics.badFrame("TOO_BIG");
            close(CloseCode.MESSAGE_TOO_BIG, "frame or message too big");
        }
    }

    private void take(byte[] bytes) {
        ClientFrame frame;
        try {
            if (inbound.isTooLarge(bytes)) {
                throw FrameReader.tooLarge(bytes, settings.maxFrameBytes());
            }
            frame = FrameReader.read(bytes);
        } catch (BadFrame e) {
            refuse(e.asError());
            return;
        }
        try {
            handle(frame);
        } catch (RuntimeException e) {
            GateLog.bug(id, e);
            refuse(ServerFrame.Error.of(ErrorCode.INTERNAL, "unable to handle the frame; the server failed", frame.ref()));
        }
    }

    private void handle(ClientFrame frame) {
        if (frame instanceof ClientFrame.Ping ping) {
            send(new ServerFrame.Pong(ping.ref()));
        } else if (frame instanceof ClientFrame.Auth auth) {
            authenticate(auth);
        } else {
            service.frame(frame);
        }
    }

    private void authenticate(ClientFrame.Auth auth) {
        Duration wait = renewals.pass(principal().sender());
        if (!wait.isZero()) { // verifying a signature costs more than sending a frame does
            refuse(new ServerFrame.Error(auth.ref(), null, ErrorCode.RATE_LIMITED, "unable to auth; too many tokens", true, wait.toMillis()));
            return;
        }
        try {
            credentials.renew(auth.token());
            service.authenticated();
            send(new ServerFrame.Ok(auth.ref(), null));
        } catch (RefusedToken e) {
            refuse(ServerFrame.Error.of(e.code(), e.getMessage(), auth.ref()));
            if (e.code() == ErrorCode.UNAUTHENTICATED) {
                metrics.renewalRefused();
                close(CloseCode.TOKEN_REFUSED, "token refused");
            }
        }
    }

    private void refuse(ServerFrame.Error error) {
        metrics.badFrame(error.code().name());
        send(error);
    }

    // outbound

    @Override
    public void send(ServerFrame frame) {
        send(Buffer.buffer(frame.bytes()));
    }

    @Override
    public void send(Buffer encodedFrame) {
        outbound.send(encodedFrame);
    }

    @Override
    public void overflowed() {
        close(CloseCode.SLOW, "too much is waiting to be read");
    }

    @Override
    public void roomChanged() {
        inbound.handOver();
    }

    @Override
    public void drained() {
        outbound.drained();
    }

    @Override
    public boolean isFull() {
        return outbound.isFull();
    }

    @Override
    public long backlog() {
        return outbound.backlog();
    }

    @Override
    public void onDrain(Runnable action) {
        outbound.onDrain(action);
    }

    // life

    void tick() {
        if (!open) {
            return;
        }
        if (peer.isGone(inbound.isReading(), wire.backlog())) {
            close(wire.isFull() ? CloseCode.SLOW : CloseCode.GOING_AWAY, "no sign of life");
            return;
        }
        service.pinging();
        if (open) {
            wire.ping();
        }
    }

    /** Stops reading, lets the service answer what it has taken, then says goodbye (DEL-9). Completes when that is written. */
    Future<Void> leave(long reconnectAfterMs) {
        if (!open) {
            return Future.succeededFuture();
        }
        inbound.end();
        Promise<Void> left = Promise.promise();
        service.finish().onComplete(done -> context.runOnContext(tick -> {
            sayGoodbye(reconnectAfterMs);
            left.complete();
        }));
        return left.future();
    }

    void sayGoodbye(long reconnectAfterMs) {
        send(new ServerFrame.Goodbye(reconnectAfterMs));
        close(CloseCode.GOING_AWAY, "going away");
    }

    @Override
    public void pause() {
        inbound.pause();
    }

    @Override
    public void resume() {
        inbound.resume();
    }

    @Override
    public void close(CloseCode code, String reason) {
        if (!open) {
            return;
        }
        inbound.end();
        outbound.end();
        open = false;
        metrics.closed(Short.toString(code.code()));
        wire.close(code.code(), reason);
        context.runOnContext(tick -> end());
    }

    @Override
    public void gone(Short code) {
        if (open) {
            open = false;
            inbound.end();
            outbound.discard();
            metrics.closed(code == null ? "none" : code < 4000 ? code.toString() : "other");
        }
        end();
    }

    private void end() {
        if (!ended) {
            ended = true;
            credentials.stop();
            onEnd.run();
            if (service != null) { // it may have failed before it began
                service.closed();
            }
        }
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Principal principal() {
        return credentials.principal();
    }

    @Override
    public Context context() {
        return context;
    }

    @Override
    public boolean isOpen() {
        return open;
    }
}

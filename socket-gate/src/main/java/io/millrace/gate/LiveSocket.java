package io.millrace.gate;

import io.millrace.contract.frame.BadFrame;
import io.millrace.contract.frame.ClientFrame;
import io.millrace.contract.frame.CloseCode;
import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.frame.FrameReader;
import io.millrace.contract.frame.ServerFrame;
import io.millrace.gate.token.Principal;
import io.millrace.gate.token.RefusedToken;
import io.millrace.gate.token.TokenVerifier;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocketFrame;

/**
 * One socket from upgrade to close, on its event loop. It reads while its service and its peer's outbound buffer allow, answers
 * {@code auth}, {@code ping} and bad frames itself (ING-4, SEC-2), and joins what is sent in one tick (ING-7).
 */
final class LiveSocket implements FrameSocket {
    /** Beyond this many outbound buffers of unsent bytes the peer is cut off as slow, whatever its service still sends. */
    private static final int BUFFERS_TO_CUT = 4;

    private final String id;
    private final Context context;
    private final Wire wire;
    private final SocketSettings settings;
    private final TokenVerifier verifier;
    private final GateMetrics metrics;
    private final FrameSplitter inbound;
    private final FrameJoiner outbound;
    private final TokenClock tokenClock;
    private final PeerWatch peer = new PeerWatch();
    private Principal principal;
    private FrameHandler service;
    private Runnable onEnd = () -> { };
    private Runnable drainAction;
    private boolean pausedByService;
    private boolean reading = true;
    private boolean dispatching;
    private boolean flushScheduled;
    private boolean wasFull;
    private boolean leaving;
    private boolean open = true;
    private boolean ended;

    LiveSocket(String id, Context context, Wire wire, GateShell shell, Principal principal) {
        this.id = id;
        this.context = context;
        this.wire = wire;
        this.settings = shell.settings();
        this.verifier = shell.verifier();
        this.metrics = shell.metrics();
        this.inbound = new FrameSplitter(settings.maxFrameBytes(), shell.maxMessageBytes());
        this.outbound = new FrameJoiner(shell.maxMessageBytes());
        this.principal = principal;
        this.tokenClock = new TokenClock(context, verifier, shell.leeway(), () -> close(CloseCode.TOKEN_EXPIRED, "token expired"));
    }

    void onEnd(Runnable action) {
        onEnd = action;
    }

    void start(FrameHandler handler) {
        service = handler;
        tokenClock.watch(principal.expiresAt());
    }

    // inbound

    void received(WebSocketFrame frame) {
        peer.heard();
        if (!open) {
            return;
        }
        switch (frame.type()) {
            case TEXT, CONTINUATION -> text(frame.binaryData().getBytes(), frame.isFinal());
            case BINARY -> refuse(ServerFrame.Error.of(ErrorCode.BAD_FRAME, "unable to read the frame; frames are text", null));
            default -> { }
        }
    }

    void ponged() {
        peer.heard();
    }

    /** The peer broke the WebSocket protocol itself, or sent a message beyond the limit in one piece; the rest of it is discarded. */
    void violated(CloseCode code) {
        metrics.badFrame("PROTOCOL");
        close(code, "protocol violated");
    }

    private void text(byte[] piece, boolean last) {
        metrics.bytesReceived.increment(piece.length);
        if (last) {
            metrics.messagesReceived.increment();
        }
        if (!inbound.add(piece, last)) {
            metrics.badFrame("TOO_BIG");
            close(CloseCode.MESSAGE_TOO_BIG, "frame or message too big");
            return;
        }
        dispatch();
    }

    private void dispatch() {
        if (dispatching) {
            return; // resumed from within a frame: the loop below goes on by itself
        }
        dispatching = true;
        try {
            byte[] frame;
            while (mayRead() && (frame = inbound.poll()) != null) {
                metrics.framesReceived.increment();
                take(frame);
            }
        } finally {
            dispatching = false;
        }
        read(mayRead() && inbound.isEmpty());
    }

    private boolean mayRead() {
        return open && !leaving && !pausedByService && !isFull();
    }

    private void read(boolean wanted) {
        if (open && wanted != reading) {
            reading = wanted;
            wire.setReading(wanted);
            if (!wanted) {
                metrics.pauses.increment();
            }
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
        try {
            Principal fresh = verifier.verify(auth.token());
            if (!fresh.sender().equals(principal.sender())) {
                throw new RefusedToken("its sub is another");
            }
            principal = fresh;
            tokenClock.watch(fresh.expiresAt());
            service.authenticated();
            send(new ServerFrame.Ok(auth.ref(), null));
        } catch (RefusedToken e) {
            refuse(ServerFrame.Error.of(ErrorCode.UNAUTHENTICATED, e.getMessage(), auth.ref()));
            close(CloseCode.TOKEN_REFUSED, "token refused");
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
        if (!open) {
            return;
        }
        outbound.add(encodedFrame);
        if (wire.backlog() + outbound.bytes() > (long) BUFFERS_TO_CUT * settings.outboundBufferBytes()) {
            close(CloseCode.SLOW, "too much is waiting to be read");
        } else if (!flushScheduled) {
            flushScheduled = true;
            context.runOnContext(tick -> flush());
        }
    }

    private void flush() {
        flushScheduled = false;
        if (!open || outbound.isEmpty()) {
            return;
        }
        write();
        if (isFull()) {
            read(false);
        } else if (drainAction != null || !reading) {
            drained();
        }
    }

    private void write() {
        metrics.framesSent.increment(outbound.count());
        for (Buffer message : outbound.take()) {
            metrics.messagesSent.increment();
            metrics.bytesSent.increment(message.length());
            wire.writeText(message);
        }
        if (wire.isFull() && !wasFull) {
            wasFull = true;
            metrics.full.increment();
        }
    }

    void drained() {
        wasFull = false;
        Runnable action = drainAction;
        drainAction = null;
        if (action != null && open) {
            action.run();
        }
        dispatch();
    }

    @Override
    public boolean isFull() {
        return wire.isFull() || outbound.bytes() > settings.outboundBufferBytes();
    }

    @Override
    public long backlog() {
        return wire.backlog() + outbound.bytes();
    }

    @Override
    public void onDrain(Runnable action) {
        drainAction = action;
        context.runOnContext(tick -> {
            if (!isFull() && drainAction == action) {
                drained();
            }
        });
    }

    // life

    void tick() {
        if (!open) {
            return;
        }
        if (peer.isGone(reading, wire.backlog())) {
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
        leaving = true;
        read(false);
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
        pausedByService = true;
        if (!dispatching) {
            read(false);
        }
    }

    @Override
    public void resume() {
        pausedByService = false;
        dispatch();
    }

    @Override
    public void close(CloseCode code, String reason) {
        if (!open) {
            return;
        }
        write();
        open = false;
        metrics.closed(Short.toString(code.code()));
        wire.close(code.code(), reason);
        context.runOnContext(tick -> end());
    }

    /** The peer or the network ended the connection, or our own close went through. */
    void gone(Short code) {
        if (open) {
            open = false;
            metrics.closed(code == null ? "none" : code < 4000 ? code.toString() : "other");
        }
        end();
    }

    private void end() {
        if (!ended) {
            ended = true;
            tokenClock.stop();
            onEnd.run();
            service.closed();
        }
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Principal principal() {
        return principal;
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

package io.millrace.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.contract.frame.ClientFrame;
import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.frame.ServerFrame;
import io.millrace.contract.message.Message;
import io.millrace.contract.record.AcceptedMessage;
import io.millrace.gate.FrameHandler;
import io.millrace.gate.FrameSocket;
import io.millrace.gate.token.Right;
import io.millrace.ingest.IngestMetrics.Pause;
import io.millrace.tracing.TraceContext;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;

/**
 * One connection to {@code /v1/ingest}, on its event loop: hands messages to the writer in the order they came (ING-3), answers each
 * when it is durable (ING-2), and is not read while too many are unanswered (ING-5) or too much is on its way to Kafka (ING-6), nor for a
 * while after each message when the pipeline is late (ING-8).
 */
final class IngestSocket implements FrameHandler {
    private final FrameSocket socket;
    private final Ingest ingest;
    private final Answers answers;
    private final Promise<Void> finished = Promise.promise();
    private Pending parked;
    private int unanswered;
    private boolean resting;
    private boolean finishing;
    private boolean closed;

    IngestSocket(FrameSocket socket, Ingest ingest) {
        this.socket = socket;
        this.ingest = ingest;
        answers = new Answers(socket.context(), this::answer, this::readOn);
        socket.send(ingest.hello(socket.id()));
    }

    @Override
    public void frame(ClientFrame frame) {
        if (frame instanceof ClientFrame.Send send) {
            send(send);
        } else {
            socket.send(ServerFrame.Error.of(ErrorCode.BAD_FRAME, "unable to read the frame; this socket takes send, auth and ping", frame.ref()));
        }
    }

    @Override
    public void closed() {
        closed = true;
        if (parked != null) {
            ingest.metrics().refused(ErrorCode.UNAVAILABLE); // never handed over, and nobody is left to be told
            parked.draft().span().failed(ErrorCode.UNAVAILABLE.name()).end();
            parked = null;
        }
    }

    @Override
    public Future<Void> finish() {
        finishing = true;
        finishIfAnswered();
        return finished.future();
    }

    private void send(ClientFrame.Send frame) {
        Message message = frame.message();
        JsonNode ref = frame.ref();
        var refusal = ingest.judgement().refusalOnSocket(socket.principal(), message, ref);
        if (refusal.isPresent()) {
            ingest.metrics().refusedAtOnce(refusal.get().code());
            socket.send(refusal.get());
            return;
        }
        boolean moderator = socket.principal().rights().allows(message.room(), Right.MODERATE);
        var accepted = new AcceptedMessage(socket.principal().sender(), Draft.now(), moderator, message);
        var pending = new Pending(ingest.draft(accepted, TraceContext.ofClient(frame.traceparent(), null)), ref);
        ingest.metrics().received();
        append(pending);
        rest(ingest.pipeline().pause());
    }

    /** The pipeline is late: the next message of this connection is not read before it has rested. Memory holds what was read already, no more. */
    private void rest(Duration pause) {
        if (!pause.isZero()) {
            resting = true;
            ingest.metrics().paused(Pause.LATE);
            socket.pause();
            socket.context().owner().setTimer(Math.max(1, pause.toMillis()), timer -> {
                resting = false;
                readOn();
            });
        }
    }

    private void append(Pending pending) {
        if (!ingest.writer().append(pending.draft(), failure -> answers.add(pending, failure))) {
            park(pending);
            return;
        }
        if (++unanswered >= ingest.inFlightLimit()) {
            ingest.metrics().paused(Pause.IN_FLIGHT);
            socket.pause();
        }
    }

    /** The one message that was read but fits nowhere waits here; nothing more is read until it has gone. */
    private void park(Pending pending) {
        parked = pending;
        ingest.metrics().paused(Pause.UNWRITTEN);
        socket.pause();
        ingest.writer().whenFree(() -> socket.context().runOnContext(tick -> unpark()));
    }

    private void unpark() {
        Pending pending = parked;
        if (pending != null) {
            parked = null;
            append(pending);
            readOn();
        }
    }

    private void answer(Pending pending, AppendFailure failure) {
        unanswered--;
        ingest.count(pending, failure);
        socket.send(pending.answer(failure));
    }

    private void readOn() {
        if (!closed && !resting && parked == null && unanswered < ingest.inFlightLimit()) {
            socket.resume();
        }
        finishIfAnswered();
    }

    private void finishIfAnswered() {
        if (finishing && unanswered == 0 && parked == null) {
            finished.tryComplete();
        }
    }
}

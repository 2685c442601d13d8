package io.millrace.ingest;

import io.millrace.contract.frame.BadFrame;
import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.frame.FrameReader;
import io.millrace.contract.frame.ServerFrame;
import io.millrace.contract.message.Message;
import io.millrace.contract.record.AcceptedMessage;
import io.millrace.gate.HttpGate;
import io.millrace.gate.token.Right;
import io.millrace.tracing.TraceContext;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;

/** {@code POST /v1/rooms/{room}/messages} (ING-1): the body is the frame without op and ref, the answer the same frame, 202 when durable. */
final class IngestRequest {
    private static final int ACCEPTED = 202;
    private static final Duration SOON = Duration.ofSeconds(1);

    private final Ingest ingest;
    private final int maxBytes;

    IngestRequest(Ingest ingest, int maxBytes) {
        this.ingest = ingest;
        this.maxBytes = maxBytes;
    }

    void handle(RoutingContext request) {
        try {
            Message message = FrameReader.readMessage(body(request), request.pathParam("room"));
            var principal = HttpGate.principal(request);
            var refusal = ingest.judgement().refusal(principal, message, null);
            if (refusal.isPresent()) {
                refuse(request, refusal.get());
                return;
            }
            boolean moderator = principal.rights().allows(message.room(), Right.MODERATE);
            var accepted = new AcceptedMessage(principal.sender(), Draft.now(), moderator, message);
            var pending = new Pending(ingest.draft(accepted, trace(request)), null);
            ingest.metrics().received();
            append(request, pending);
        } catch (BadFrame e) {
            refuse(request, e.asError());
        }
    }

    /** The request has failed before it could be handled: its body is too long, or we have a defect. */
    void failed(RoutingContext request) {
        if (request.statusCode() == ErrorCode.TOO_LARGE.httpStatus()) {
            refuse(request, ServerFrame.Error.of(ErrorCode.TOO_LARGE, "unable to read the body; it is longer than " + maxBytes + " bytes", null));
        } else {
            IngestLog.bug(request.failure());
            HttpGate.refuse(request, ServerFrame.Error.of(ErrorCode.INTERNAL, "unable to handle the request; the server failed", null));
        }
    }

    private void append(RoutingContext request, Pending pending) {
        Context context = Vertx.currentContext();
        boolean appending = ingest.writer().append(pending.draft(), failure -> context.runOnContext(tick -> answer(request, pending, failure)));
        if (!appending) {
            answer(request, pending, AppendFailure.unavailable("too much is on its way to Kafka", SOON));
        }
    }

    private void answer(RoutingContext request, Pending pending, AppendFailure failure) {
        ingest.count(pending, failure);
        var frame = pending.answer(failure);
        if (frame instanceof ServerFrame.Error error) {
            HttpGate.refuse(request, error);
        } else {
            HttpGate.answer(request, ACCEPTED, frame);
        }
    }

    private void refuse(RoutingContext request, ServerFrame.Error error) {
        ingest.metrics().refusedAtOnce(error.code());
        HttpGate.refuse(request, error);
    }

    private static byte[] body(RoutingContext request) {
        Buffer body = request.body().buffer();
        return body == null ? new byte[0] : body.getBytes();
    }

    private static TraceContext trace(RoutingContext request) {
        return TraceContext.ofClient(request.request().getHeader("traceparent"), request.request().getHeader("tracestate"));
    }
}

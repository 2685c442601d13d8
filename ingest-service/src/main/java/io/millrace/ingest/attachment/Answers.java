package io.millrace.ingest.attachment;

import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.json.Json;
import io.millrace.gate.HttpGate;
import io.millrace.ingest.attachment.file.Refusal;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.UncheckedIOException;

/** How requests end: with JSON, with an error of the catalogue (ERR-1), or cut off where an answer has begun. The one boundary for bugs. */
final class Answers {
    private static final long REST_BYTES = 1024 * 1024;
    private static final long REST_MS = 2000;

    private final AttachmentMetrics metrics;

    Answers(AttachmentMetrics metrics) {
        this.metrics = metrics;
    }

    static void json(RoutingContext request, int status, Object body) {
        request.response().setStatusCode(status).putHeader("Content-Type", "application/json").end(Buffer.buffer(Json.bytes(body)));
    }

    /** Tells the peer why there is nothing else to tell, unless it is gone. */
    void failed(RoutingContext request, Throwable cause) {
        if (cause instanceof BrokenTransfer || request.response().headWritten() || request.response().closed()) {
            note(cause);
            cut(request);
            return;
        }
        Refusal refusal = refusal(cause);
        metrics.refused(refusal.error().code().name());
        if (request.request().isEnded()) {
            say(request, refusal);
        } else {
            request.response().putHeader("Connection", "close");
            say(request, refusal);
            readAway(request);
        }
    }

    private static Refusal refusal(Throwable cause) {
        note(cause);
        if (cause instanceof Refusal refusal) {
            return refusal;
        }
        if (cause instanceof UnrecordedOutcome) {
            return Refusal.soon(ErrorCode.UNAVAILABLE, "unable to record the outcome; Kafka is out of reach, send the same again");
        }
        if (isStoreTrouble(cause)) {
            return Refusal.soon(ErrorCode.UNAVAILABLE, "unable to reach the attachment store; send the same again");
        }
        return Refusal.of(ErrorCode.INTERNAL, "unable to answer; the server has a defect");
    }

    private static void note(Throwable cause) {
        if (isStoreTrouble(cause)) {
            AttachmentLog.storeFailed(cause);
        } else if (!(cause instanceof Refusal || cause instanceof UnrecordedOutcome || cause instanceof BrokenTransfer)) {
            AttachmentLog.bug(cause);
        }
    }

    private static boolean isStoreTrouble(Throwable cause) {
        return cause instanceof IOException || cause instanceof UncheckedIOException;
    }

    private static void say(RoutingContext request, Refusal refusal) {
        if (refusal.status() == refusal.error().code().httpStatus()) {
            HttpGate.refuse(request, refusal.error());
        } else {
            HttpGate.answer(request, refusal.status(), refusal.error());
        }
    }

    /** A peer that still sends would lose the answer to a closed connection: a bounded rest of its bytes is read and dropped first. */
    private static void readAway(RoutingContext context) {
        HttpServerRequest request = context.request();
        long[] read = {0};
        request.handler(buffer -> {
            read[0] += buffer.length();
            if (read[0] > REST_BYTES) {
                cut(context);
            }
        });
        request.endHandler(end -> cut(context));
        request.exceptionHandler(gone -> cut(context));
        context.vertx().setTimer(REST_MS, late -> cut(context));
        request.resume();
    }

    private static void cut(RoutingContext request) {
        request.request().connection().close();
    }
}

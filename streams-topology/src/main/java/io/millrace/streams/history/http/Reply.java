package io.millrace.streams.history.http;

import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.frame.ServerFrame;
import io.millrace.streams.history.HistoryMeters;
import io.millrace.streams.history.HistoryMeters.Outcome;
import io.millrace.streams.history.PartitionLeft;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.HostInfo;
import org.jboss.logging.Logger;

/** The one answer to one request, counted by its outcome; on the request's event loop. What may pass is 503 with {@code Retry-After}. */
final class Reply {
    private static final Logger LOG = Logger.getLogger("io.millrace.streams.history.http");
    private static final String RETRY_AFTER_SECONDS = "1";

    private final HttpServerRequest request;
    private final HistoryMeters meters;

    Reply(HttpServerRequest request, HistoryMeters meters) {
        this.request = request;
        this.meters = meters;
    }

    void answer(byte[] json) {
        meters.request(Outcome.ANSWERED);
        request.response().putHeader("content-type", "application/json").end(Buffer.buffer(json));
    }

    void sendOn(HostInfo owner) {
        meters.request(Outcome.MOVED);
        var location = "http://" + owner.host() + ":" + owner.port() + request.uri();
        request.response().setStatusCode(307).putHeader("location", location).end();
    }

    void invalid(String reason) {
        refuse(Outcome.INVALID, ErrorCode.INVALID, reason);
    }

    void tooMany() {
        refuse(Outcome.REFUSED, ErrorCode.UNAVAILABLE, "too many requests are in work");
    }

    void restoring() {
        refuse(Outcome.RESTORING, ErrorCode.UNAVAILABLE, "this part of the view is being restored");
    }

    void fail(Throwable cause) {
        if (cause instanceof TimeoutException) {
            refuse(Outcome.LATE, ErrorCode.UNAVAILABLE, "the view has not come that far yet");
        } else if (cause instanceof InvalidStateStoreException || cause instanceof PartitionLeft) {
            refuse(Outcome.MOVED, ErrorCode.UNAVAILABLE, "this part of the view is moving to another instance");
        } else {
            LOG.errorf(cause, "unable to answer a history request; %s", cause.getMessage());
            refuse(Outcome.FAILED, ErrorCode.INTERNAL, "internal error");
        }
    }

    private void refuse(Outcome outcome, ErrorCode code, String reason) {
        meters.request(outcome);
        var response = request.response().setStatusCode(code.httpStatus()).putHeader("content-type", "application/json");
        if (code == ErrorCode.UNAVAILABLE) {
            response.putHeader("retry-after", RETRY_AFTER_SECONDS);
        }
        response.end(Buffer.buffer(ServerFrame.Error.of(code, "unable to answer; " + reason, null).bytes()));
    }
}

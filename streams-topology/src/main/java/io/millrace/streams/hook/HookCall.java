package io.millrace.streams.hook;

import io.millrace.streams.hook.HookAnswer.Trouble;
import io.millrace.streams.hook.HookAnswer.Trouble.Kind;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;

/**
 * One HTTP call of the hook, with one deadline over all of it and a bound on what it reads. Ends with a reply or with
 * {@link HookTrouble}; an exchange still under way is then reset. Lives on one event loop.
 */
final class HookCall {
    private final Limits limits;
    private final Promise<Reply> reply = Promise.promise();
    private HttpClientRequest request;
    private boolean exchanged;

    HookCall(Limits limits) {
        this.limits = limits;
    }

    Future<Reply> start(Vertx vertx, Future<HttpClientRequest> connecting, Buffer question) {
        long deadline = vertx.setTimer(limits.timeout().toMillis(), timer -> fail(Kind.SILENCE, "it did not answer within " + limits.timeout().toMillis() + " ms"));
        connecting.onFailure(this::unreachable).onSuccess(connected -> send(connected, question));
        return reply.future().onComplete(done -> {
            vertx.cancelTimer(deadline);
            if (request != null && !exchanged) {
                request.reset();
            }
        });
    }

    private void send(HttpClientRequest connected, Buffer question) {
        request = connected;
        connected.exceptionHandler(this::unreachable);
        if (reply.future().isComplete()) {
            connected.reset();
            return;
        }
        connected.response().onFailure(this::unreachable).onSuccess(this::read);
        connected.end(question).onFailure(this::unreachable);
    }

    private void read(HttpClientResponse response) {
        var body = Buffer.buffer();
        response.exceptionHandler(this::unreachable);
        response.handler(chunk -> {
            if (body.length() + chunk.length() > limits.maxAnswerBytes()) {
                fail(Kind.OVERSIZED, "its answer is larger than " + limits.maxAnswerBytes() + " bytes");
            } else {
                body.appendBuffer(chunk);
            }
        });
        response.endHandler(end -> {
            exchanged = true;
            reply.tryComplete(new Reply(response.statusCode(), body.getBytes()));
        });
    }

    private void unreachable(Throwable cause) {
        reply.tryFail(new HookTrouble(new Trouble(Kind.UNREACHABLE, "it cannot be reached", cause.toString())));
    }

    private void fail(Kind kind, String reason) {
        reply.tryFail(new HookTrouble(new Trouble(kind, reason)));
    }

    /** {@code timeout} is for the call as a whole, {@code maxAnswerBytes} for the body. */
    record Limits(Duration timeout, int maxAnswerBytes) {
    }

    /** A complete HTTP answer. */
    record Reply(int status, byte[] body) {
    }
}

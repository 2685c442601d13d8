package io.millrace.streams.hook;

import io.millrace.contract.record.HookAttempt;
import io.millrace.tracing.TraceContext;
import io.millrace.streams.hook.HookAnswer.Trouble;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;

/**
 * The backend team's HTTP endpoint. As many connections as calls at once are kept alive, redirects are not followed, TLS trusts
 * what the JVM trusts. Called on event loops; the answer comes on the caller's.
 */
final class HookEndpoint {
    /** Shorter than the idle timeouts of common servers, so that a call seldom meets a connection that is just being closed. */
    private static final int KEEP_ALIVE_SECONDS = 4;

    private final Vertx vertx;
    private final HttpClient client;
    private final RequestOptions request;
    private final HookCall.Limits limits;
    private final AnswerReader reader;

    HookEndpoint(Vertx vertx, URI url, HookSettings settings) {
        this.vertx = vertx;
        limits = new HookCall.Limits(settings.timeout(), settings.maxAnswerBytes().asBigInteger().intValueExact());
        reader = new AnswerReader(settings.maxMessageBytes().asBigInteger().intValueExact());
        var options = new HttpClientOptions().setKeepAliveTimeout(KEEP_ALIVE_SECONDS).setMaxWaitQueueSize(settings.concurrency())
                .setConnectTimeout(Math.toIntExact(settings.timeout().toMillis()));
        client = vertx.createHttpClient(options, new PoolOptions().setHttp1MaxSize(settings.concurrency()));
        request = new RequestOptions().setMethod(HttpMethod.POST).setAbsoluteURI(url.toString())
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json").putHeader(HttpHeaders.ACCEPT, "application/json")
                .putHeader(HttpHeaders.USER_AGENT, "millrace");
        settings.authorization().ifPresent(value -> request.putHeader(HttpHeaders.AUTHORIZATION, value));
    }

    /** What the hook says, or {@link HookTrouble}; never later than the timeout. */
    Future<HookAnswer> ask(HookAttempt attempt, TraceContext trace) {
        return new HookCall(limits).start(vertx, client.request(traced(trace)), Buffer.buffer(HookQuestion.about(attempt)))
                .map(reply -> reader.read(attempt.accepted().message(), reply.status(), reply.body()))
                .compose(answer -> answer instanceof Trouble trouble ? Future.failedFuture(new HookTrouble(trouble)) : Future.succeededFuture(answer));
    }

    private RequestOptions traced(TraceContext trace) {
        if (trace.parent() == null) {
            return request;
        }
        var traced = new RequestOptions(request).putHeader("traceparent", trace.parent());
        return trace.state() == null ? traced : traced.putHeader("tracestate", trace.state());
    }

    void close() {
        client.close();
    }
}

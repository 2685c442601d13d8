package io.millrace.gate;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.frame.ServerFrame;
import io.millrace.gate.token.BearerToken;
import io.millrace.gate.token.Principal;
import io.millrace.gate.token.RefusedToken;
import io.millrace.gate.token.TokenVerifier;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** The same tokens and the same errors over HTTP (SEC-1, ERR-1): a route behind {@link #authenticated()} finds its {@link #principal}. */
@Singleton
public class HttpGate {
    private static final String PRINCIPAL = "io.millrace.principal";
    private static final long MILLIS_PER_SECOND = 1000;

    private final TokenVerifier verifier;
    private final Counter tokenFailures;

    @Inject
    HttpGate(TokenVerifier verifier, MeterRegistry registry) {
        this.verifier = verifier;
        this.tokenFailures = GateMetrics.tokenFailures(registry, "http", "request");
    }

    /** Put this first on a route: goes on with a good token, answers 401 without one. */
    public Handler<RoutingContext> authenticated() {
        return request -> {
            try {
                request.put(PRINCIPAL, verifier.verify(BearerToken.ofRequest(request.request().headers())));
            } catch (RefusedToken e) {
                if (e.code() == ErrorCode.UNAUTHENTICATED) {
                    tokenFailures.increment();
                }
                refuse(request, ServerFrame.Error.of(e.code(), e.getMessage(), null));
                return;
            }
            request.next();
        };
    }

    public static Principal principal(RoutingContext request) {
        return request.get(PRINCIPAL);
    }

    public static void answer(RoutingContext request, int status, ServerFrame frame) {
        if (!request.response().ended() && !request.response().closed()) {
            request.response().setStatusCode(status).putHeader("Content-Type", "application/json").end(Buffer.buffer(frame.bytes()));
        }
    }

    /** Answers the error with its code's status, and {@code Retry-After} where the error knows when. */
    public static void refuse(RoutingContext request, ServerFrame.Error error) {
        if (error.retryAfterMs() != null) {
            request.response().putHeader("Retry-After", Long.toString((error.retryAfterMs() + MILLIS_PER_SECOND - 1) / MILLIS_PER_SECOND));
        }
        if (error.code() == ErrorCode.UNAUTHENTICATED) {
            request.response().putHeader("WWW-Authenticate", "Bearer");
        }
        answer(request, error.code().httpStatus(), error);
    }
}

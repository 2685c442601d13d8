package io.millrace.standalone.token;

import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.frame.ServerFrame;
import io.millrace.contract.json.Json;
import io.millrace.contract.message.InvalidMessage;
import io.millrace.gate.HttpGate;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** {@code POST /dev/token} (RUN-2): whoever reaches this instance may be anyone. It exists in the standalone alone. */
@ApplicationScoped
class DevTokenRoute {
    private static final int MAX_BODY = 64 * 1024;

    private final Path keys;
    private volatile DevKey key;

    DevTokenRoute(@ConfigProperty(name = "millrace.standalone.keys") Path keys) {
        this.keys = keys;
    }

    void open(@Observes Router router) {
        key = DevKey.in(keys);
        router.post("/dev/token")
                .handler(BodyHandler.create(false).setBodyLimit(MAX_BODY))
                .handler(this::answer)
                .failureHandler(failed -> refuse(failed, failed.statusCode() == 413 ? ErrorCode.TOO_LARGE : ErrorCode.INTERNAL, "the request failed"));
    }

    private void answer(RoutingContext request) {
        try {
            Buffer body = request.body().buffer();
            var asked = TokenRequest.read(body == null ? new byte[0] : body.getBytes());
            request.response().putHeader("Content-Type", "application/json").putHeader("Cache-Control", "no-store")
                    .end(Buffer.buffer(Json.bytes(Map.of("token", key.token(asked, Clock.systemUTC())))));
        } catch (InvalidMessage e) {
            refuse(request, ErrorCode.INVALID, e.getMessage());
        }
    }

    private static void refuse(RoutingContext request, ErrorCode code, String reason) {
        HttpGate.refuse(request, ServerFrame.Error.of(code, "unable to make a token; " + reason, null));
    }
}

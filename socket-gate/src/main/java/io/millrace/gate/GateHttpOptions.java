package io.millrace.gate;

import io.millrace.gate.token.BearerToken;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.HttpServerOptions;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;

/** Socket options of the HTTP server: no compression (a small message could inflate without bound), the message limit, the subprotocol. */
@Singleton
public class GateHttpOptions implements HttpServerOptionsCustomizer {
    private static final int CLOSING_SECONDS = 5;

    private final GateConfig config;

    @Inject
    GateHttpOptions(GateConfig config) {
        this.config = config;
    }

    @Override
    public void customizeHttpServer(HttpServerOptions options) {
        apply(options);
    }

    @Override
    public void customizeHttpsServer(HttpServerOptions options) {
        apply(options);
    }

    private void apply(HttpServerOptions options) {
        int maxMessage = Math.toIntExact(config.maxMessage().asLongValue());
        options.setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false)
                .setMaxWebSocketFrameSize(maxMessage)
                .setMaxWebSocketMessageSize(maxMessage)
                .setWebSocketSubProtocols(List.of(BearerToken.PROTOCOL))
                .setWebSocketClosingTimeout(CLOSING_SECONDS);
    }
}

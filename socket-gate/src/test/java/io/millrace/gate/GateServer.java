package io.millrace.gate;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.gate.token.AuthConfig;
import io.millrace.testing.TestTokens;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** A real HTTP server with one gated socket at {@code /socket}, configured as the services are: the module's defaults, then what a test changes. */
final class GateServer implements AutoCloseable {
    private static final int DEFAULTS = 100;
    private static final int CHANGES = 200;

    final TestTokens tokens = TestTokens.issuer();
    final MeterRegistry registry = new SimpleMeterRegistry();
    final LiveSockets sockets;
    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;

    GateServer(Path directory, SocketSettings settings, Map<String, String> changes, Function<FrameSocket, FrameHandler> service) {
        Map<String, String> all = new HashMap<>(changes);
        all.put("millrace.auth.public-key-location", tokens.writePublicKey(directory).toString());
        var config = config(all);
        var gateConfig = config.getConfigMapping(GateConfig.class);
        var authConfig = config.getConfigMapping(AuthConfig.class);
        var beans = new GateBeans();
        var development = beans.developmentTokens();
        var verifier = beans.verifier(beans.keys(authConfig, development), authConfig, development);
        var admission = beans.admission(gateConfig);
        sockets = new LiveSockets(gateConfig, admission);
        var gate = new SocketGate(verifier, authConfig, gateConfig, admission, sockets, registry);
        var options = new HttpServerOptions().setHost("127.0.0.1").setPort(0);
        new GateHttpOptions(gateConfig).customizeHttpServer(options);
        var router = Router.router(vertx);
        new Doorway(gateConfig, registry).open(router);
        gate.open(router, "/socket", settings, service);
        var http = new HttpGate(verifier, registry);
        router.get("/who").handler(http.authenticated()).handler(request -> request.end(HttpGate.principal(request).sender()));
        server = vertx.createHttpServer(options).requestHandler(router).listen().toCompletionStage().toCompletableFuture().join();
    }

    static SocketSettings settings(int maxFrameBytes, int outboundBufferBytes) {
        return new SocketSettings("test", maxFrameBytes, outboundBufferBytes, Duration.ofSeconds(25));
    }

    URI uri() {
        return URI.create("ws://127.0.0.1:" + server.actualPort() + "/socket");
    }

    double count(String name, String... tags) {
        return registry.find(name).tags(tags).counters().stream().mapToDouble(counter -> counter.count()).sum();
    }

    double connections() {
        return registry.get("millrace.gate.connections").gauge().value();
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private static SmallRyeConfig config(Map<String, String> changes) {
        try {
            return new SmallRyeConfigBuilder()
                    .addDiscoveredConverters()
                    .withSources(new PropertiesConfigSource(GateServer.class.getResource("/META-INF/microprofile-config.properties"), DEFAULTS))
                    .withSources(new PropertiesConfigSource(changes, "test", CHANGES))
                    .withMapping(GateConfig.class)
                    .withMapping(AuthConfig.class)
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

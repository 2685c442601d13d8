package io.millrace.gate;

import io.millrace.gate.wire.Unserved;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every request comes through here first, so that connections which only stand about are known and bounded (SEC-3). */
@Singleton
class Doorway {
    private final Unserved unserved;
    private final MeterRegistry registry;
    private final Gauge gauge;

    @Inject
    Doorway(GateConfig config, MeterRegistry registry) {
        this.registry = registry;
        var dropped = Stream.of(Unserved.SLOW, Unserved.TOO_MANY) // shown from the start, with 0
                .collect(Collectors.toUnmodifiableMap(reason -> reason, reason -> registry.counter("millrace.gate.dropped", "reason", reason)));
        unserved = new Unserved(config.unserved().limit(), config.unserved().patience(), reason -> dropped.get(reason).increment());
        gauge = Gauge.builder("millrace.gate.unserved", unserved, Unserved::count).register(registry);
    }

    void open(@Observes Router router) {
        router.route().order(Integer.MIN_VALUE).handler(this::pass);
    }

    @PreDestroy
    void end() {
        registry.remove(gauge);
    }

    private void pass(RoutingContext request) {
        var connection = request.request().connection();
        unserved.serving(connection);
        request.addEndHandler(end -> unserved.served(connection));
        request.next();
    }
}

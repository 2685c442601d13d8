package io.millrace.gate;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.contract.frame.CloseCode;
import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.frame.ServerFrame;
import io.millrace.gate.limit.Admission;
import io.millrace.gate.limit.Pace;
import io.millrace.gate.limit.Refused;
import io.millrace.gate.token.AuthConfig;
import io.millrace.gate.token.BearerToken;
import io.millrace.gate.token.Principal;
import io.millrace.gate.token.RefusedToken;
import io.millrace.gate.token.TokenVerifier;
import io.millrace.gate.wire.Wire;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/**
 * Opens WebSocket paths that only a good token passes (SEC-1) and hands each connection to its service as a {@link FrameSocket}.
 * Nothing here blocks; upgrades run on event loops.
 */
@Singleton
public class SocketGate {
    private static final int RENEWALS_PER_SECOND = 1;
    private static final int RENEWALS_AT_ONCE = 10;

    private final TokenVerifier verifier;
    private final AuthConfig auth;
    private final GateConfig config;
    private final Admission admission;
    private final LiveSockets sockets;
    private final MeterRegistry registry;
    private final List<GateMetrics> opened = new CopyOnWriteArrayList<>();

    @Inject
    SocketGate(TokenVerifier verifier, AuthConfig auth, GateConfig config, Admission admission, LiveSockets sockets, MeterRegistry registry) {
        this.verifier = verifier;
        this.auth = auth;
        this.config = config;
        this.admission = admission;
        this.sockets = sockets;
        this.registry = registry;
    }

    /** Serves {@code path}: {@code service} is called for each new connection on its event loop, before any frame is read. */
    public void open(Router router, String path, SocketSettings settings, Function<FrameSocket, FrameHandler> service) {
        var metrics = new GateMetrics(registry, settings.name());
        opened.add(metrics);
        var renewals = new Pace<String>(RENEWALS_PER_SECOND, RENEWALS_AT_ONCE, System::nanoTime);
        var shell = new GateShell(settings, verifier, metrics, auth.leeway(), Math.toIntExact(config.maxMessage().asLongValue()), renewals);
        router.get(path).handler(request -> {
            try {
                upgrade(request, shell, service);
            } catch (Refused refused) {
                metrics.refused(refused.reason());
                HttpGate.refuse(request, refused.error());
            }
        });
        GateLog.opened(path, settings);
    }

    @PreDestroy
    void end() {
        opened.forEach(GateMetrics::end);
    }

    private void upgrade(RoutingContext request, GateShell shell, Function<FrameSocket, FrameHandler> service) throws Refused {
        if (!"websocket".equalsIgnoreCase(request.request().getHeader("Upgrade"))) {
            throw new Refused("no-upgrade", ServerFrame.Error.of(ErrorCode.BAD_FRAME, "unable to connect; the request is no WebSocket upgrade", null));
        }
        admission.checkRequest(request.request());
        Principal principal = principal(request);
        Admission.Place place = admission.takePlace(shell.settings().name(), principal.sender());
        var connection = request.request().connection();
        request.request().toWebSocket().onComplete(upgraded -> {
            if (upgraded.failed()) {
                place.release();
                GateLog.upgradeFailed(upgraded.cause());
            } else {
                begin(new Wire(upgraded.result(), connection, shell.settings().outboundBufferBytes()), shell, principal, place, service);
            }

        });
    }

    private Principal principal(RoutingContext request) throws Refused {
        try {
            return verifier.verify(BearerToken.ofUpgrade(request.request().headers()));
        } catch (RefusedToken e) {
            throw new Refused(e.code() == ErrorCode.UNAUTHENTICATED ? "unauthenticated" : "keys-unknown", ServerFrame.Error.of(e.code(), e.getMessage(), null));
        }
    }

    private void begin(Wire wire, GateShell shell, Principal principal, Admission.Place place, Function<FrameSocket, FrameHandler> service) {
        Context context = Vertx.currentContext();
        var live = new LiveSocket(UUID.randomUUID().toString(), context, wire, shell, principal);
        long every = shell.settings().pingInterval().toMillis();
        long pings = context.owner().setPeriodic(every, tick -> live.tick());
        live.onEnd(() -> {
            context.owner().cancelTimer(pings);
            sockets.remove(live);
            place.release();
        });
        shell.metrics().opened();
        sockets.add(live);
        wire.connect(live);
        try {
            live.start(service.apply(live));
        } catch (RuntimeException e) {
            GateLog.bug(live.id(), e);
            live.close(CloseCode.GOING_AWAY, "the server failed");
        }
    }
}

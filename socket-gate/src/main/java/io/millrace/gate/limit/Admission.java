package io.millrace.gate.limit;

import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.frame.ServerFrame;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * Who may connect, beyond having a token (SEC-3): allowed origins, new connections per address, live ones per sender and socket.
 * Counts per pod. Safe on any thread.
 */
public final class Admission {
    private static final Duration FULL_RETRY = Duration.ofSeconds(5);

    private final OriginRule origins;
    private final Pace<String> addresses;
    private final int connectionsPerSender;
    private final ConcurrentHashMap<Seat, Integer> connections = new ConcurrentHashMap<>();
    private volatile boolean closing;

    public Admission(Rules rules, LongSupplier nanoTime) {
        origins = new OriginRule(rules.allowedOrigins);
        addresses = new Pace<>(rules.addressRate, rules.addressBurst, nanoTime);
        connectionsPerSender = rules.connectionsPerSender;
    }

    /** From now on nobody is let in. */
    public void close() {
        closing = true;
    }

    public void checkRequest(HttpServerRequest request) throws Refused {
        if (closing) {
            throw Refused.later("closing", ErrorCode.UNAVAILABLE, "unable to connect; the server is going away", Duration.ofSeconds(1));
        }
        if (!origins.allows(request.getHeader("Origin"), request.getHeader("Host"))) {
            throw new Refused("origin", ServerFrame.Error.of(ErrorCode.FORBIDDEN, "unable to connect; the origin is not allowed", null));
        }
        Duration wait = addresses.pass(request.remoteAddress().host());
        if (!wait.isZero()) {
            throw Refused.later("address-rate", ErrorCode.RATE_LIMITED, "unable to connect; too many new connections from this address", wait);
        }
    }

    /** Counts a connection of the sender in; it must be released when the connection ends. */
    public Place takePlace(String socket, String sender) throws Refused {
        var seat = new Seat(socket, sender);
        if (connections.merge(seat, 1, Integer::sum) > connectionsPerSender) {
            leave(seat);
            throw Refused.later("sender-connections", ErrorCode.RATE_LIMITED, "unable to connect; the sender has " + connectionsPerSender + " connections", FULL_RETRY);
        }
        return new Place(seat);
    }

    private void leave(Seat seat) {
        connections.compute(seat, (key, count) -> count == 1 ? null : Integer.valueOf(count - 1));
    }

    /** The limits: {@code addressRate} new connections a second and address, lasting, {@code addressBurst} at once. */
    public record Rules(List<String> allowedOrigins, int connectionsPerSender, int addressRate, int addressBurst) {
    }

    private record Seat(String socket, String sender) {
    }

    /** One counted connection; releasing it twice counts once. */
    public final class Place {
        private final Seat seat;
        private final AtomicBoolean released = new AtomicBoolean();

        private Place(Seat seat) {
            this.seat = seat;
        }

        public void release() {
            if (released.compareAndSet(false, true)) {
                leave(seat);
            }
        }
    }
}

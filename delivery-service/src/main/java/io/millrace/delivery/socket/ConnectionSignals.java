package io.millrace.delivery.socket;

import io.millrace.contract.frame.ClientFrame;
import io.millrace.contract.frame.ClientFrame.RoomSignal;
import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.frame.PresenceAction;
import io.millrace.contract.frame.RoomSignalKind;
import io.millrace.contract.frame.ServerFrame;
import io.millrace.delivery.continuity.Position;
import io.millrace.delivery.room.Subscription;
import io.millrace.delivery.signal.SignalSubscriber;
import io.millrace.delivery.signal.Throttle;
import io.millrace.gate.FrameSocket;
import io.millrace.gate.token.Right;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What one client does in its rooms beside messages (ROOM-1..5), on its event loop: who may, how often, and the answer, {@code ok} once Kafka
 * keeps it. Signals are told by way of the topics, to this pod's clients too.
 */
final class ConnectionSignals {
    private final FrameSocket socket;
    private final DeliveryServices services;
    private final Outbox outbox;
    private final String sender;
    private final Throttle typing;
    private final Map<String, Joined> joined = new HashMap<>();
    private final Set<String> entered = new HashSet<>();

    ConnectionSignals(FrameSocket socket, DeliveryServices services, Outbox outbox) {
        this.socket = socket;
        this.services = services;
        this.outbox = outbox;
        this.sender = socket.principal().sender();
        this.typing = new Throttle(services.settings().signals().typingInterval());
        outbox.onSignalsMissed(this::missed);
    }

    /** The room is subscribed, perhaps anew; its log is attached. */
    void attached(Subscription subscription, Set<RoomSignalKind> wanted) {
        var subscriber = new SignalSubscriber(subscription.room(), sender, socket.id(), wanted, outbox, subscription::place);
        Joined former = joined.put(subscription.room(), new Joined(subscription, subscriber));
        services.signals().with(subscription.room(), signals -> {
            if (former != null) {
                signals.leave(former.subscriber());
            }
            signals.join(subscriber);
        });
    }

    /** The client does not want the room any more, or may not have it. */
    void ended(String room) {
        Joined former = joined.remove(room);
        if (former != null) {
            boolean types = typing.reset(room);
            boolean present = entered.remove(room);
            services.signals().with(room, signals -> {
                if (types) {
                    signals.type(former.subscriber(), false);
                }
                if (present) {
                    signals.exit(former.subscriber());
                }
                signals.leave(former.subscriber());
            });
        }
    }

    /** The connection is gone; whether its client comes back nobody knows yet (ROOM-1). */
    void closed() {
        joined.forEach((room, former) -> {
            boolean types = typing.reset(room);
            services.signals().with(room, signals -> {
                if (types) {
                    signals.type(former.subscriber(), false);
                }
                signals.dropped(former.subscriber());
                signals.leave(former.subscriber());
            });
        });
        joined.clear();
    }

    /** A fresh token may not allow to be present any more. */
    void authenticated() {
        for (String room : new ArrayList<>(entered)) {
            if (!allows(room, Right.PRESENCE)) {
                entered.remove(room);
                var subscriber = joined.get(room).subscriber();
                services.signals().with(room, signals -> signals.exit(subscriber));
            }
        }
    }

    /** The answer, an error included, on any thread. */
    CompletionStage<ServerFrame> take(RoomSignal signal) {
        Joined room = joined.get(signal.room());
        if (room == null) {
            return refused(signal, ErrorCode.NOT_SUBSCRIBED, "the room is not subscribed");
        }
        if (!allows(signal.room(), needed(signal))) {
            return refused(signal, ErrorCode.FORBIDDEN, "the token does not allow it");
        }
        Duration wait = services.signalPace().pass(sender);
        if (!wait.isZero()) {
            return CompletableFuture.completedFuture(new ServerFrame.Error(signal.ref(), null, ErrorCode.RATE_LIMITED, "unable to signal; too many signals", true, wait.toMillis()));
        }
        if (signal instanceof ClientFrame.Read read) {
            return read(room, read);
        }
        return answered(signal, act(room.subscriber(), signal));
    }

    private CompletionStage<Void> act(SignalSubscriber subscriber, RoomSignal signal) {
        if (signal instanceof ClientFrame.Presence presence) {
            return presence(subscriber, presence);
        }
        if (signal instanceof ClientFrame.Typing type) {
            return type(subscriber, type.active());
        }
        var reaction = (ClientFrame.Reaction) signal;
        return services.signals().write(signal.room(), signals -> signals.react(subscriber, reaction.name()));
    }

    private CompletionStage<Void> presence(SignalSubscriber subscriber, ClientFrame.Presence presence) {
        if (presence.action() == PresenceAction.LEAVE) {
            entered.remove(presence.room());
            return services.signals().write(presence.room(), signals -> signals.exit(subscriber));
        }
        entered.add(presence.room());
        return services.signals().write(presence.room(), signals -> signals.enter(subscriber, presence.data()));
    }

    /** Heartbeats that say nothing new are answered and go no further (ROOM-2). */
    private CompletionStage<Void> type(SignalSubscriber subscriber, boolean active) {
        boolean worthwhile = active ? typing.passes(subscriber.room(), Instant.now()) : typing.reset(subscriber.room());
        return worthwhile ? services.signals().write(subscriber.room(), signals -> signals.type(subscriber, active)) : CompletableFuture.completedFuture(null);
    }

    /** Nobody has read what is not there. The head may be known here later than the client was given it. */
    private CompletionStage<ServerFrame> read(Joined room, ClientFrame.Read read) {
        Position place = room.subscription().place();
        if (place == null) {
            return refused(read, ErrorCode.NOT_SUBSCRIBED, "the room is not subscribed yet");
        }
        return services.roomLog().standing(read.room()).thenCompose(standing -> {
            if (place.epoch() == null || read.seq() > Math.max(standing.headSeq(), place.seq())) {
                return refused(read, ErrorCode.INVALID, "seq is past the head of the room");
            }
            return answered(read, services.signals().write(read.room(), signals -> signals.read(room.subscriber(), place.epoch(), read.seq())));
        });
    }

    private CompletionStage<ServerFrame> answered(RoomSignal signal, CompletionStage<Void> written) {
        return written.handle((done, failure) -> failure == null ? new ServerFrame.Ok(signal.ref(), null)
                : new ServerFrame.Error(signal.ref(), null, ErrorCode.UNAVAILABLE, "unable to signal; Kafka does not take it now", true,
                        services.settings().retryAfter().toMillis()));
    }

    private static CompletionStage<ServerFrame> refused(RoomSignal signal, ErrorCode code, String why) {
        return CompletableFuture.completedFuture(ServerFrame.Error.of(code, "unable to signal; " + why, signal.ref()));
    }

    /** Who may write may say that it does; to have read something takes no more than to be given it (SEC-1). */
    private static Right needed(RoomSignal signal) {
        return signal instanceof ClientFrame.Presence ? Right.PRESENCE : signal instanceof ClientFrame.Read ? Right.SUBSCRIBE : Right.PUBLISH;
    }

    private void missed() {
        joined.forEach((room, there) -> services.signals().with(room, signals -> signals.missed(there.subscriber())));
    }

    private boolean allows(String room, Right right) {
        return socket.principal().rights().allows(room, right);
    }

    private record Joined(Subscription subscription, SignalSubscriber subscriber) {
    }
}

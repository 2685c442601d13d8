package io.millrace.delivery.socket;

import io.millrace.contract.frame.ClientFrame;
import io.millrace.contract.frame.CloseCode;
import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.frame.RoomSignalKind;
import io.millrace.contract.frame.ServerFrame;
import io.millrace.delivery.room.Subscription;
import io.millrace.gate.FrameHandler;
import io.millrace.gate.FrameSocket;
import io.millrace.gate.token.Right;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One client on {@code /v1/delivery} (DEL-1), on its event loop. It is not read before its {@code hello}, nor while too many of its requests
 * are unanswered; pages and states are answered one request at a time, as the client takes them.
 */
public final class DeliverySocket implements FrameHandler {
    private final FrameSocket socket;
    private final DeliveryServices services;
    private final Outbox outbox;
    private final ConnectionSignals signals;
    private final Consumer<byte[]> syncListener;
    private final String sender;
    private final Map<String, Subscription> subscriptions = new LinkedHashMap<>();
    private final Deque<Supplier<CompletionStage<List<ServerFrame>>>> questions = new ArrayDeque<>();
    private final Promise<Void> allAnswered = Promise.promise();
    private boolean asking;
    private boolean greeted;
    private boolean finishing;
    private boolean closed;
    private int unanswered;

    public DeliverySocket(FrameSocket socket, DeliveryServices services) {
        this.socket = socket;
        this.services = services;
        this.outbox = new Outbox(socket, services.settings().outboundBuffer().asLongValue() / 2, services.metrics().waitingBytes(),
                services.signalMetrics()::dropped);
        this.signals = new ConnectionSignals(socket, services, outbox);
        this.syncListener = outbox::send;
        this.sender = socket.principal().sender();
    }

    /** Follows the sender's events, then greets: nothing that happens after {@code hello} is missed. */
    public DeliverySocket begin() {
        socket.pause();
        services.metrics().connection(1);
        services.syncFeed().join(sender, syncListener).whenComplete((followed, failure) -> onLoop(() -> greet(failure)));
        services.later(socket.context(), services.settings().helloTimeout(), () -> greet(new IllegalStateException("too late")));
        return this;
    }

    private void greet(Throwable failure) {
        if (closed || greeted) {
            return;
        }
        greeted = true;
        if (failure == null) {
            socket.send(services.hello(socket.id()));
            socket.resume();
        } else {
            socket.send(unavailable());
            socket.close(CloseCode.GOING_AWAY, "unable to follow now");
        }
    }

    @Override
    public void frame(ClientFrame frame) {
        if (frame instanceof ClientFrame.Subscribe subscribe) {
            subscribe(subscribe);
        } else if (frame instanceof ClientFrame.Unsubscribe unsubscribe) {
            unsubscribe(unsubscribe);
        } else if (frame instanceof ClientFrame.History history) {
            history(history);
        } else if (frame instanceof ClientFrame.SyncGet get) {
            ask(() -> services.states().answer(sender, get));
        } else if (frame instanceof ClientFrame.RoomSignal signal) {
            begun();
            signals.take(signal).whenComplete((answer, bug) -> onLoop(() -> signalAnswered(answer)));
        } else {
            refuse(ErrorCode.INVALID, "unable to send; this socket delivers, /v1/ingest takes messages", frame);
        }
    }

    private void subscribe(ClientFrame.Subscribe frame) {
        if (!allows(frame.room(), Right.SUBSCRIBE)) {
            refuse(ErrorCode.FORBIDDEN, "unable to subscribe; the token does not allow it", frame);
        } else if (!subscriptions.containsKey(frame.room()) && subscriptions.size() >= services.settings().roomsPerConnection()) {
            refuse(ErrorCode.ROOM_LIMIT, "unable to subscribe; a connection holds at most " + services.settings().roomsPerConnection() + " rooms", frame);
        } else {
            begun();
            var subscription = new Subscription(frame.room(), sender, frame.ref(), frame.cursor(), outbox,
                    (answered, attached) -> onLoop(() -> subscribeAnswered(answered, attached, frame.signals())));
            replace(subscriptions.put(frame.room(), subscription));
            services.metrics().subscription(1);
            services.roomLog().subscribe(subscription);
        }
    }

    /** A room subscribed again begins anew: the former subscription ends first, whatever becomes of the new one. */
    private void replace(Subscription former) {
        if (former != null) {
            services.metrics().subscription(-1);
            services.roomLog().unsubscribe(former, () -> { });
        }
    }

    private void subscribeAnswered(Subscription subscription, boolean attached, Set<RoomSignalKind> wanted) {
        if (attached && subscriptions.get(subscription.room()) == subscription) {
            signals.attached(subscription, wanted);
        } else if (!attached && subscriptions.remove(subscription.room(), subscription)) {
            services.metrics().subscription(-1);
            signals.ended(subscription.room());
        }
        answered();
    }

    private void signalAnswered(ServerFrame answer) {
        if (answer instanceof ServerFrame.Error error) {
            services.metrics().refused(error.code());
        }
        outbox.send((answer == null ? unavailable() : answer).bytes());
        answered();
    }

    private void unsubscribe(ClientFrame.Unsubscribe frame) {
        Subscription subscription = subscriptions.remove(frame.room());
        if (subscription == null) {
            refuse(ErrorCode.NOT_SUBSCRIBED, "unable to unsubscribe; the room is not subscribed", frame);
            return;
        }
        begun();
        services.metrics().subscription(-1);
        signals.ended(frame.room());
        services.roomLog().unsubscribe(subscription, () -> {
            outbox.send(new ServerFrame.Ok(frame.ref(), null).bytes());
            onLoop(this::answered);
        });
    }

    private void history(ClientFrame.History frame) {
        if (!allows(frame.room(), Right.HISTORY)) {
            refuse(ErrorCode.FORBIDDEN, "unable to history; the token does not allow it", frame);
            return;
        }
        ask(() -> services.pages().page(frame).thenApply(page -> {
            services.metrics().pageSent();
            return List.of(page);
        }));
    }

    private void ask(Supplier<CompletionStage<List<ServerFrame>>> question) {
        begun();
        questions.add(question);
        askNext();
    }

    private void askNext() {
        if (asking || questions.isEmpty() || closed) {
            return;
        }
        asking = true;
        outbox.whenRoom(() -> questions.remove().get().whenComplete((frames, bug) -> {
            (bug == null ? frames : List.of(unavailable())).forEach(frame -> outbox.send(frame.bytes()));
            onLoop(this::asked);
        }));
    }

    private void asked() {
        asking = false;
        answered();
        askNext();
    }

    private void begun() {
        if (++unanswered == services.settings().requestsInFlight()) {
            socket.pause();
        }
    }

    private void answered() {
        if (unanswered-- == services.settings().requestsInFlight() && !closed) {
            socket.resume();
        }
        if (finishing && unanswered == 0) {
            allAnswered.tryComplete();
        }
    }

    /** DEL-8: {@code heads} come after every entry they speak of. */
    @Override
    public void pinging() {
        if (!subscriptions.isEmpty()) {
            Map<String, Long> heads = new TreeMap<>();
            subscriptions.forEach((room, subscription) -> {
                if (subscription.isAttached()) {
                    heads.put(room, subscription.seq());
                }
            });
            outbox.send(new ServerFrame.Heads(heads).bytes());
        }
    }

    /** A fresh token may allow less than the one before. */
    @Override
    public void authenticated() {
        for (Subscription subscription : new ArrayList<>(subscriptions.values())) {
            if (!allows(subscription.room(), Right.SUBSCRIBE)) {
                subscriptions.remove(subscription.room());
                signals.ended(subscription.room());
                replace(subscription);
                outbox.send(ServerFrame.Error.of(ErrorCode.FORBIDDEN, "unable to go on in room " + subscription.room() + "; the new token does not allow it", null).bytes());
            }
        }
        signals.authenticated();
    }

    @Override
    public Future<Void> finish() {
        finishing = true;
        if (unanswered == 0) {
            allAnswered.tryComplete();
        }
        return allAnswered.future();
    }

    @Override
    public void closed() {
        closed = true;
        allAnswered.tryComplete();
        signals.closed();
        services.metrics().connection(-1);
        services.syncFeed().leave(sender, syncListener);
        subscriptions.values().forEach(this::replace);
        subscriptions.clear();
        questions.clear();
        outbox.close();
    }

    private boolean allows(String room, Right right) {
        return socket.principal().rights().allows(room, right);
    }

    private void refuse(ErrorCode code, String message, ClientFrame frame) {
        services.metrics().refused(code);
        outbox.send(ServerFrame.Error.of(code, message, frame.ref()).bytes());
    }

    private ServerFrame.Error unavailable() {
        return new ServerFrame.Error(null, null, ErrorCode.UNAVAILABLE, "unable to deliver; Kafka is out of reach", true,
                services.settings().retryAfter().toMillis());
    }

    private void onLoop(Runnable action) {
        socket.context().runOnContext(tick -> action.run());
    }
}

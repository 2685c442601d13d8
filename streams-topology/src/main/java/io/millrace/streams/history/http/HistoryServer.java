package io.millrace.streams.history.http;

import io.millrace.contract.message.InvalidMessage;
import io.millrace.contract.message.Names;
import io.millrace.streams.history.HistoryMeters;
import io.millrace.streams.history.HistorySettings;
import io.millrace.streams.history.Progress;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.streams.state.HostInfo;
import org.jboss.logging.Logger;

/**
 * The internal HTTP interface of the views: delivery asks here, nobody else can reach it. Requests are let in up to a limit, wait
 * without a thread, read the store on worker threads, and are sent on to the instance that owns the answer (307).
 */
public final class HistoryServer {
    private static final int LONGEST_QUESTION = 32 << 10;
    private static final Logger LOG = Logger.getLogger("io.millrace.streams.history.http");

    private final Vertx vertx;
    private final HistorySettings settings;
    private final HistoryMeters meters;
    private final Router router;
    private final HttpServer server;
    private final WorkerExecutor workers;
    private final AtomicInteger open = new AtomicInteger();

    public HistoryServer(Vertx vertx, HistorySettings settings, HistoryMeters meters) {
        this.vertx = vertx;
        this.settings = settings;
        this.meters = meters;
        this.workers = vertx.createSharedWorkerExecutor("history-view", settings.queryThreads());
        this.router = Router.router(vertx);
        var options = new HttpServerOptions().setHost(settings.host()).setPort(settings.port()).setMaxInitialLineLength(LONGEST_QUESTION);
        this.server = vertx.createHttpServer(options).requestHandler(router);
    }

    public Future<Void> listen() {
        return server.listen()
                .onSuccess(listening -> LOG.infof("history is answered at %s:%d", settings.host(), listening.actualPort()))
                .recover(cause -> Future.failedFuture(new IllegalStateException(
                        "unable to answer history at " + settings.host() + ":" + settings.port() + "; " + cause.getMessage(), cause)))
                .mapEmpty();
    }

    /** Where others reach this server; known once it listens. */
    public HostInfo address() {
        return new HostInfo(settings.advertisedHost(), server.actualPort());
    }

    public Future<Void> close() {
        return server.close().eventually(() -> workers.close());
    }

    /** Answers questions at {@code path} out of {@code holding}; {@code parser} rejects with {@link InvalidMessage}. Before {@link #listen}. */
    public <V extends Progress> void offer(String path, Holding<V> holding, Function<RoutingContext, Query<V>> parser) {
        router.get(path).handler(request -> {
            var reply = new Reply(request.request(), meters);
            try {
                admit(parser.apply(request), holding, reply);
            } catch (InvalidMessage e) {
                reply.invalid(e.getMessage());
            }
        });
    }

    /** Answers what is known of a room at {@code path}, which has a parameter of that name, where {@code owner} says that it is here; {@code read} may block. */
    public void offer(String path, Owner owner, Function<String, byte[]> read) {
        router.get(path).handler(request -> {
            var reply = new Reply(request.request(), meters);
            try {
                var room = Names.room(request.pathParam("room"));
                limited(reply, () -> workers.executeBlocking(() -> owner.of(room), false).compose(found -> found.filter(address()::equals).isEmpty() ? sendOn(found, reply)
                        : workers.executeBlocking(() -> read.apply(room), false).onSuccess(reply::answer).mapEmpty()));
            } catch (InvalidMessage e) {
                reply.invalid(e.getMessage());
            }
        });
    }

    private <V extends Progress> void admit(Query<V> query, Holding<V> holding, Reply reply) {
        limited(reply, () -> holding.find(query.key()).map(view -> answer(query, view, reply))
                .orElseGet(() -> workers.executeBlocking(() -> holding.owner().of(query.key()), false).compose(owner -> sendOn(owner, reply))));
    }

    private void limited(Reply reply, Supplier<Future<Void>> work) {
        if (open.incrementAndGet() > settings.maxRequests()) {
            open.decrementAndGet();
            reply.tooMany();
            return;
        }
        work.get().onFailure(reply::fail).onComplete(done -> open.decrementAndGet());
    }

    private <V extends Progress> Future<Void> answer(Query<V> query, V view, Reply reply) {
        return workers.executeBlocking(() -> query.ready(view), false)
                .compose(ready -> Future.fromCompletionStage(within(ready), vertx.getOrCreateContext()))
                .compose(ready -> workers.executeBlocking(() -> query.answer(view), false))
                .onSuccess(reply::answer)
                .mapEmpty();
    }

    private CompletableFuture<Void> within(CompletableFuture<Void> ready) {
        return ready.orTimeout(settings.waitLimit().toMillis(), TimeUnit.MILLISECONDS);
    }

    private Future<Void> sendOn(Optional<HostInfo> owner, Reply reply) {
        owner.filter(host -> !host.equals(address())).ifPresentOrElse(reply::sendOn, reply::restoring);
        return Future.succeededFuture();
    }
}

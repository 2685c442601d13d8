package io.millrace.streams.history.http;

import io.millrace.contract.frame.HistoryView;
import io.millrace.contract.json.Json;
import io.millrace.contract.message.InvalidMessage;
import io.millrace.contract.message.Names;
import io.millrace.contract.topic.Topics;
import io.millrace.streams.history.HistoryMeters;
import io.millrace.streams.history.HistorySettings;
import io.millrace.streams.history.ViewPartition;
import io.millrace.streams.history.ViewPartitions;
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
import java.util.function.Supplier;
import org.apache.kafka.streams.state.HostInfo;
import org.jboss.logging.Logger;

/**
 * The internal HTTP interface of the history view: delivery asks here, nobody else can reach it. Requests are let in up to a limit, wait
 * without a thread, read the store on worker threads, and are sent on to the instance that owns the room (307).
 */
public final class HistoryServer {
    private static final Logger LOG = Logger.getLogger("io.millrace.streams.history.http");

    private final Vertx vertx;
    private final HistorySettings settings;
    private final int partitionCount;
    private final ViewPartitions partitions;
    private final Owners owners;
    private final HistoryMeters meters;
    private final HttpServer server;
    private final WorkerExecutor workers;
    private final AtomicInteger open = new AtomicInteger();

    public HistoryServer(Vertx vertx, HistorySettings settings, int partitionCount, ViewPartitions partitions, Owners owners, HistoryMeters meters) {
        this.vertx = vertx;
        this.settings = settings;
        this.partitionCount = partitionCount;
        this.partitions = partitions;
        this.owners = owners;
        this.meters = meters;
        this.workers = vertx.createSharedWorkerExecutor("history-view", settings.queryThreads());
        this.server = vertx.createHttpServer(new HttpServerOptions().setHost(settings.host()).setPort(settings.port())).requestHandler(routes());
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

    private Router routes() {
        var router = Router.router(vertx);
        router.get("/internal/v1/rooms/:room/head").handler(request -> handle(request, () -> Query.HeadQuery.parse(request.pathParam("room"), request.queryParams())));
        router.get("/internal/v1/rooms/:room/log").handler(request -> handle(request, () -> page(request, HistoryView.LOG)));
        router.get("/internal/v1/rooms/:room/latest").handler(request -> handle(request, () -> page(request, HistoryView.LATEST)));
        router.get("/internal/v1/rooms/:room/losses").handler(this::losses);
        return router;
    }

    private void losses(RoutingContext request) {
        var reply = new Reply(request.request(), meters);
        try {
            var room = Names.room(request.pathParam("room"));
            limited(reply, () -> workers.executeBlocking(() -> owners.ofLosses(room), false).compose(owner -> losses(room, owner, reply)));
        } catch (InvalidMessage e) {
            reply.invalid(e.getMessage());
        }
    }

    private Future<Void> losses(String room, Optional<HostInfo> owner, Reply reply) {
        if (owner.filter(address()::equals).isEmpty()) {
            return sendOn(owner, reply);
        }
        return workers.executeBlocking(() -> Json.bytes(owners.losses(room)), false).onSuccess(reply::answer).mapEmpty();
    }

    private Query page(RoutingContext request, HistoryView view) {
        return Query.PageQuery.parse(request.pathParam("room"), view, request.queryParams(), settings.pageBytes().asLongValue());
    }

    private void handle(RoutingContext request, Supplier<Query> parser) {
        var reply = new Reply(request.request(), meters);
        try {
            admit(parser.get(), reply);
        } catch (InvalidMessage e) {
            reply.invalid(e.getMessage());
        }
    }

    private void admit(Query query, Reply reply) {
        limited(reply, () -> partitions.find(Topics.partition(query.room(), partitionCount)).map(view -> answer(query, view, reply))
                .orElseGet(() -> workers.executeBlocking(() -> owners.ofPages(query.room()), false).compose(owner -> sendOn(owner, reply))));
    }

    private void limited(Reply reply, Supplier<Future<Void>> work) {
        if (open.incrementAndGet() > settings.maxRequests()) {
            open.decrementAndGet();
            reply.tooMany();
            return;
        }
        work.get().onFailure(reply::fail).onComplete(done -> open.decrementAndGet());
    }

    private Future<Void> answer(Query query, ViewPartition view, Reply reply) {
        return workers.executeBlocking(() -> query.ready(view), false)
                .compose(ready -> Future.fromCompletionStage(within(ready), vertx.getOrCreateContext()))
                .compose(ready -> workers.executeBlocking(() -> query.answer(view.reader()), false))
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

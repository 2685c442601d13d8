package io.millrace.streams.history.http;

import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.frame.ServerFrame;
import io.millrace.contract.message.InvalidMessage;
import io.millrace.contract.topic.Topics;
import io.millrace.streams.history.HistoryMeters;
import io.millrace.streams.history.HistorySettings;
import io.millrace.streams.history.PartitionLeft;
import io.millrace.streams.history.RoomReader;
import io.millrace.streams.history.ViewPartition;
import io.millrace.streams.history.ViewPartitions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.HostInfo;
import org.jboss.logging.Logger;

/**
 * The internal HTTP interface of the history view: delivery asks here, nobody else can reach it. Requests are let in up to a limit, wait
 * without a thread, read the store on worker threads, and are sent on to the instance that owns the room (307).
 */
public final class HistoryServer {
    private static final Logger LOG = Logger.getLogger("io.millrace.streams.history.http");
    private static final long RETRY_AFTER_SECONDS = 1;

    private final HistorySettings settings;
    private final int partitionCount;
    private final ViewPartitions partitions;
    private final Owner owner;
    private final HistoryMeters meters;
    private final HttpServer server;
    private final WorkerExecutor workers;
    private final AtomicInteger open = new AtomicInteger();

    public HistoryServer(Vertx vertx, HistorySettings settings, int partitionCount, ViewPartitions partitions, Owner owner, HistoryMeters meters) {
        this.settings = settings;
        this.partitionCount = partitionCount;
        this.partitions = partitions;
        this.owner = owner;
        this.meters = meters;
        this.workers = vertx.createSharedWorkerExecutor("history-view", settings.queryThreads());
        this.server = vertx.createHttpServer(new HttpServerOptions().setHost(settings.host()).setPort(settings.port())).requestHandler(routes(vertx));
    }

    public Future<Void> listen() {
        return server.listen().mapEmpty();
    }

    /** Where others reach this server; known once it listens. */
    public HostInfo address() {
        return new HostInfo(settings.advertisedHost(), server.actualPort());
    }

    public Future<Void> close() {
        return server.close().eventually(() -> workers.close());
    }

    private Router routes(Vertx vertx) {
        var router = Router.router(vertx);
        router.get("/internal/v1/rooms/:room/head").handler(request -> handle(request, () -> Query.HeadQuery.parse(request.pathParam("room"), request.queryParams())));
        router.get("/internal/v1/rooms/:room/log").handler(request -> handle(request,
                () -> Query.LogQuery.parse(request.pathParam("room"), request.queryParams(), settings.pageBytes().asLongValue())));
        return router;
    }

    private void handle(RoutingContext request, Supplier<Query> parser) {
        Query query;
        try {
            query = parser.get();
        } catch (InvalidMessage e) {
            refuse(request, ErrorCode.INVALID, "unable to answer; " + e.getMessage());
            return;
        }
        if (open.incrementAndGet() > settings.maxRequests()) {
            open.decrementAndGet();
            meters.refused();
            refuse(request, ErrorCode.UNAVAILABLE, "unable to answer; too many requests are in work");
            return;
        }
        partitions.find(Topics.partition(query.room(), partitionCount)).ifPresentOrElse(
                view -> answer(request, query, view),
                () -> sendOn(request, query.room()));
    }

    private void answer(RoutingContext request, Query query, ViewPartition view) {
        workers.executeBlocking(() -> query.ready(view), false)
                .compose(ready -> Future.fromCompletionStage(within(ready), request.vertx().getOrCreateContext()))
                .compose(ready -> workers.executeBlocking(() -> query.answer(new RoomReader(view)), false))
                .onComplete(done -> {
                    open.decrementAndGet();
                    if (done.succeeded()) {
                        request.response().putHeader("content-type", "application/json").end(Buffer.buffer(done.result()));
                    } else {
                        fail(request, done.cause());
                    }
                });
    }

    private CompletableFuture<Void> within(CompletableFuture<Void> ready) {
        return ready.orTimeout(settings.waitLimit().toMillis(), TimeUnit.MILLISECONDS);
    }

    private void sendOn(RoutingContext request, String room) {
        workers.executeBlocking(() -> owner.of(room), false).onComplete(found -> {
            open.decrementAndGet();
            if (found.failed()) {
                fail(request, found.cause());
            } else if (found.result().isEmpty() || found.result().get().equals(address())) {
                refuse(request, ErrorCode.UNAVAILABLE, "unable to answer; the view of this room is being restored");
            } else {
                var host = found.result().get();
                var location = "http://" + host.host() + ":" + host.port() + request.request().uri();
                request.response().setStatusCode(307).putHeader("location", location).end();
            }
        });
    }

    private static void fail(RoutingContext request, Throwable cause) {
        if (cause instanceof TimeoutException) {
            refuse(request, ErrorCode.UNAVAILABLE, "unable to answer; the view has not come that far yet");
        } else if (cause instanceof InvalidStateStoreException || cause instanceof PartitionLeft) {
            refuse(request, ErrorCode.UNAVAILABLE, "unable to answer; the room is moving to another instance");
        } else {
            LOG.errorf(cause, "unable to answer a history request; %s", cause.getMessage());
            refuse(request, ErrorCode.INTERNAL, "unable to answer; internal error");
        }
    }

    private static void refuse(RoutingContext request, ErrorCode code, String message) {
        var response = request.response().setStatusCode(code.httpStatus()).putHeader("content-type", "application/json");
        if (code == ErrorCode.UNAVAILABLE) {
            response.putHeader("retry-after", Long.toString(RETRY_AFTER_SECONDS));
        }
        response.end(Buffer.buffer(ServerFrame.Error.of(code, message, null).bytes()));
    }
}

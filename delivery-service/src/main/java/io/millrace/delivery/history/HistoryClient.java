package io.millrace.delivery.history;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.contract.frame.HistoryView;
import io.millrace.contract.history.HeadAnswer;
import io.millrace.contract.history.LogAnswer;
import io.millrace.contract.history.LossAnswer;
import io.millrace.contract.history.StatesAnswer;
import io.millrace.contract.json.Json;
import io.millrace.delivery.DeliverySettings.HistorySettings;
import io.millrace.delivery.room.History;
import io.millrace.delivery.room.LogPage;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Asks the history view, and the sync states beside it, over HTTP; never blocks. Another instance that owns the answer is found through its redirect. Requests at a time and
 * waiting are bounded; beyond, and when the view does not answer in time, the stage fails.
 */
public final class HistoryClient implements History {
    static final long NEWEST = Long.MAX_VALUE;
    private static final Answer<HeadAnswer> HEAD = body -> Json.MAPPER.readValue(body, HeadAnswer.class);
    private static final Answer<LogAnswer> ANSWER = body -> Json.MAPPER.readValue(body, LogAnswer.class);
    private static final Answer<LogPage> PAGE = LogPage::read;
    private static final Answer<LossAnswer> LOSSES = body -> Json.MAPPER.readValue(body, LossAnswer.class);
    private static final Answer<StatesAnswer> STATES = body -> Json.MAPPER.readValue(body, StatesAnswer.class);

    private final HttpClient http;
    private final String base;
    private final long timeoutMs;
    private final Map<Asked, CompletableFuture<?>> asked = new ConcurrentHashMap<>();

    public HistoryClient(Vertx vertx, URI view, HistorySettings history) {
        var options = new HttpClientOptions().setConnectTimeout(Math.toIntExact(history.timeout().toMillis()));
        this.http = vertx.createHttpClient(options, new PoolOptions().setHttp1MaxSize(history.connections()).setMaxWaitQueueSize(history.waiting()));
        this.base = view.toString().replaceAll("/+$", "") + "/internal/v1/";
        this.timeoutMs = history.timeout().toMillis();
    }

    @Override
    public CompletionStage<HeadAnswer> head(String room, long covering) {
        return get("rooms/" + room + "/head?covering=" + covering, HEAD);
    }

    @Override
    public CompletionStage<LogPage> after(String room, long after, int limit, long reaching) {
        return get("rooms/" + room + path(HistoryView.LOG) + "after=" + after + "&limit=" + limit + "&reaching=" + reaching, PAGE);
    }

    /** Entries or messages after seq {@code after}, oldest first. */
    CompletionStage<LogAnswer> after(HistoryView view, String room, long after, int limit, long reaching) {
        return get("rooms/" + room + path(view) + "after=" + after + "&limit=" + limit + "&reaching=" + reaching, ANSWER);
    }

    /** Entries or messages before seq {@code before}, newest first; {@link #NEWEST}: the newest page. */
    CompletionStage<LogAnswer> before(HistoryView view, String room, long before, int limit, long reaching) {
        String anchor = before == NEWEST ? "" : "before=" + before + "&";
        return get("rooms/" + room + path(view) + anchor + "limit=" + limit + "&reaching=" + reaching, ANSWER);
    }

    private static String path(HistoryView view) {
        return view == HistoryView.LATEST ? "/latest?" : "/log?";
    }

    CompletionStage<LossAnswer> losses(String room) {
        return get("rooms/" + room + "/losses", LOSSES);
    }

    /** The states of a sender's messages, as every event of its partition below {@code covering} leaves them (SYN-11). */
    CompletionStage<StatesAnswer> states(String sender, List<String> ids, long covering) {
        var question = new StringBuilder("sync?covering=").append(covering).append("&sender=").append(URLEncoder.encode(sender, UTF_8));
        ids.forEach(id -> question.append("&id=").append(id));
        return get(question.toString(), STATES);
    }

    public void close() {
        http.close();
    }

    /** Those who ask the same at the same time share one answer: after a pod's death many clients of a room come back to one place. */
    @SuppressWarnings("unchecked")
    private <T> CompletionStage<T> get(String path, Answer<T> type) {
        var question = new Asked(path, type);
        var mine = new CompletableFuture<T>();
        var shared = asked.putIfAbsent(question, mine);
        if (shared != null) {
            return (CompletionStage<T>) shared;
        }
        ask(path, type).onComplete(answer -> {
            asked.remove(question, mine);
            if (answer.succeeded()) {
                mine.complete(answer.result());
            } else {
                mine.completeExceptionally(answer.cause());
            }
        });
        return mine;
    }

    private <T> Future<T> ask(String path, Answer<T> type) {
        var options = new RequestOptions().setMethod(HttpMethod.GET).setAbsoluteURI(base + path).setFollowRedirects(true).setTimeout(timeoutMs);
        return http.request(options)
                .compose(HttpClientRequest::send)
                .compose(HistoryClient::body)
                .map(body -> read(body, type));
    }

    private static Future<Buffer> body(HttpClientResponse response) {
        return response.statusCode() == 200 ? response.body()
                : Future.failedFuture("unable to read history; the view answered " + response.statusCode());
    }

    private static <T> T read(Buffer body, Answer<T> type) {
        try {
            return type.read(body.getBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("unable to read history; the view's answer is none", e);
        }
    }

    /** How an answer is read. */
    private interface Answer<T> {
        T read(byte[] body) throws IOException;
    }

    private record Asked(String path, Answer<?> type) {
    }
}

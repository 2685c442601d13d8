package io.millrace.delivery.history;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.contract.history.HeadAnswer;
import io.millrace.contract.json.Json;
import io.millrace.delivery.DeliverySettings.HistorySettings;
import io.millrace.delivery.room.LogPage;
import io.millrace.testing.Patience;
import io.quarkus.runtime.configuration.MemorySize;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** CON-1, HIS-1: the history view is asked within bounds of time and number; whatever it does otherwise is a failed stage. */
class HistoryClientTest {
    private static final HeadAnswer HEAD = new HeadAnswer("lobby", "e1", 7, 70, 1, null);

    private final Vertx vertx = Vertx.vertx();
    private final Queue<HttpServerRequest> asked = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void readsTheViewsAnswer() throws Exception {
        var client = client(serve(request -> request.response().end(Buffer.buffer(Json.bytes(HEAD)))), Duration.ofMinutes(1));

        assertThat(get(client.head("lobby", 12))).isEqualTo(HEAD);
        assertThat(asked.remove().uri()).isEqualTo("/internal/v1/rooms/lobby/head?covering=12");
    }

    @Test
    @DisplayName("DEL-3: a page's entries are given as the log has them, what this version knows nothing of included, each on one line")
    void takesEntriesAsTheyStandInThePage() throws Exception {
        String page = "{\"room\":\"lobby\",\"epoch\":\"e\",\"headSeq\":9,\"oldestSeq\":2,\"oldestAt\":null,\"complete\":false,\"items\":[\n{\"seq\":5,\"offset\":70,"
                + "\"latest\":null,\"entry\":{\"later\":[1, {\"x\":\"}\"}],\"text\":\"\u00e4\"}},{\"seq\":6,\"offset\":75,\"entry\":{\"text\":\n\"b\"}}]}";
        var client = client(serve(request -> request.response().end(page)), Duration.ofMinutes(1));

        LogPage read = get(client.after("lobby", 4, 2, 5));

        assertThat(read.epoch()).isEqualTo("e");
        assertThat(read.headSeq()).isEqualTo(9);
        assertThat(read.oldestSeq()).isEqualTo(2);
        assertThat(read.items()).extracting(LogPage.Item::seq).containsExactly(5L, 6L);
        assertThat(read.items()).extracting(LogPage.Item::offset).containsExactly(70L, 75L);
        assertThat(read.items()).extracting(item -> new String(item.json(), UTF_8)).containsExactly("{\"later\":[1, {\"x\":\"}\"}],\"text\":\"\u00e4\"}", "{\"text\":\"b\"}");
    }

    @Test
    void failsWhenAPageIsNone() {
        var client = client(serve(request -> request.response().end("{\"items\":[{\"seq\":1}]}")), Duration.ofMinutes(1));

        assertThatThrownBy(() -> get(client.after("lobby", 4, 2, 5))).hasMessageContaining("no log record");
    }

    @Test
    void followsTheViewToTheInstanceThatOwnsTheRoom() throws Exception {
        URI owner = serve(request -> request.response().end(Buffer.buffer(Json.bytes(HEAD))));
        URI other = serve(request -> request.response().setStatusCode(307).putHeader("location", owner + request.uri()).end());

        assertThat(get(client(other, Duration.ofMinutes(1)).head("lobby", 12))).isEqualTo(HEAD);
    }

    @Test
    void failsWhenTheViewCannotAnswerOrAnswersNonsense() {
        URI unavailable = serve(request -> request.response().setStatusCode(503).end());
        URI nonsense = serve(request -> request.response().end("<html>"));

        assertThatThrownBy(() -> get(client(unavailable, Duration.ofMinutes(1)).head("lobby", 0))).hasMessageContaining("the view answered 503");
        assertThatThrownBy(() -> get(client(nonsense, Duration.ofMinutes(1)).head("lobby", 0))).hasMessageContaining("unable to read history");
    }

    @Test
    void failsWhenTheViewDoesNotAnswerInTime() {
        var client = client(serve(request -> { }), Duration.ofMillis(200));

        assertThatThrownBy(() -> get(client.head("lobby", 0))).hasMessageContaining("timeout");
    }

    @Test
    void asksOnceForThoseWhoAskTheSameAtTheSameTime() throws Exception {
        var client = client(serve(request -> { }), Duration.ofMinutes(1));
        var first = client.head("lobby", 0);
        var second = client.head("lobby", 0);

        Patience.await().until(() -> !asked.isEmpty());
        asked.remove().response().end(Buffer.buffer(Json.bytes(HEAD)));

        assertThat(get(first)).isSameAs(get(second));
        assertThat(asked).isEmpty();
    }

    @Test
    void failsAtOnceWhenTooManyAlreadyWait() {
        var client = client(serve(request -> { }), Duration.ofMinutes(1));
        List<CompletionStage<HeadAnswer>> questions = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            questions.add(client.head("room" + i, 0));
        }

        Patience.await().until(() -> questions.stream().anyMatch(question -> question.toCompletableFuture().isCompletedExceptionally()));
        assertThat(asked).hasSizeLessThanOrEqualTo(1);
    }

    private URI serve(Handler<HttpServerRequest> handler) {
        int port = vertx.createHttpServer().requestHandler(request -> {
            asked.add(request);
            handler.handle(request);
        }).listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().join().actualPort();
        return URI.create("http://127.0.0.1:" + port);
    }

    private HistoryClient client(URI view, Duration timeout) {
        return new HistoryClient(vertx, view, new OneAtATime(timeout));
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private record OneAtATime(Duration timeout) implements HistorySettings {
        @Override
        public int connections() {
            return 1;
        }

        @Override
        public int waiting() {
            return 2;
        }

        @Override
        public int pageEntries() {
            return 10;
        }

        @Override
        public MemorySize pageBytes() {
            return new MemorySize(BigInteger.valueOf(1024));
        }
    }
}

package io.millrace.streams.runtime;

import io.millrace.contract.history.HeadAnswer;
import io.millrace.contract.history.LogAnswer;
import io.millrace.contract.history.StatesAnswer;
import io.millrace.contract.json.Json;
import io.millrace.contract.record.SyncEvent;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

/** Asks the internal interface as delivery does: follows 307, tells 503 by its status. */
final class HistoryClient {
    private final HttpClient http;
    private final String url;

    HistoryClient(String url, HttpClient.Redirect redirect) {
        this.url = url;
        this.http = HttpClient.newBuilder().followRedirects(redirect).connectTimeout(Duration.ofSeconds(30)).build();
    }

    HistoryClient(String url) {
        this(url, HttpClient.Redirect.NORMAL);
    }

    HttpResponse<String> get(String path) {
        return ask("/internal/v1/rooms/" + path);
    }

    /** {@code query} begins behind the question mark. */
    HttpResponse<String> sync(String query) {
        return ask("/internal/v1/sync?" + query);
    }

    List<SyncEvent> states(String query) {
        return read(sync(query), StatesAnswer.class).states();
    }

    private HttpResponse<String> ask(String path) {
        try {
            return http.send(HttpRequest.newBuilder(URI.create(url + path)).timeout(Duration.ofSeconds(90)).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError("unable to ask " + path + "; " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    HeadAnswer head(String room, String query) {
        return read(get(room + "/head" + query), HeadAnswer.class);
    }

    LogAnswer log(String room, String query) {
        return page(room + "/log", query);
    }

    LogAnswer page(String path, String query) {
        return read(get(path + query), LogAnswer.class);
    }

    static List<Long> seqs(LogAnswer page) {
        return page.items().stream().map(LogAnswer.Item::seq).toList();
    }

    private static <T> T read(HttpResponse<String> response, Class<T> type) {
        if (response.statusCode() != 200) {
            throw new AssertionError(response.statusCode() + " " + response.body());
        }
        try {
            return Json.MAPPER.readValue(response.body(), type);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}

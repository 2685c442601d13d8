package io.millrace.standalone.client;

import io.millrace.contract.frame.ServerFrame;
import io.millrace.contract.json.Json;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Reads a room's whole log over HTTP, page by page from seq 1 (HIS-1). Blocks its caller, and asks again while the server is out of reach. */
public final class HistoryReader {
    private static final int PAGE = 500;
    private static final Duration PATIENCE_WITH_A_PAGE = Duration.ofSeconds(10);
    private static final Duration BETWEEN_QUESTIONS = Duration.ofMillis(500);

    private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE_WITH_A_PAGE).build();
    private final ServerAddress server;
    private final String token;
    private final Duration patience;

    /** {@code patience}: how long a page may stay out of reach before this fails with {@link Unreachable}. */
    public HistoryReader(ServerAddress server, String token, Duration patience) {
        this.server = server;
        this.token = token;
        this.patience = patience;
    }

    /** One page after another, oldest first. */
    public List<ServerFrame.HistoryPage> pages(String room) throws InterruptedException {
        List<ServerFrame.HistoryPage> pages = new ArrayList<>();
        long after = 0;
        while (pages.isEmpty() || !pages.get(pages.size() - 1).complete()) {
            var page = page(room, after);
            pages.add(page);
            if (!page.items().isEmpty()) {
                after = page.items().get(page.items().size() - 1).seq();
            } else if (!page.complete()) {
                throw Unreachable.refused("the server answers an empty page of history that is not the last");
            }
        }
        return pages;
    }

    private ServerFrame.HistoryPage page(String room, long after) throws InterruptedException {
        var uri = server.delivery("/v1/rooms/" + URLEncoder.encode(room, StandardCharsets.UTF_8) + "/history?view=log&limit=" + PAGE + "&after=" + after);
        var question = HttpRequest.newBuilder(uri).timeout(PATIENCE_WITH_A_PAGE).header("Authorization", "Bearer " + token).build();
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            String trouble;
            try {
                HttpResponse<byte[]> answer = http.send(question, BodyHandlers.ofByteArray());
                if (answer.statusCode() == 200) {
                    return (ServerFrame.HistoryPage) Json.MAPPER.readValue(answer.body(), ServerFrame.class);
                }
                trouble = "HTTP " + answer.statusCode();
                if (answer.statusCode() < 500 && answer.statusCode() != 429) {
                    throw Unreachable.refused("the server refuses history (" + trouble + ")");
                }
            } catch (IOException e) {
                trouble = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            }
            if (System.nanoTime() > deadline) {
                throw Unreachable.forNow("unable to read history; " + trouble);
            }
            Thread.sleep(BETWEEN_QUESTIONS.toMillis());
        }
    }
}

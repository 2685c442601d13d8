package io.millrace.standalone.serve;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Says once, when {@code GET /q/health/ready} answers 200, where everything is and what to try (RUN-1), and runs what is to follow. Waits
 * on a thread of its own.
 */
final class Announcement implements Runnable {
    private static final Duration BETWEEN_QUESTIONS = Duration.ofMillis(250);
    private static final Duration PATIENCE_WITH_AN_ANSWER = Duration.ofSeconds(2);
    private static final int DEFAULT_HTTP_PORT = 8080;

    private final Settings settings;
    private final Path data;
    private final Runnable then;

    private Announcement(Settings settings, Path data, Runnable then) {
        this.settings = settings;
        this.data = data;
        this.then = then;
    }

    static void whenReady(Settings settings, Path data, Runnable then) {
        var thread = new Thread(new Announcement(settings, data, then), "millrace-announcement");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void run() {
        try {
            var client = HttpClient.newHttpClient();
            while (!isReady(client)) {
                Thread.sleep(BETWEEN_QUESTIONS.toMillis());
            }
            System.out.println(text());
            then.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isReady(HttpClient client) throws InterruptedException {
        var question = HttpRequest.newBuilder(URI.create("http://" + address() + "/q/health/ready")).timeout(PATIENCE_WITH_AN_ANSWER).build();
        try {
            return client.send(question, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false; // not listening yet
        }
    }

    private String text() {
        String url = settings.httpPort() == DEFAULT_HTTP_PORT ? "" : " --url http://" + address();
        return """
                Millrace is ready.
                  demo page  http://%1$s/
                  API        http://%1$s/docs/
                  sockets    ws://%1$s/v1/ingest and ws://%1$s/v1/delivery
                  Kafka      127.0.0.1:%2$d
                  data       %3$s
                Try, in another terminal:
                  ./run tail lobby%4$s
                  ./run send lobby "Hello, is anybody there?"%4$s
                  ./run replay%4$s
                Ctrl-C stops it; the data stays.%5$s""".formatted(address(), settings.kafkaPort(), data, url, warning());
    }

    private String warning() {
        return settings.isLocal() ? "" : "\nOther machines reach it too, and POST /dev/token makes any of them anybody.";
    }

    private String address() {
        String host = settings.httpHost().equals("0.0.0.0") ? "127.0.0.1" : settings.httpHost();
        return host + ":" + settings.httpPort();
    }
}

package io.millrace.observed;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** What an HTTP server answers; status 0 while nothing listens. */
record Answer(int status, String body) {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    static Answer to(URI uri) {
        return send(HttpRequest.newBuilder(uri));
    }

    static Answer toPost(URI uri, String token, Object body) {
        return send(HttpRequest.newBuilder(uri).header("Authorization", "Bearer " + token).POST(BodyPublishers.ofString(body.toString())));
    }

    private static Answer send(HttpRequest.Builder request) {
        try {
            var answer = HTTP.send(request.timeout(Duration.ofSeconds(30)).build(), BodyHandlers.ofString());
            return new Answer(answer.statusCode(), answer.body());
        } catch (IOException e) {
            return new Answer(0, "");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}

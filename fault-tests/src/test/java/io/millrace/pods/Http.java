package io.millrace.pods;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Plain questions to a process that may not be there. */
final class Http {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final HttpClient FOLLOWING = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();
    private static final HttpClient AS_IS = HttpClient.newHttpClient();

    private Http() {
    }

    /** The status of a GET, redirects not followed; 0 when nothing answers. */
    static int status(String url) {
        try {
            return get(AS_IS, url).statusCode();
        } catch (UncheckedIOException e) {
            return 0;
        }
    }

    /** The answer to a GET, from wherever it is redirected to; fails with {@link UncheckedIOException} when nothing answers. */
    static HttpResponse<String> get(String url) {
        return get(FOLLOWING, url);
    }

    private static HttpResponse<String> get(HttpClient client, String url) {
        try {
            return client.send(HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE).build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}

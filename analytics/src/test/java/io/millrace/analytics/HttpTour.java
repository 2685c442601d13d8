package io.millrace.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.millrace.contract.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** Requests whose answers are held against the published description; it remembers what was asked. */
final class HttpTour {
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Published published;
    private final String url;
    private final Set<String> asked = new TreeSet<>();

    HttpTour(Published published, String url) {
        this.published = published;
        this.url = url;
    }

    /** One request as the description names it; {@code path} has its parameters in place, {@code template} has not. */
    final class Request {
        private final String method;
        private final String template;
        private final HttpRequest.Builder builder;

        private Request(String method, String template, URI uri) {
            this.method = method.toLowerCase(Locale.ROOT);
            this.template = template;
            this.builder = HttpRequest.newBuilder(uri).method(method, BodyPublishers.noBody());
        }

        Request body(String text) {
            builder.method(method.toUpperCase(Locale.ROOT), BodyPublishers.ofString(text));
            return this;
        }

        Request as(String token) {
            return header("Authorization", "Bearer " + token);
        }

        Request header(String name, String value) {
            builder.setHeader(name, value);
            return this;
        }

        /** Sends it; the answer must be that status, and as described. */
        JsonNode answers(int status) throws IOException, InterruptedException {
            asked.add(method + " " + template);
            var answer = client.send(builder.build(), BodyHandlers.ofByteArray());
            boolean isJson = answer.headers().firstValue("Content-Type").orElse("").startsWith("application/json") && answer.body().length > 0;
            JsonNode body = isJson ? Json.MAPPER.readTree(answer.body()) : MissingNode.getInstance();
            assertThat(answer.statusCode()).as(() -> method + " " + template + " " + body).isEqualTo(status);
            assertThat(published.complaintsOfAnswer(method, template, status, body)).as(method + " " + template).isEmpty();
            return body;
        }
    }

    Request ask(String method, String template, String... parameters) {
        String path = template;
        for (String parameter : parameters) {
            path = path.contains("{") ? path.replaceFirst("\\{\\w+}", parameter) : path + parameter;
        }
        return new Request(method, template, URI.create(url + path));
    }

    Request askAt(String method, String template, String address) {
        return new Request(method, template, URI.create(address));
    }

    /** The operations of the description that nothing has asked yet. */
    List<String> unasked() {
        List<String> unasked = new ArrayList<>();
        published.paths().properties().forEach(path -> path.getValue().fieldNames().forEachRemaining(method -> unasked.add(method + " " + path.getKey())));
        unasked.removeAll(asked);
        return unasked;
    }
}

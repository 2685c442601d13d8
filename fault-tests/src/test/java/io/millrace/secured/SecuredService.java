package io.millrace.secured;

import io.millrace.testing.ChildProcess;
import io.millrace.testing.FreePort;
import io.millrace.testing.Patience;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A packaged service as a process of its own that reaches Kafka as it is told, and logs all our own packages have to say. */
final class SecuredService implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final int port = FreePort.any();
    private final ChildProcess process;

    private SecuredService(String module, Map<String, String> kafka, Map<String, String> settings) {
        Map<String, String> environment = new HashMap<>(settings);
        kafka.forEach((key, value) -> environment.put("KAFKA_" + key.toUpperCase(Locale.ROOT).replace('.', '_'), value));
        environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
        environment.put("QUARKUS_HTTP_PORT", Integer.toString(port));
        environment.put("QUARKUS_LOG_CATEGORY__IO_MILLRACE__LEVEL", "DEBUG");
        environment.put("MILLRACE_TOPICS_PARTITIONS", "1");
        process = ChildProcess.java(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-jar",
                Path.of("..", module, "target", "quarkus-app", "quarkus-run.jar").toString()), environment);
    }

    static SecuredService start(String module, Map<String, String> kafka, Map<String, String> settings) {
        return new SecuredService(module, kafka, settings);
    }

    ChildProcess process() {
        return process;
    }

    URI uri(String scheme, String path) {
        return URI.create(scheme + "://127.0.0.1:" + port + path);
    }

    HttpResponse<String> get(String path, String... headers) {
        return send(request(path, headers).GET());
    }

    HttpResponse<String> post(String path, String body, String... headers) {
        return send(request(path, headers).POST(BodyPublishers.ofString(body)));
    }

    static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return HTTP.send(request.timeout(Duration.ofSeconds(60)).build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException("unable to ask", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("unable to ask", e);
        }
    }

    /** What it answers to whether it is ready; empty while nobody listens. */
    String readiness() {
        try {
            return get("/q/health/ready").body();
        } catch (IllegalStateException e) {
            return "";
        }
    }

    void awaitReady() {
        Patience.await("readiness").atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).until(() -> !process.isAlive() || isReady());
        if (!process.isAlive()) {
            throw new AssertionError("it ended: " + output());
        }
    }

    String output() {
        return process.output() + process.errors();
    }

    private boolean isReady() {
        return readiness().replaceAll("\\s", "").startsWith("{\"status\":\"UP\"");
    }

    private HttpRequest.Builder request(String path, String... headers) {
        var builder = HttpRequest.newBuilder(uri("http", path));
        return headers.length == 0 ? builder : builder.headers(headers);
    }

    @Override
    public void close() {
        process.close();
    }
}

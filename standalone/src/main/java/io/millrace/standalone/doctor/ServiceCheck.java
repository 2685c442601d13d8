package io.millrace.standalone.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.contract.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** What a service says of itself, and whether its clock is right: it tells when it began and how long that is ago. */
final class ServiceCheck implements Check {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final double SKEW_SECONDS = 2;
    private static final HttpClient HTTP = HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    private final URI url;

    ServiceCheck(URI url) {
        this.url = url;
    }

    @Override
    public String name() {
        return "service " + url;
    }

    @Override
    public List<Finding> look(Cluster cluster) throws InterruptedException {
        List<Finding> findings = new ArrayList<>();
        try {
            var live = get("/q/health/live");
            var ready = get("/q/health/ready");
            if (live.statusCode() != 200) {
                findings.add(Finding.bad(name(), "not alive: " + reasons(live.body()), "restart it; its log says more"));
            } else if (ready.statusCode() != 200) {
                findings.add(Finding.bad(name(), "not ready: " + reasons(ready.body()), "it becomes ready by itself once that is mended"));
            } else {
                findings.add(Finding.good(name(), "alive and ready"));
            }
            clock().ifPresent(findings::add);
        } catch (IOException e) {
            findings.add(Finding.bad(name(), "does not answer; " + e, "start it, or check the address"));
        }
        return findings;
    }

    private Optional<Finding> clock() throws IOException, InterruptedException {
        double before = now();
        var metrics = get("/q/metrics").body();
        double after = now();
        var began = value(metrics, "process_start_time_seconds");
        var age = value(metrics, "process_uptime_seconds");
        if (began.isEmpty() || age.isEmpty()) {
            return Optional.empty();
        }
        double itsNow = began.getAsDouble() + age.getAsDouble();
        double skew = itsNow < before ? before - itsNow : Math.max(0, itsNow - after);
        return Optional.of(skew <= SKEW_SECONDS ? Finding.good(name() + " clock", "right to " + (int) SKEW_SECONDS + " s")
                : Finding.doubtful(name() + " clock", "differs from this machine's by " + Math.round(skew) + " s", "synchronise the clocks: tokens and the hook's deadlines hang on them"));
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        var base = url.toString().replaceAll("/+$", "");
        return HTTP.send(HttpRequest.newBuilder(URI.create(base + path)).timeout(PATIENCE).build(), BodyHandlers.ofString());
    }

    private static String reasons(String health) throws IOException {
        List<String> reasons = new ArrayList<>();
        for (JsonNode check : Json.MAPPER.readTree(health).path("checks")) {
            if (check.path("status").asText().equals("DOWN")) {
                reasons.add(check.path("name").asText() + (check.path("data").isEmpty() ? "" : " " + check.path("data")));
            }
        }
        return String.join(", ", reasons);
    }

    private static OptionalDouble value(String metrics, String name) {
        return metrics.lines().filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{")).mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))).findFirst();
    }

    private static double now() {
        return Instant.now().toEpochMilli() / 1000.0;
    }
}

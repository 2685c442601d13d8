package io.millrace.helm;

import static io.millrace.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.testing.ChildProcess;
import io.millrace.testing.FreePort;
import io.millrace.testing.TestTokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The default installation without a cluster: the images' files and the rendered arguments, variables and configuration, beside a real
 * broker that wants TLS and a password and allows each service what the chart's KafkaUser says (SEC-4). Only what needs a cluster is told otherwise: ports, addresses of other pods and where volumes lie.
 */
class DeploymentIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final List<String> SERVICES = List.of("ingest", "delivery", "streams");
    private static final Map<String, String> MODULES = Map.of("ingest", "ingest-service", "delivery", "delivery-service", "streams", "streams-topology", "cli", "standalone");

    @TempDir
    private Path directory;

    private final SecuredKafka kafka = new SecuredKafka(MODULES.keySet());
    private final TestTokens tokens = TestTokens.issuer();
    private final Map<String, Integer> ports = Map.of("ingest", FreePort.any(), "delivery", FreePort.any(), "streams", FreePort.any(), "history", FreePort.any());
    private final List<ChildProcess> children = new ArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void stop() {
        children.forEach(ChildProcess::close);
        kafka.close();
    }

    @Test
    @DisplayName("TOP-3, DEL-9, SEC-4: pods wait alive for their topics, a hook makes them, a message is confirmed, and every pod stops within its grace")
    void theRenderedPodsRunFromTheImagesFiles() throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        allowWhatTheChartAsksFor();
        var objects = objects();
        Map<String, ImageFiles> images = new HashMap<>();
        MODULES.forEach((component, module) -> images.put(component, ImageFiles.of(module, directory)));

        Map<String, ChildProcess> pods = new HashMap<>();
        Map<String, Set<String>> files = new HashMap<>();
        for (String service : SERVICES) {
            var pod = pod(objects, service.equals("streams") ? "StatefulSet" : "Deployment", service);
            Chart.write(images.get(service).app().resolve("config/application.properties"), pod.config());
            files.put(service, images.get(service).names());
            pods.put(service, started(images.get(service), List.of(), inPlace(service, pod, images.get(service))));
        }
        for (String service : SERVICES) {
            awaitStatus(pods.get(service), service, "/q/health/live", 200);
            awaitStatus(pods.get(service), service, "/q/health/ready", 503); // without topics
        }

        var job = pod(objects, "Job", "topics");
        var verifier = pod(objects, "Pod", "test-topics");
        var refused = started(images.get("cli"), job.arguments(), verifier.environment());
        assertThat(refused.exitCode(PATIENCE)).as("end of a user without the right to create topics").isEqualTo(3);
        assertThat(refused.errors()).containsIgnoringCase("authoriz");
        assertThat(said(images.get("cli"), job)).contains("The topics are as they should be.");
        for (String service : List.of("streams", "ingest", "delivery")) {
            awaitStatus(pods.get(service), service, "/q/health/ready", 200);
        }

        assertThat(said(images.get("cli"), verifier)).contains("The topics are as they should be.");
        assertThat(said(images.get("cli"), pod(objects, "Pod", "test-doctor"))).contains("rights of failures: as needed", "rights of check: as needed",
                "service http://127.0.0.1:" + ports.get("ingest") + ": alive and ready", "service http://127.0.0.1:" + ports.get("delivery") + ": alive and ready");
        assertThat(said(images.get("cli"), pod(objects, "Pod", "test-message"))).contains("synced in helm-test as #1");
        await("ingest may look how late the pipeline is").ignoreExceptions()
                .untilAsserted(() -> assertThat(get("ingest", "/q/metrics")).containsPattern("millrace_ingest_lateness_looks_total\\{outcome=\"known\"} [1-9]"));

        for (String service : SERVICES) {
            pods.get(service).terminate();
            var grace = pod(objects, service.equals("streams") ? "StatefulSet" : "Deployment", service).graceSeconds();
            assertThat(pods.get(service).exitCode(Duration.ofSeconds(grace))).as("end of " + service).isEqualTo(143);
            assertThat(images.get(service).names()).as("files of " + service).isEqualTo(files.get(service));
        }
    }

    /** Each service has a user of its own with the rights that the chart gives its KafkaUser, and no others. */
    private void allowWhatTheChartAsksFor() {
        Path prefixes = directory.resolve("prefixes.yaml");
        Chart.write(prefixes, "settings: {topics: {prefix: chat.}, streams: {applicationPrefix: millrace-}}");
        Chart.copiedTo(directory).objects(Chart.DIRECTORY.resolve("ci/strimzi-tls-values.yaml"), prefixes).stream()
                .filter(object -> object.get("kind").asText().equals("KafkaUser"))
                .forEach(user -> kafka.allow(user.at("/metadata/name").asText().replace("chat-millrace-", ""), user.at("/spec/authorization/acls")));
    }

    private List<ObjectNode> objects() {
        Path values = directory.resolve("values.yaml");
        Chart.write(values, """
                kafka:
                  bootstrapServers: '%s'
                  tls: {enabled: true, truststore: {existingSecret: kafka-trust, key: store, type: '%s', passwordKey: password}}
                  sasl: {mechanism: SCRAM-SHA-512}
                ingest: {kafkaSecret: ingest}
                delivery: {kafkaSecret: delivery}
                streams: {kafkaSecret: streams}
                cli: {kafkaSecret: cli}
                networkPolicy: {enabled: false}
                topics: {replicationFactor: 1, job: {kafkaSecret: admin}}
                settings: {topics: {partitions: 4}, gate: {drainTime: 2s}, sync: {maxRetries: 2}}
                tests: {existingSecret: test-token}
                """.formatted(kafka.bootstrap(), kafka.truststoreType()));
        return Chart.copiedTo(directory).objects(Chart.DIRECTORY.resolve("ci/default-values.yaml"), values);
    }

    private RenderedPod pod(List<ObjectNode> objects, String kind, String name) {
        Map<String, String> secrets = new HashMap<>(Map.of("test-token/token", tokens.token("helm"), "kafka-trust/password", kafka.truststorePassword()));
        Stream.concat(MODULES.keySet().stream(), Stream.of(SecuredKafka.ADMINISTRATOR)).forEach(user -> {
            secrets.put(user + "/username", user);
            secrets.put(user + "/password", SecuredKafka.PASSWORD);
        });
        return RenderedPod.of(objects, kind, "chat-millrace-" + name, secrets);
    }

    private String said(ImageFiles image, RenderedPod pod) {
        var arguments = pod.arguments().stream().map(argument -> argument
                .replace("http://chat-millrace-ingest:80", "http://127.0.0.1:" + ports.get("ingest"))
                .replace("http://chat-millrace-delivery:80", "http://127.0.0.1:" + ports.get("delivery"))).toList();
        var command = started(image, arguments, pod.environment());
        assertThat(command.exitCode(PATIENCE)).as(() -> command.output() + command.errors()).isZero();
        return command.output();
    }

    private ChildProcess started(ImageFiles image, List<String> arguments, Map<String, String> environment) {
        Map<String, String> all = new HashMap<>(environment);
        all.put("KAFKA_SSL_TRUSTSTORE_LOCATION", truststore().toString());
        all.put("JAVA_TOOL_OPTIONS", "-Xmx300m -XX:TieredStopAtLevel=1 -XX:+ExitOnOutOfMemoryError -Djava.io.tmpdir=" + image.temporary());
        var child = image.start(arguments, all);
        children.add(child);
        return child;
    }

    /** Where the container's user can read it. */
    private Path truststore() {
        try {
            Path readable = directory.resolve("kafka-trust");
            if (Files.notExists(readable)) {
                Files.copy(kafka.truststore(), readable);
                Files.setPosixFilePermissions(readable, PosixFilePermissions.fromString("r--r--r--"));
            }
            return readable;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, String> inPlace(String service, RenderedPod pod, ImageFiles image) {
        Map<String, String> environment = new HashMap<>(pod.environment());
        environment.put("QUARKUS_HTTP_PORT", ports.get(service).toString());
        environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
        Path volumes = ImageFiles.writable(directory.resolve("volumes-" + service));
        if (service.equals("streams")) {
            assertThat(environment).containsEntry("MILLRACE_HISTORY_ADVERTISED_HOST", "chat-millrace-streams-0.chat-millrace-streams.talk.svc");
            environment.put("MILLRACE_HISTORY_ADVERTISED_HOST", "127.0.0.1");
            environment.put("MILLRACE_HISTORY_HOST", "127.0.0.1");
            environment.put("MILLRACE_HISTORY_PORT", ports.get("history").toString());
            environment.put("MILLRACE_STREAMS_STATE_DIR", volumes.toString());
        } else {
            environment.put("MILLRACE_AUTH_PUBLIC_KEY_LOCATION", tokens.writePublicKey(volumes).toString());
            environment.put("MILLRACE_ATTACHMENTS_DIRECTORY", volumes.toString());
            environment.put("MILLRACE_DELIVERY_HISTORY_URL", "http://127.0.0.1:" + ports.get("history"));
        }
        return environment;
    }

    private void awaitStatus(ChildProcess pod, String service, String path, int wanted) {
        await(service + path).atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).until(() -> !pod.isAlive() || status(service, path) == wanted);
        assertThat(pod.isAlive()).as(() -> service + " ended: " + pod.output() + pod.errors()).isTrue();
    }

    private int status(String service, String path) {
        try {
            return asked(service, path).statusCode();
        } catch (IOException e) {
            return 0;
        }
    }

    private String get(String service, String path) throws IOException {
        return asked(service, path).body();
    }

    private HttpResponse<String> asked(String service, String path) throws IOException {
        try {
            return http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ports.get(service) + path)).timeout(Duration.ofSeconds(30)).build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}

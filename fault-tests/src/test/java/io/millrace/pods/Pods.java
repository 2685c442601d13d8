package io.millrace.pods;

import static org.awaitility.Awaitility.await;

import io.millrace.contract.message.Action;
import io.millrace.contract.message.Message;
import io.millrace.contract.message.MessageType;
import io.millrace.contract.record.AcceptedMessage;
import io.millrace.contract.topic.Topics;
import io.millrace.testing.ChildProcess;
import io.millrace.testing.FreePort;
import io.millrace.testing.TestKafka;
import io.millrace.testing.TestTokens;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** The packaged services as processes of their own around one real broker: what a deployment is, on one machine. */
final class Pods implements AutoCloseable {
    static final Topics TOPICS = Topics.of("chat.", 4, Topics.DEFAULT_LOG_RETENTION);
    static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String JAR = "target/quarkus-app/quarkus-run.jar";
    private static final HttpClient HTTP = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();
    private static final HttpClient HTTP_AS_IS = HttpClient.newHttpClient();

    private final TestKafka kafka = TestKafka.start(1).with(TOPICS);
    private final TestTokens tokens = TestTokens.issuer();
    private final Path directory;
    private final List<ChildProcess> children = new ArrayList<>();
    private final KafkaProducer<String, byte[]> producer;
    private final Map<String, Long> laneSeqs = new HashMap<>();

    Pods(Path directory) {
        this.directory = directory;
        producer = new KafkaProducer<>(Map.of("bootstrap.servers", kafka.bootstrap(), "max.in.flight.requests.per.connection", 1), new StringSerializer(), new ByteArraySerializer());
    }

    TestKafka kafka() {
        return kafka;
    }

    String token(String sender) {
        return tokens.token(sender);
    }

    /** A streams service whose history is answered at {@code port}; not waited for. */
    ChildProcess streams(String name, int port, Duration session) {
        return start("streams-topology", Map.of(
                "QUARKUS_HTTP_PORT", "0",
                "MILLRACE_HISTORY_HOST", "127.0.0.1",
                "MILLRACE_HISTORY_ADVERTISED_HOST", "127.0.0.1",
                "MILLRACE_HISTORY_PORT", Integer.toString(port),
                "MILLRACE_STREAMS_SESSION_TIMEOUT", session.toMillis() + "ms",
                "MILLRACE_STREAMS_STATE_DIR", directory.resolve(name).toString()));
    }

    /** A delivery service at {@code port}; not waited for. */
    ChildProcess delivery(int port, int historyPort, Map<String, String> settings) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "QUARKUS_HTTP_PORT", Integer.toString(port),
                "QUARKUS_HTTP_HOST", "127.0.0.1",
                "MILLRACE_AUTH_PUBLIC_KEY_LOCATION", tokens.writePublicKey(directory).toString(),
                "MILLRACE_DELIVERY_HISTORY_URL", "http://127.0.0.1:" + historyPort,
                "MILLRACE_DELIVERY_CHECK_INTERVAL", "500ms",
                "MILLRACE_DELIVERY_RETRY_AFTER", "200ms"));
        environment.putAll(settings);
        return start("delivery-service", environment);
    }

    private ChildProcess start(String module, Map<String, String> settings) {
        Map<String, String> environment = new HashMap<>(settings);
        environment.put("KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrap());
        environment.putIfAbsent("MILLRACE_TOPICS_PARTITIONS", Integer.toString(TOPICS.roomLog().partitions()));
        var child = ChildProcess.java(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-jar", Path.of("..", module, JAR).toString()), environment);
        children.add(child);
        return child;
    }

    static void awaitReady(ChildProcess pod, int port) {
        await("readiness of " + port).atMost(PATIENCE).pollInterval(Duration.ofMillis(100))
                .until(() -> !pod.isAlive() || status("http://127.0.0.1:" + port + "/q/health/ready") == 200);
        if (!pod.isAlive()) {
            throw new AssertionError("a pod ended: " + pod.output() + pod.errors());
        }
    }

    /** The status of a GET, redirects not followed; 0 when nothing answers. */
    static int status(String url) {
        try {
            return get(HTTP_AS_IS, url).statusCode();
        } catch (IOException e) {
            return 0;
        }
    }

    static HttpResponse<String> get(String url) throws IOException {
        return get(HTTP, url);
    }

    private static HttpResponse<String> get(HttpClient client, String url) throws IOException {
        try {
            return client.send(HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(5)).build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Appends the next message of {@code sender} in {@code room}, as ingest does. */
    void say(String sender, String room) {
        say(sender, room, "a message");
    }

    void say(String sender, String room, String text) {
        long laneSeq = laneSeqs.merge(sender, 1L, Long::sum);
        var now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        var message = new Message(sender + "-" + laneSeq, room, "session", laneSeq, Action.CREATE, MessageType.TEXT, text, null, null, null, null, null, now);
        producer.send(new ProducerRecord<>(TOPICS.text().name(), sender, TOPICS.text().encode(new AcceptedMessage(sender, now, false, message))));
    }

    void flush() {
        producer.flush();
    }

    static int port() {
        return FreePort.any();
    }

    @Override
    public void close() {
        children.forEach(ChildProcess::close);
        producer.close();
        kafka.close();
    }
}

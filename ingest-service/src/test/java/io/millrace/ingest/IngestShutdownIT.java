package io.millrace.ingest;

import static io.millrace.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.contract.frame.CloseCode;
import io.millrace.testing.FrameClient;
import io.millrace.testing.Frames;
import io.millrace.testing.FreePort;
import io.millrace.testing.TestKafka;
import io.millrace.testing.TestTokens;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** DEL-9, ERR-2, ING-2: the packaged service, told to stop, answers what it took, says goodbye with 4100 and leaves nothing accepted behind. */
class IngestShutdownIT {
    private static final Path JAR = Path.of("target", "quarkus-app", "quarkus-run.jar");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @Test
    void answersWhatItTookSaysGoodbyeAndClosesWith4100() throws Exception {
        var tokens = TestTokens.issuer();
        int port = FreePort.any();
        try (var kafka = TestKafka.start(1).with(IngestStage.TOPICS)) {
            Process service = start(kafka, tokens, port);
            try (var client = connect(tokens, port); var idle = connect(tokens, port)) {
                client.await("hello");
                client.sendJoined(IntStream.rangeClosed(1, 100).mapToObj(n -> Frames.text("m" + n, "lobby", "s1", n, "x")).toList());
                client.await("accepted");

                service.destroy();

                assertThat(client.awaitClose()).isEqualTo(CloseCode.GOING_AWAY.code());
                assertThat(idle.awaitClose()).isEqualTo(CloseCode.GOING_AWAY.code());
                assertThat(idle.frames("goodbye")).hasSize(1);
                assertThat(client.frames().get(client.frames().size() - 1).path("op").asText()).isEqualTo("goodbye");
                int accepted = client.frames("accepted").size();
                assertThat(kafka.records(IngestStage.TOPICS.text(), accepted, record -> true)).hasSizeGreaterThanOrEqualTo(accepted);
                assertThat(service.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            } finally {
                service.destroyForcibly().waitFor();
            }
        }
    }

    private Process start(TestKafka kafka, TestTokens tokens, int port) throws IOException {
        File log = directory.resolve("service.log").toFile();
        var service = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
                "-Dquarkus.http.port=" + port, "-Dquarkus.http.host=127.0.0.1", "-Dkafka.bootstrap.servers=" + kafka.bootstrap(),
                "-Dmillrace.topics.partitions=" + IngestStage.PARTITIONS, "-Dmillrace.auth.public-key-location=" + tokens.writePublicKey(directory),
                "-jar", JAR.toString()).redirectErrorStream(true).redirectOutput(log).start();
        await().atMost(PATIENCE).until(() -> {
            assertThat(service.isAlive()).as(() -> text(log)).isTrue();
            return isReady(port);
        });
        return service;
    }

    private static FrameClient connect(TestTokens tokens, int port) {
        return FrameClient.connect(URI.create("ws://127.0.0.1:" + port + "/v1/ingest"), tokens.token("ana"));
    }

    private static boolean isReady(int port) throws InterruptedException {
        try {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/q/health/ready")).timeout(Duration.ofSeconds(5)).build();
            return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private static String text(File log) {
        try {
            return String.join("\n", List.copyOf(Files.readAllLines(log.toPath())));
        } catch (IOException e) {
            return "no log";
        }
    }
}

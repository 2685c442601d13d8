package io.millrace.streams.hook;

import static io.millrace.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.contract.record.HookVerdict;
import io.millrace.streams.hook.HookServer.Reply;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SYN-10: no attempt loses its verdict when the packaged service is killed (kill -9) between asking the hook and writing verdicts. */
class HookRestartIT {
    private static final int ATTEMPTS = 200;
    /** Answers half of the messages and leaves the others waiting. */
    private static final Function<JsonNode, Reply> HALF = asked -> Integer.parseInt(asked.path("id").textValue().substring(1)) % 2 == 0
            ? HookServer.ALLOW.apply(asked) : null;

    @TempDir
    Path directory;

    private final HookScene scene = new HookScene();
    private Process service;

    @AfterEach
    void stop() throws InterruptedException {
        if (service != null) {
            service.destroyForcibly().waitFor();
        }
        scene.close();
    }

    @Test
    void givesEveryAttemptAVerdictAcrossAKill() throws Exception {
        scene.hook.script("restarting", HALF);
        service = start();
        scene.attempts("restarting", ATTEMPTS);
        await().atMost(HookScene.PATIENCE).until(() -> scene.hook.holding() >= 32 && !scene.verdicts("restarting").isEmpty());

        service.destroyForcibly().waitFor();
        scene.hook.script("restarting", HookServer.ALLOW);
        service = start();

        var verdicts = scene.verdicts("restarting", found -> found.stream().map(HookVerdict::id).distinct().count() == ATTEMPTS);
        assertThat(verdicts).allMatch(HookVerdict::allows);
    }

    private Process start() throws IOException {
        var builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m", "-jar", "target/quarkus-app/quarkus-run.jar");
        builder.environment().putAll(Map.of(
                "KAFKA_BOOTSTRAP_SERVERS", scene.bootstrap(),
                "QUARKUS_HTTP_PORT", "0",
                "MILLRACE_HISTORY_PORT", "0",
                "MILLRACE_TOPICS_PARTITIONS", Integer.toString(HookScene.TOPICS.text().partitions()),
                "MILLRACE_STREAMS_STATE_DIR", directory.toString(),
                "MILLRACE_SYNC_HOOK_URL", scene.hook.url(),
                "MILLRACE_SYNC_HOOK_TIMEOUT", "5m",
                "MILLRACE_SYNC_HOOK_CONCURRENCY", "64"));
        return builder.redirectErrorStream(true).redirectOutput(new File("target/hook-restart-service.log")).start();
    }
}

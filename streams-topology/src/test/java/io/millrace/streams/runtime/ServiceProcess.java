package io.millrace.streams.runtime;

import io.millrace.testing.ChildProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The packaged service in a process of its own, on free ports. */
final class ServiceProcess implements AutoCloseable {
    private static final Pattern ADDRESS = Pattern.compile("history is answered at 127\\.0\\.0\\.1:(\\d+)");

    private final ChildProcess process;

    private ServiceProcess(ChildProcess process) {
        this.process = process;
    }

    static ServiceProcess start(String bootstrap, int partitions, Path state, Optional<String> instanceId, Duration session) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "KAFKA_BOOTSTRAP_SERVERS", bootstrap,
                "QUARKUS_HTTP_PORT", "0",
                "MILLRACE_HISTORY_HOST", "127.0.0.1",
                "MILLRACE_HISTORY_ADVERTISED_HOST", "127.0.0.1",
                "MILLRACE_HISTORY_PORT", "0",
                "MILLRACE_TOPICS_PARTITIONS", Integer.toString(partitions),
                "MILLRACE_STREAMS_SESSION_TIMEOUT", session.toSeconds() + "s",
                "MILLRACE_STREAMS_STATE_DIR", state.toString()));
        instanceId.ifPresent(id -> environment.put("MILLRACE_STREAMS_INSTANCE_ID", id));
        return new ServiceProcess(ChildProcess.java(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-jar", "target/quarkus-app/quarkus-run.jar"), environment));
    }

    String historyUrl(Duration patience) {
        var address = ADDRESS.matcher(process.awaitOutput("history is answered at", patience).output());
        if (!address.find()) {
            throw new AssertionError("unable to find the port in " + process.output());
        }
        return "http://127.0.0.1:" + address.group(1);
    }

    void kill() {
        process.kill();
    }

    @Override
    public void close() {
        process.close();
    }
}

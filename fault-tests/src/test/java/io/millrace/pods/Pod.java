package io.millrace.pods;

import io.millrace.testing.ChildProcess;
import io.millrace.testing.FreePort;
import io.millrace.testing.Patience;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** One packaged service as a process of its own, which keeps its name, port and state when it is started again. */
public final class Pod implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final String name;
    private final Path jar;
    private final Map<String, String> environment;
    private final int port = FreePort.any();
    private List<String> jvm = List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
    private ChildProcess process;

    private Pod(String name, String module, String bootstrap, int partitions, Map<String, String> settings) {
        this.name = name;
        this.jar = Path.of("..", module, "target", "quarkus-app", "quarkus-run.jar").toAbsolutePath().normalize();
        this.environment = new HashMap<>(settings);
        environment.put("KAFKA_BOOTSTRAP_SERVERS", bootstrap);
        environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
        environment.put("QUARKUS_HTTP_PORT", Integer.toString(port));
        environment.put("MILLRACE_TOPICS_PARTITIONS", Integer.toString(partitions));
    }

    public static Pod ingest(String name, String bootstrap, int partitions, Path publicKey, Path files) {
        return new Pod(name, "ingest-service", bootstrap, partitions, Map.of(
                "MILLRACE_AUTH_PUBLIC_KEY_LOCATION", publicKey.toString(),
                "MILLRACE_ATTACHMENTS_DIRECTORY", files.toString()));
    }

    /** A named member: restarted after a kill, it goes on with its tasks. */
    public static Pod streams(String name, String bootstrap, int partitions, Path state) {
        return new Pod(name, "streams-topology", bootstrap, partitions, Map.of(
                "MILLRACE_HISTORY_HOST", "127.0.0.1",
                "MILLRACE_HISTORY_PORT", Integer.toString(FreePort.any()),
                "MILLRACE_HISTORY_ADVERTISED_HOST", "127.0.0.1",
                "MILLRACE_STREAMS_INSTANCE_ID", name,
                "MILLRACE_STREAMS_STATE_DIR", state.resolve(name).toString()));
    }

    /** One that asks {@code history}, a streams service of {@link #streams}. */
    public static Pod delivery(String name, String bootstrap, int partitions, Path publicKey, Pod history) {
        return new Pod(name, "delivery-service", bootstrap, partitions, Map.of(
                "MILLRACE_AUTH_PUBLIC_KEY_LOCATION", publicKey.toString(),
                "MILLRACE_DELIVERY_HISTORY_URL", history.historyUrl()));
    }

    public String historyUrl() {
        return "http://127.0.0.1:" + environment.get("MILLRACE_HISTORY_PORT");
    }

    public int port() {
        return port;
    }

    public long pid() {
        return process.pid();
    }

    public URI at(String scheme, String path) {
        return URI.create(scheme + "://127.0.0.1:" + port + path);
    }

    /** What runs, for whoever looks closer. */
    public ChildProcess process() {
        return process;
    }

    public Pod start() {
        process = ChildProcess.java(Stream.concat(jvm.stream(), Stream.of("-jar", jar.toString())).toList(), environment);
        return this;
    }

    /** With these JVM options instead of those that start fast. */
    public Pod with(List<String> options) {
        jvm = List.copyOf(options);
        return this;
    }

    /** With these settings too, named as in the environment. */
    public Pod with(Map<String, String> settings) {
        environment.putAll(settings);
        return this;
    }

    /** The CPU time it has used so far. */
    public Duration cpu() {
        return ProcessHandle.of(process.pid()).flatMap(handle -> handle.info().totalCpuDuration()).orElseThrow();
    }

    public Pod awaitReady() {
        Patience.await(name + " to be ready").atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).until(() -> isReady() || !process.isAlive());
        if (!process.isAlive()) {
            throw new AssertionError(name + " ended: " + process.output() + process.errors());
        }
        return this;
    }

    public void kill() {
        process.kill();
        process.close();
    }

    /** SIGTERM, and its end. */
    public void stop() {
        process.terminate();
        process.exitCode(PATIENCE);
        process.close();
    }

    public void standStill() {
        process.signal("STOP");
    }

    public void goOn() {
        process.signal("CONT");
    }

    /** What it printed since it was started last. */
    public String output() {
        return name + ": " + process.output() + process.errors();
    }

    private boolean isReady() {
        return Http.status(at("http", "/q/health/ready").toString()) == 200;
    }

    @Override
    public void close() {
        if (process != null) {
            process.close();
        }
    }
}

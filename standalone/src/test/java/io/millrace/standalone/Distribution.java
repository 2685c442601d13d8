package io.millrace.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testing.ChildProcess;
import io.millrace.testing.FreePort;
import io.millrace.testing.Patience;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.core.ConditionTimeoutException;

/** The built distribution, as every module beside it finds it, on ports and data of its own, run as people run it: as a process. */
public final class Distribution implements AutoCloseable {
    public static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Path JAR = Path.of("..", "standalone", "target", "quarkus-app", "quarkus-run.jar").toAbsolutePath().normalize();

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<ChildProcess> children = new ArrayList<>();
    private final Map<String, String> environment;
    private final int httpPort;

    public Distribution(Path data) {
        this(data, Map.of());
    }

    /** With settings of its own, named as in the environment. */
    public Distribution(Path data, Map<String, String> settings) {
        httpPort = FreePort.any();
        environment = new HashMap<>(settings);
        environment.put("MILLRACE_DATA", data.toString());
        environment.put("MILLRACE_HTTP_PORT", Integer.toString(httpPort));
        environment.put("MILLRACE_KAFKA_PORT", Integer.toString(FreePort.any()));
    }

    public String url() {
        return "http://127.0.0.1:" + httpPort;
    }

    public Map<String, String> environment() {
        return environment;
    }

    /** Starts the server and returns when it is ready. */
    public ChildProcess serve() {
        var server = run();
        try {
            Patience.await("readiness").atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).until(() -> isReady() || !server.isAlive());
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("the server did not become ready: " + server.output() + server.errors(), e);
        }
        assertThat(server.isAlive()).as(() -> "the server ended: " + server.output() + server.errors()).isTrue();
        return server;
    }

    /** Runs a command of the command line, or without arguments the server, without waiting for it. */
    public ChildProcess run(String... arguments) {
        List<String> all = new ArrayList<>(List.of("-Xmx768m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-jar", JAR.toString()));
        all.addAll(List.of(arguments));
        var child = ChildProcess.java(all, environment);
        children.add(child);
        return child;
    }

    /** Runs a command to its end and returns what it printed; it must end with {@code exitCode}. */
    public String say(int exitCode, String... arguments) {
        var command = run(arguments);
        assertThat(command.exitCode(PATIENCE)).as(() -> command.output() + command.errors()).isEqualTo(exitCode);
        return command.output() + command.errors();
    }

    public boolean isReady() {
        try {
            var question = HttpRequest.newBuilder(URI.create(url() + "/q/health/ready")).timeout(Duration.ofSeconds(5)).build();
            return http.send(question, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        children.forEach(ChildProcess::close);
    }
}

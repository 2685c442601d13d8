package io.millrace.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * A program that a test runs as a process of its own, so that it can be killed as the world kills programs. What it prints is kept in
 * files; it is only ever stopped by its own pid, and at the latest by {@link #close()}.
 */
public final class ChildProcess implements AutoCloseable {
    private final Process process;
    private final Path out;
    private final Path err;

    private ChildProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /** Starts a command with {@code environment} added to this process's own. */
    public static ChildProcess start(List<String> command, Map<String, String> environment) {
        try {
            Path out = Files.createTempFile("child", ".out");
            Path err = Files.createTempFile("child", ".err");
            var builder = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
            builder.environment().putAll(environment);
            return new ChildProcess(builder.start(), out, err);
        } catch (IOException e) {
            throw new UncheckedIOException("unable to start " + command.get(0), e);
        }
    }

    /** Starts this JVM's own java with {@code arguments}. */
    public static ChildProcess java(List<String> arguments, Map<String, String> environment) {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(arguments);
        return start(command, environment);
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** What it has printed so far. */
    public String output() {
        return read(out);
    }

    /** What it has printed so far to its error output. */
    public String errors() {
        return read(err);
    }

    public ChildProcess awaitOutput(String text, Duration patience) {
        Awaitility.await("output of " + pid() + " to contain " + text).atMost(patience).until(() -> output().contains(text) || !isAlive());
        if (!output().contains(text)) {
            throw new AssertionError("process ended with " + process.exitValue() + " without printing " + text + ":\n" + output() + errors());
        }
        return this;
    }

    /** SIGTERM. */
    public void terminate() {
        process.destroy();
    }

    /** SIGKILL: no hook runs, nothing is flushed. Returns when it is dead. */
    public void kill() {
        process.destroyForcibly();
        exitCode(Duration.ofSeconds(30));
    }

    /** Any other signal by its name, such as {@code STOP} and {@code CONT}. */
    public void signal(String name) {
        try {
            if (new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start().waitFor() != 0) {
                throw new IllegalStateException("unable to signal " + pid() + " with " + name);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("unable to signal " + pid() + " with " + name, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for its end; 128 and the signal's number when a signal ended it. */
    public int exitCode(Duration patience) {
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("process still runs after " + patience.toSeconds() + " s:\n" + output() + errors());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("unable to wait for " + pid(), e);
        }
    }

    @Override
    public void close() {
        if (isAlive()) {
            kill();
        }
        try {
            Files.deleteIfExists(out);
            Files.deleteIfExists(err);
        } catch (IOException e) {
            throw new UncheckedIOException("unable to remove what a process printed", e);
        }
    }

    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("unable to read what a process printed", e);
        }
    }
}

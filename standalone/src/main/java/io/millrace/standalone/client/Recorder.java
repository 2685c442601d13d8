package io.millrace.standalone.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.guarantee.RecordedFrame;
import io.millrace.guarantee.Recording;
import io.millrace.standalone.CannotStart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** Records what every connection of a client sends and gets, for {@code check}; tokens stay out (SEC-5). Used on the event loop only. */
public final class Recorder implements AutoCloseable {
    private final UnaryOperator<String> fileOf;
    private final Map<String, Recording> files = new HashMap<>();

    private Recorder(UnaryOperator<String> fileOf) {
        this.fileOf = fileOf;
    }

    public static Recorder none() {
        return new Recorder(path -> null);
    }

    /** Everything into one file; null records nothing. */
    public static Recorder file(Path file) {
        return new Recorder(path -> file == null ? null : file.toString());
    }

    /** A file for each kind of socket; null records nothing. */
    public static Recorder directory(Path directory) {
        return new Recorder(path -> directory == null ? null : directory.resolve(path.replaceAll(".*/", "") + ".jsonl").toString());
    }

    /** A new connection to {@code path}. */
    Tape open(String path, String sender) {
        String file = fileOf.apply(path);
        var tape = new Tape(file == null ? null : files.computeIfAbsent(file, Recorder::begin), sender + "-" + UUID.randomUUID());
        tape.write(tape.file == null ? null : RecordedFrame.opened(Instant.now(), tape.connection, sender));
        return tape;
    }

    private static Recording begin(String file) {
        try {
            return Recording.to(Path.of(file));
        } catch (IOException e) {
            throw new CannotStart("unable to record; " + file + " cannot be written", e);
        }
    }

    @Override
    public void close() {
        files.values().forEach(file -> {
            try {
                file.close();
            } catch (IOException e) {
                throw new UncheckedIOException("unable to end a recording", e);
            }
        });
    }

    /** The recording of one connection. */
    static final class Tape {
        private final Recording file;
        private final String connection;

        private Tape(Recording file, String connection) {
            this.file = file;
            this.connection = connection;
        }

        void sent(byte[] frame) {
            if (file != null) {
                JsonNode sent = Recording.frame(new String(frame, StandardCharsets.UTF_8));
                if (!sent.has("token")) {
                    write(RecordedFrame.sent(Instant.now(), connection, sent));
                }
            }
        }

        void got(String frame) {
            if (file != null) {
                write(RecordedFrame.got(Instant.now(), connection, Recording.frame(frame)));
            }
        }

        void closed(Short code) {
            if (file != null) {
                write(RecordedFrame.closed(Instant.now(), connection, code == null ? 1006 : code));
            }
        }

        private void write(RecordedFrame frame) {
            if (file != null) {
                file.write(frame);
            }
        }
    }
}

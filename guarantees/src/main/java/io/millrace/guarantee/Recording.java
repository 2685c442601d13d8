package io.millrace.guarantee;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.contract.json.Json;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A file of recorded frames, one JSON object a line, in the order they came and went. Written as they do, so that what a killed client
 * had written counts. Any thread may write.
 */
public final class Recording implements AutoCloseable {
    private final BufferedWriter out;

    private Recording(BufferedWriter out) {
        this.out = out;
    }

    /** Appends to the file if there is one. */
    public static Recording to(Path file) throws IOException {
        if (file.toAbsolutePath().getParent() != null) {
            Files.createDirectories(file.toAbsolutePath().getParent());
        }
        return new Recording(Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
    }

    /** A last line that breaks off is passed over: its writer was killed. */
    public static List<RecordedFrame> read(Path file) throws IOException {
        List<RecordedFrame> frames = new ArrayList<>();
        try (BufferedReader in = Files.newBufferedReader(file)) {
            int number = 0;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                number++;
                try {
                    frames.add(Json.MAPPER.readValue(line, RecordedFrame.class));
                } catch (IOException | IllegalArgumentException e) {
                    if (in.ready()) {
                        throw new IOException("line " + number + " of " + file + " is no recorded frame", e);
                    }
                }
            }
        }
        return frames;
    }

    public synchronized void write(RecordedFrame frame) {
        try {
            out.write(Json.MAPPER.writeValueAsString(frame));
            out.newLine();
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("unable to record a frame", e);
        }
    }

    /** A frame's JSON; what is none is recorded as text. */
    public static JsonNode frame(String json) {
        try {
            return Json.MAPPER.readTree(json);
        } catch (IOException e) {
            return Json.MAPPER.valueToTree(json);
        }
    }


    @Override
    public synchronized void close() throws IOException {
        out.close();
    }
}

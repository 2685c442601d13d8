package io.millrace.standalone.failures;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.millrace.contract.json.Json;
import io.millrace.contract.record.Cause;
import io.millrace.contract.record.Failure;
import io.millrace.standalone.replay.check.Shown;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Failures as people read them; whatever strangers wrote is made fit for a terminal. */
public final class FailureText {
    private static final List<String> HEADINGS = List.of("WHEN", "SENDER", "ROOM", "ID", "CODE", "ATTEMPTS");
    private static final int SHOWN_BYTES = 1024;

    private final DateTimeFormatter clock;

    public FailureText(ZoneId zone) {
        clock = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(zone);
    }

    /** A line for each, under a line of headings, every column as wide as it must be. */
    public List<String> table(List<StoredFailure> failures) {
        List<List<String>> rows = new ArrayList<>(List.of(HEADINGS));
        failures.forEach(stored -> rows.add(List.of(when(stored.at()), shown(stored.sender()), shown(stored.room()), shown(stored.id()), stored.code(),
                Integer.toString(stored.attempts().size()))));
        var widths = IntStream.range(0, HEADINGS.size()).map(column -> rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0)).toArray();
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    /** Everything that is known of one. */
    public List<String> whole(StoredFailure stored) {
        List<String> lines = new ArrayList<>();
        Failure failure = stored.failure();
        lines.add("id        " + shown(stored.id()));
        lines.add("when      " + when(stored.at()));
        lines.add("sender    " + shown(stored.sender()));
        if (stored.isUndecodable()) {
            lines.add("cause     nothing could decode it: it cannot be sent again");
            lines.add("value     " + bytes(failure.undecodable() == null ? null : failure.undecodable().value()));
            return lines;
        }
        lines.add("room      " + shown(failure.room()));
        lines.add("lane      " + failure.lane().wireName() + " of session " + shown(failure.session()) + (failure.laneSeq() == null ? "" : ", laneSeq " + failure.laneSeq()));
        lines.add("cause     " + said(failure.cause()));
        stored.attempts().forEach(attempt -> lines.add("attempt " + attempt.attempt() + " " + when(attempt.at()) + " " + said(attempt.cause())));
        lines.add("message");
        json(failure.message()).lines().forEach(line -> lines.add("  " + Shown.harmless(line)));
        return lines;
    }

    private String when(Instant at) {
        return clock.format(at);
    }

    private static String said(Cause cause) {
        return cause.code() + (cause.reason() == null ? "" : " (" + Shown.harmless(cause.reason()) + ")") + (cause.message() == null ? "" : ", " + Shown.harmless(cause.message()));
    }

    private static String shown(String text) {
        return text == null ? "-" : Shown.harmless(text);
    }

    private static String bytes(byte[] value) {
        if (value == null) {
            return "(none)";
        }
        var shown = new String(value, 0, Math.min(value.length, SHOWN_BYTES), UTF_8);
        return Shown.harmless(shown) + (value.length > SHOWN_BYTES ? "… (" + value.length + " bytes)" : "");
    }

    private static String json(Object value) {
        try {
            return Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value); // what is no line of it has its line breaks escaped
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("unable to show a message; " + e.getOriginalMessage(), e);
        }
    }

    private static String line(List<String> row, int[] widths) {
        var line = new StringBuilder();
        for (int column = 0; column < row.size(); column++) {
            line.append(row.get(column)).append(" ".repeat(widths[column] - row.get(column).length() + 2));
        }
        return line.toString().stripTrailing();
    }
}

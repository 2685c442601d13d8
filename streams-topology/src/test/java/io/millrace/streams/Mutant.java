package io.millrace.streams;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** One planted mistake: a text of a production source, which must stand there exactly once, and what stands there instead. */
record Mutant(String mistake, String source, String text, String instead) {
    private static final Path SOURCES = Path.of("src/main/java/io/millrace/streams");

    static final List<Mutant> ALL = List.of(
            new Mutant("a hole is passed at once", "lane/queue/LaneQueue",
                    "state = state.head(new Head.Missing(message.arrivedAt()));", "state = state.next(message.position()); advance(message.arrivedAt());"),
            new Mutant("a latecomer goes on instead of being overtaken", "lane/queue/LaneQueue",
                    "if (isLate(message.position())) {", "if (isLate(message.position())) { outlet.handOn(message, List.of()); } else if (isLate(message.position())) {"),
            new Mutant("past a hole the last goes first", "lane/queue/LaneQueue",
                    "state = state.next(waiting.firstPosition()).head(Head.OPEN);",
                    "state = state.next(waiting.all().get(waiting.all().size() - 1).position()).head(Head.OPEN);"),
            new Mutant("a retry is not counted", "lane/queue/LaneQueue",
                    "var failed = with(before, cause, now);", "var failed = with(List.of(), cause, now);"),
            new Mutant("a refusal is tried again", "lane/queue/LaneQueue",
                    "if (cause.retryable() && failed.size()", "if (failed.size()"),
            new Mutant("fail-rest is ignored", "lane/queue/LaneQueue",
                    "if (settings.onFinalFailure() == OnFinalFailure.FAIL_REST) {", "if (settings.limit() < 0) {"),
            new Mutant("a lane holds without limit", "lane/queue/LaneQueue",
                    "} else if (state.waiting() >= settings.limit()) {", "} else if (settings.limit() < 0) {"),
            new Mutant("a message that found its lane full does not use up its place", "lane/queue/LaneQueue",
                    "state = message.isCounted() ? state.usedUp(message.position()) : state;", ""),
            new Mutant("the resend of a held message fails", "lane/queue/LaneQueue",
                    "if (holder.isSameAs(message)) {", "if (holder == null) {"),
            new Mutant("what has to wait is not kept", "lane/StoredWaiting",
                    "store.put(LaneKey.at(lane, fresh.position()), encode(fresh));", ""),
            new Mutant("uploads are not waited for", "lane/Uploads",
                    "return missing.isEmpty() ? otherwise : new Need.Uploads(missing);", "return otherwise;"),
            new Mutant("a failed upload is taken for a good one", "lane/Uploads",
                    "} else if (outcome[0] == FAILED) {", "} else if (outcome.length == 0) {"),
            new Mutant("a duplicate gets a second entry", "room/RoomProcessor",
                    "if (known.isPresent()) {", "if (known.isPresent() && known.get().event().seq() == null) {"),
            new Mutant("a failed message is judged again", "room/RoomProcessor",
                    "if (known.isPresent()) {", "if (known.isPresent() && known.get().event().seq() != null) {"),
            new Mutant("an outcome is forgotten", "room/RoomProcessor",
                    "stores.keep(accepted, ruling.event());", ""),
            new Mutant("a terminal event is written twice", "room/RoomProcessor",
                    "var value = topics.syncEvents().encode(event);", "var value = topics.syncEvents().encode(event);"
                    + "context.forward(outgoing.record(topics.syncEvents(), accepted.sender(), value, id, event.at(), trace), RoomSequencer.EVENTS);"),
            new Mutant("a failure is not written down", "room/RoomProcessor",
                    "if (ruling instanceof Ruling.Failed failed) {", "if (ruling instanceof Ruling.Failed failed && failed.event().seq() != null) {"),
            new Mutant("a room does not remember its head", "room/RoomProcessor",
                    "stores.keep(name, room.next());", ""),
            new Mutant("a moderator may not edit", "room/RoomJudge", "accepted.moderator() || ", ""),
            new Mutant("anybody may edit", "room/RoomJudge", "|| author.get().equals(accepted.sender())", "|| author.isPresent()"),
            new Mutant("every seventh seq is skipped", "room/RoomSequence", "seq + 1", "seq + 1 + seq % 7 / 6"),
            new Mutant("an epoch is drawn by lot", "room/RoomSequence", "first.offset() + '\\n'", "System.nanoTime() + '\\n'"));

    String className() {
        return "io.millrace.streams." + source.replace('/', '.');
    }

    /** The source with the mistake in it; fails when the text is not there any more, so that no mutant outlives what it changes. */
    String code() {
        var code = read(SOURCES.resolve(source + ".java"));
        int at = code.indexOf(text);
        if (at < 0 || code.indexOf(text, at + 1) >= 0) {
            throw new AssertionError("unable to plant \"" + mistake + "\"; " + source + " must have this once: " + text);
        }
        return code.replace(text, instead);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.millrace.standalone.replay;

import io.millrace.contract.frame.ServerFrame;
import io.millrace.contract.record.SyncEvent;
import io.millrace.contract.record.SyncState;
import io.millrace.standalone.replay.check.Quantiles;
import io.millrace.standalone.replay.day.Day;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What became of each message of a day, and when. Written on the event loop; the counts may be read from anywhere:
 * messages = already there + sent, and in the end sent = synced + failed.
 */
final class Ledger {
    private final Map<String, Integer> indexes = new HashMap<>();
    private final Line[] lines;
    private final List<String> failures = new ArrayList<>();
    private volatile Counts counts = new Counts(0, 0, 0, 0, 0, 0, 0);

    Ledger(Day day) {
        lines = new Line[day.messages().size()];
        for (int i = 0; i < lines.length; i++) {
            lines[i] = new Line(day.lines().get(i).line());
            indexes.put(day.messages().get(i).id(), i);
        }
    }

    /** How many messages have come how far; {@code resent} counts sends, all others count messages. */
    record Counts(int alreadyThere, int sent, int resent, int accepted, int synced, int failed, int delivered) {
        /** Grows whenever something was achieved; sending alone achieves nothing. */
        int achieved() {
            return alreadyThere + accepted + synced + failed + delivered;
        }

        Counts plus(Counts other) {
            return new Counts(alreadyThere + other.alreadyThere, sent + other.sent, resent + other.resent, accepted + other.accepted, synced + other.synced,
                    failed + other.failed, delivered + other.delivered);
        }
    }

    /** The time each step took, for the messages of this run that took it. */
    record Steps(Quantiles accepted, Quantiles synced, Quantiles delivered) {
    }

    Counts counts() {
        return counts;
    }

    List<String> failures() {
        return failures;
    }

    /** Entries that stand in the room before this run sends anything: they need not be sent again. */
    void alreadyThere(String id) {
        Line line = line(id);
        if (line != null && !line.known) {
            line.known = true;
            counts = counts.plus(new Counts(1, 0, 0, 0, 0, 0, 0));
        }
    }

    boolean isAlreadyThere(int index) {
        return lines[index].known;
    }

    void sent(String id, boolean again) {
        Line line = line(id);
        counts = counts.plus(new Counts(0, line.sentAt == 0 ? 1 : 0, line.sentAt == 0 ? 0 : 1, 0, 0, 0, 0));
        if (!again) {
            line.sentAt = System.nanoTime();
        }
    }

    void accepted(String id) {
        Line line = line(id);
        if (line.acceptedAt == 0) {
            line.acceptedAt = System.nanoTime();
            counts = counts.plus(new Counts(0, 0, 0, 1, 0, 0, 0));
        }
    }

    void ended(String id, SyncEvent event) {
        Line line = line(id);
        if (line.endedAt != 0) {
            return;
        }
        line.endedAt = System.nanoTime();
        line.synced = event.state() == SyncState.SYNCED;
        counts = counts.plus(new Counts(0, 0, 0, 0, line.synced ? 1 : 0, line.synced ? 0 : 1, 0));
        if (!line.synced) {
            failures.add("line " + line.number + " failed: " + event.cause());
        }
    }

    void refused(String id, ServerFrame.Error error) {
        Line line = line(id);
        line.endedAt = System.nanoTime();
        counts = counts.plus(new Counts(0, 0, 0, 0, 0, 1, 0));
        failures.add("line " + line.number + " was refused: " + error.code() + ", " + error.message());
    }

    void delivered(String id) {
        Line line = line(id);
        if (line != null && !line.known && line.deliveredAt == 0) {
            line.deliveredAt = System.nanoTime();
            counts = counts.plus(new Counts(0, 0, 0, 0, 0, 0, 1));
        }
    }

    /** Every message has its final word, and what was confirmed has been delivered too. */
    boolean isSettled() {
        var now = counts;
        return now.alreadyThere + now.synced + now.failed == lines.length && now.delivered >= now.synced;
    }

    Steps steps() {
        var steps = new Steps(new Quantiles(), new Quantiles(), new Quantiles());
        for (Line line : lines) {
            add(steps.accepted, line.sentAt, line.acceptedAt);
            add(steps.synced, line.acceptedAt, line.synced ? line.endedAt : 0);
            add(steps.delivered, line.sentAt, line.deliveredAt);
        }
        return steps;
    }

    private Line line(String id) {
        Integer index = indexes.get(id);
        return index == null ? null : lines[index];
    }

    private static void add(Quantiles step, long from, long to) {
        if (from != 0 && to != 0) {
            step.add(to - from);
        }
    }

    /** Moments in nanoseconds of the system's own clock, 0 for not yet. */
    private static final class Line {
        private final int number;
        private boolean known;
        private boolean synced;
        private long sentAt;
        private long acceptedAt;
        private long endedAt;
        private long deliveredAt;

        private Line(int number) {
            this.number = number;
        }
    }
}

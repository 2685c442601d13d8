package io.millrace.standalone.replay;

import io.millrace.standalone.replay.Replay.Outcome;
import io.millrace.standalone.replay.check.Quantiles;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** What a replay prints in the end: the differences, if there are any, then how many messages came how far and how long each step took. */
final class ReplayReport {
    private static final int MOST_DIFFERENCES = 20;

    private final PrintStream out;

    ReplayReport(PrintStream out) {
        this.out = out;
    }

    void print(List<Outcome> outcomes) {
        outcomes.forEach(this::differences);
        rooms(outcomes);
        steps(outcomes);
        long equal = outcomes.stream().filter(Outcome::isEqual).count();
        out.println(equal == outcomes.size() ? "Equal: every room's log is its file, message for message, byte for byte."
                : "NOT EQUAL: " + (outcomes.size() - equal) + " of " + outcomes.size() + " rooms differ from their files.");
    }

    private void differences(Outcome outcome) {
        var day = outcome.room().day();
        if (!day.oddLines().isEmpty()) {
            out.println(day.room() + ": " + day.oddLines().size() + " lines of the file are no messages and were left out, the first is line " + day.oddLines().get(0));
        }
        list(day.room() + ", failed", outcome.room().ledger().failures());
        list(day.room() + ", as received", outcome.live());
        list(day.room() + ", as kept", outcome.kept());
    }

    private void list(String title, List<?> found) {
        if (found.isEmpty()) {
            return;
        }
        out.println(title + " (" + found.size() + "):");
        found.stream().limit(MOST_DIFFERENCES).forEach(difference -> out.println("  " + difference));
        if (found.size() > MOST_DIFFERENCES) {
            out.println("  … and " + (found.size() - MOST_DIFFERENCES) + " more");
        }
    }

    private void rooms(List<Outcome> outcomes) {
        out.println();
        out.println(row("room", "messages", "already there", "sent", "accepted", "synced", "delivered", "result"));
        var total = new Ledger.Counts(0, 0, 0, 0, 0, 0, 0);
        int messages = 0;
        for (Outcome outcome : outcomes) {
            var room = outcome.room();
            out.println(row(room.day().room(), room.day().messages().size(), room.ledger().counts(), outcome.isEqual() ? "equal" : "NOT EQUAL"));
            total = total.plus(room.ledger().counts());
            messages += room.day().messages().size();
        }
        if (outcomes.size() > 1) {
            out.println(row("all", messages, total, ""));
        }
        if (total.resent() > 0) {
            out.println("Sent again after a lost connection or a refusal: " + total.resent());
        }
    }

    private void steps(List<Outcome> outcomes) {
        var all = new Ledger.Steps(new Quantiles(), new Quantiles(), new Quantiles());
        outcomes.stream().map(outcome -> outcome.room().ledger().steps()).forEach(room -> {
            all.accepted().addAll(room.accepted());
            all.synced().addAll(room.synced());
            all.delivered().addAll(room.delivered());
        });
        if (all.delivered().count() > 0) {
            out.println();
            out.println("%-24s %10s %10s %10s".formatted("milliseconds", "p50", "p99", "slowest"));
            step("send to accepted", all.accepted());
            step("accepted to synced", all.synced());
            step("send to delivered", all.delivered());
        }
        out.println();
    }

    private void step(String name, Quantiles times) {
        out.println(String.format(Locale.ROOT, "%-24s %10.1f %10.1f %10.1f", name, times.millis(0.5), times.millis(0.99), times.millis(1)));
    }

    private static String row(String room, int messages, Ledger.Counts counts, String result) {
        return row(room, messages, counts.alreadyThere(), counts.sent(), counts.accepted(), counts.synced(), counts.delivered(), result);
    }

    private static String row(Object... columns) {
        return "%-24s %9s %14s %7s %9s %7s %10s  %s".formatted(columns);
    }
}

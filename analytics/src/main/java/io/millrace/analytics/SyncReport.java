package io.millrace.analytics;

import io.millrace.contract.record.AcceptedMessage;
import io.millrace.contract.record.SyncEvent;
import io.millrace.contract.record.SyncState;
import io.millrace.contract.topic.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What became of all messages that the topics still hold: how many synced, how many failed and why, and how long it took from acceptance to
 * the final word. A message is one whatever is repeated: it is known by sender, room and id (MSG-2).
 */
public final class SyncReport {
    private final Map<Name, Instant> accepted = new HashMap<>();
    private final Map<Name, SyncEvent> ended = new HashMap<>();

    private record Name(String sender, String room, String id) {
    }

    public static void main(String... args) {
        var topics = Topics.of(Topics.DEFAULT_PREFIX, Topics.DEFAULT_PARTITIONS, Topics.DEFAULT_LOG_RETENTION);
        var report = new SyncReport();
        try (var reader = new CommittedReader(args[0])) {
            reader.read(topics.syncEvents(), report::take); // first what ended: whatever ended was accepted before
            reader.read(topics.text(), report::take);
            reader.read(topics.media(), report::take);
        }
        System.out.print(report.text());
    }

    /** States that are not final say nothing here; a final one that is repeated is the same again (SYN-2). */
    void take(String sender, SyncEvent event) {
        if (event.state().isTerminal()) {
            ended.putIfAbsent(new Name(sender, event.room(), event.id()), event);
        }
    }

    /** The first time counts: a message that a client sent again was accepted then. */
    void take(String sender, AcceptedMessage message) {
        accepted.merge(new Name(sender, message.message().room(), message.message().id()), message.at(), (a, b) -> a.isBefore(b) ? a : b);
    }

    String text() {
        long failed = ended.values().stream().filter(event -> event.state() == SyncState.FAILED).count();
        var text = new StringBuilder();
        line(text, "accepted", accepted.size());
        line(text, "synced", ended.size() - failed);
        line(text, "failed", failed);
        causes().forEach((code, count) -> line(text, "  " + code, count));
        line(text, "on their way", accepted.keySet().stream().filter(name -> !ended.containsKey(name)).count());
        text.append(String.format("failure rate %.2f %%%n", ended.isEmpty() ? 0 : 100.0 * failed / ended.size()));
        List<Duration> times = times();
        return times.isEmpty() ? text.toString() : text.append(String.format("from acceptance to synced: half within %d ms, 99 of 100 within %d ms%n",
                quantile(times, 50).toMillis(), quantile(times, 99).toMillis())).toString();
    }

    private Map<String, Long> causes() {
        Map<String, Long> causes = new TreeMap<>();
        ended.values().stream().filter(event -> event.state() == SyncState.FAILED).forEach(event -> causes.merge(event.cause().code().name(), 1L, Long::sum));
        return causes;
    }

    private List<Duration> times() {
        List<Duration> times = new ArrayList<>();
        accepted.forEach((name, at) -> {
            SyncEvent event = ended.get(name);
            if (event != null && event.state() == SyncState.SYNCED) {
                times.add(Duration.between(at, event.at()));
            }
        });
        Collections.sort(times);
        return times;
    }

    private static Duration quantile(List<Duration> sorted, int percent) {
        return sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
    }

    private static void line(StringBuilder text, String what, long count) {
        text.append(String.format("%-20s %7d%n", what, count));
    }
}

package io.millrace.guarantee;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.contract.json.Json;
import io.millrace.contract.record.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Judges a whole history: the topics against each other, and what clients recorded against the topics. Each violation is named; none means
 * that every promise was kept as far as the history shows. Pure; one thread.
 */
public final class HistoryCheck {
    private final LogCheck log;
    private final FinalWords words;
    private final boolean complete;

    /** {@code complete}: whoever was still connected when its recording ends had been told everything that stands in the log. */
    public HistoryCheck(LogCheck log, FinalWords words, boolean complete) {
        this.log = log;
        this.words = words;
        this.complete = complete;
    }

    public List<Violation> violations(List<RecordedFrame> recorded) {
        List<Violation> found = new ArrayList<>(log.violations());
        found.addAll(words.against(log));
        found.addAll(accepted(recorded));
        var subscriptions = Subscriptions.of(recorded);
        if (complete) {
            subscriptions.unended().forEach(subscription -> subscription.upTo(Math.max(subscription.attach(), end(subscription))));
        }
        subscriptions.all().forEach(subscription -> {
            found.addAll(subscription.violations());
            found.addAll(contents(subscription));
        });
        return found;
    }

    /** Where the log ends that the subscription reads; 0 if it is not this one. */
    private long end(Subscription subscription) {
        return subscription.hasEpoch(log.epoch(subscription.room())) ? log.head(subscription.room()) : 0;
    }

    /** A client is given what the log says, to the last field. Rooms the log does not know were not read: nothing is said about them. */
    private List<Violation> contents(Subscription subscription) {
        List<Violation> found = new ArrayList<>();
        subscription.contents().forEach((seq, content) -> {
            var line = log.line(subscription.room(), subscription.epoch(), seq);
            if (line.isEmpty() && !log.mayBeTrimmed(subscription.room(), subscription.epoch(), seq)) {
                found.add(new Violation("SameContent", subscription.room() + " on " + subscription.connection(), "seq " + seq + " was given and does not stand in the log"));
            } else if (line.isPresent() && line.get().content() != LogCheck.Line.hash(entry(content))) {
                found.add(new Violation("SameContent", subscription.room() + " on " + subscription.connection(), "seq " + seq + " was given with another content"));
            }
        });
        return found;
    }

    /** What was accepted has its final word (ING-2). */
    private List<Violation> accepted(List<RecordedFrame> recorded) {
        Map<String, String> senders = new HashMap<>();
        Map<String, String> rooms = new HashMap<>();
        List<Violation> found = new ArrayList<>();
        for (RecordedFrame frame : recorded) {
            if (frame.sender() != null) {
                senders.put(frame.connection(), frame.sender());
            } else if (frame.isSent("send")) {
                rooms.put(frame.connection() + '\n' + frame.sent().path("id").asText(), frame.sent().path("room").asText());
            } else if (frame.isGot("accepted")) {
                String id = frame.got().path("id").asText();
                String room = rooms.get(frame.connection() + '\n' + id);
                if (room != null && complete && words.of(senders.get(frame.connection()), room, id).isEmpty()) {
                    found.add(new Violation("NothingLost", room, "message " + id + " was accepted and has no final word"));
                }
            }
        }
        return found;
    }

    private static Entry entry(JsonNode content) {
        try {
            return Json.MAPPER.treeToValue(content, Entry.class);
        } catch (JsonProcessingException e) {
            return null;
        }
    }
}

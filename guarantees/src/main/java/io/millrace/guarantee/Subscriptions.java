package io.millrace.guarantee;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.guarantee.RoomTranscript.Entry;
import io.millrace.guarantee.RoomTranscript.Gap;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Cuts recorded frames into subscriptions: what one connection was told about one room from one {@code subscribed} on, and from which seq on
 * it had to be told everything. What a cursor stands for is known from the frame that brought it. Pure; frames come in recorded order.
 */
final class Subscriptions {
    private final Map<String, Place> cursors = new HashMap<>();
    private final Map<String, String> asked = new HashMap<>();
    private final Map<String, Subscription> current = new LinkedHashMap<>();
    private final List<Subscription> all = new ArrayList<>();
    private final Map<String, String> senders = new HashMap<>();
    private final Set<String> readers = new HashSet<>();

    /** Where a cursor stands. */
    private record Place(String epoch, long seq) {
    }

    static Subscriptions of(List<RecordedFrame> frames) {
        var subscriptions = new Subscriptions();
        frames.forEach(subscriptions::take);
        return subscriptions;
    }

    List<Subscription> all() {
        return all;
    }

    /** What was still going on when the recording ended. */
    Collection<Subscription> unended() {
        return current.values();
    }

    private void take(RecordedFrame frame) {
        if (frame.sender() != null) {
            senders.put(frame.connection(), frame.sender());
        } else if (frame.isSent("subscribe")) {
            asked.put(frame.connection() + '\n' + frame.sent().path("ref"), frame.sent().path("cursor").asText(""));
        } else if (frame.isSent("unsubscribe")) {
            current.remove(key(frame, frame.sent()));
        } else if (frame.closed() != null) {
            current.keySet().removeIf(key -> key.startsWith(frame.connection() + '\n'));
        } else if (frame.got() != null) {
            got(frame, frame.got());
        }
    }

    private void got(RecordedFrame frame, JsonNode got) {
        switch (got.path("op").asText()) {
            case "subscribed" -> subscribed(frame, got);
            case "message" -> {
                note(frame, got, got.path("cursor").asText(), got.path("epoch").asText());
                told(frame, got).ifPresent(subscription -> entry(frame, subscription, got));
            }
            case "discontinuity" -> told(frame, got).ifPresent(subscription -> gap(frame, subscription, RoomTranscript.gap(got)));
            case "caughtUp" -> told(frame, got).ifPresent(subscription -> subscription.upTo(got.path("seq").asLong()));
            case "heads" -> got.path("rooms").fields().forEachRemaining(head ->
                    Optional.ofNullable(current.get(frame.connection() + '\n' + head.getKey())).ifPresent(subscription -> subscription.upTo(head.getValue().asLong())));
            case "history" -> got.path("items").forEach(item -> note(frame, item, item.path("cursor").asText(), got.path("epoch").asText()));
            default -> { }
        }
    }

    private void note(RecordedFrame frame, JsonNode placed, String cursor, String epoch) {
        cursors.put(own(frame, cursor), new Place(epoch, placed.path("seq").asLong()));
    }

    private void subscribed(RecordedFrame frame, JsonNode got) {
        long attach = got.path("seq").asLong();
        String cursor = Optional.ofNullable(asked.get(frame.connection() + '\n' + got.path("ref"))).orElse("");
        boolean resumed = got.path("resumed").asBoolean();
        long otherwise = resumed ? attach - got.path("replayed").asLong() : Subscription.UNKNOWN;
        long seen = cursor.isEmpty() ? attach : Optional.ofNullable(cursors.get(own(frame, cursor))).map(Place::seq).orElse(otherwise);
        boolean returned = !readers.add(own(frame, got.path("room").asText()));
        var begun = new Subscription(got.path("room").asText(), frame.connection(), got.path("epoch").asText(null), seen, attach, !cursor.isEmpty() && !resumed);
        if (returned && !cursor.isEmpty() && !cursors.containsKey(own(frame, cursor))) {
            begun.comesFromNowhere();
        }
        begin(frame, begun.room(), begun);
        note(frame, got, got.path("cursor").asText(), got.path("epoch").asText(null));
    }

    private void begin(RecordedFrame frame, String room, Subscription begun) {
        current.put(frame.connection() + '\n' + room, begun);
        all.add(begun);
    }

    private void entry(RecordedFrame frame, Subscription subscription, JsonNode got) {
        var entry = new Entry(got.path("epoch").asText(), got.path("seq").asLong(), got.path("replay").asBoolean());
        if (!subscription.hasEpoch(entry.epoch())) {
            var anew = subscription.inEpoch(entry);
            begin(frame, subscription.room(), anew);
            anew.tell(entry, got.path("entry"));
        } else {
            subscription.tell(entry, got.path("entry"));
        }
    }

    private void gap(RecordedFrame frame, Subscription subscription, Gap gap) {
        subscription.tell(gap);
        if (gap.reason().equals("LOG_TRUNCATED") && !subscription.isJudged(gap)) {
            begin(frame, subscription.room(), subscription.cutAt(gap));
        }
    }

    /** Of this sender: a place is the same for all, but only its own reader was there. */
    private String own(RecordedFrame frame, String what) {
        return senders.get(frame.connection()) + '\n' + what;
    }

    private Optional<Subscription> told(RecordedFrame frame, JsonNode about) {
        return Optional.ofNullable(current.get(key(frame, about)));
    }

    private static String key(RecordedFrame frame, JsonNode about) {
        return frame.connection() + '\n' + about.path("room").asText();
    }
}

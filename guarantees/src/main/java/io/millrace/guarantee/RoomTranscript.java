package io.millrace.guarantee;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** What one client was told about one room, in order: entries and discontinuities, over any number of connections. */
public record RoomTranscript(String room, List<Told> told) {
    public RoomTranscript {
        told = List.copyOf(told);
    }

    public static RoomTranscript of(String room, List<JsonNode> frames) {
        List<Told> told = new ArrayList<>();
        for (JsonNode frame : frames) {
            if (!room.equals(frame.path("room").asText())) {
                continue;
            }
            switch (frame.path("op").asText()) {
                case "message" -> told.add(new Entry(frame.path("epoch").asText(), frame.path("seq").asLong(), frame.path("replay").asBoolean()));
                case "discontinuity" -> told.add(gap(frame));
                default -> { }
            }
        }
        return new RoomTranscript(room, told);
    }

    static Gap gap(JsonNode frame) {
        return new Gap(frame.path("reason").asText(), frame.path("from").asLong(), frame.path("to").asLong(), frame.path("lost").asLong());
    }

    public List<Entry> entries() {
        return told.stream().filter(Entry.class::isInstance).map(Entry.class::cast).toList();
    }

    public List<Gap> gaps() {
        return told.stream().filter(Gap.class::isInstance).map(Gap.class::cast).toList();
    }

    public List<Long> seqs() {
        return entries().stream().map(Entry::seq).toList();
    }

    /** This, then what the client was told on its next connection. */
    public RoomTranscript then(RoomTranscript next) {
        List<Told> both = new ArrayList<>(told);
        both.addAll(next.told);
        return new RoomTranscript(room, both);
    }

    /** One thing told. */
    public sealed interface Told {
    }

    public record Entry(String epoch, long seq, boolean replay) implements Told {
    }

    public record Gap(String reason, long from, long to, long lost) implements Told {
        boolean covers(long seq) {
            return from <= seq && seq <= to;
        }

        @Override
        public String toString() {
            return reason + " " + from + " to " + to;
        }
    }
}

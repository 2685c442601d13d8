package io.millrace.contract.frame;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.millrace.contract.history.LogAnswer;
import io.millrace.contract.history.LossAnswer;
import io.millrace.contract.json.Json;
import io.millrace.contract.message.Lane;
import io.millrace.contract.record.DiscontinuityReason;
import io.millrace.contract.record.Entry;
import io.millrace.contract.record.SyncEvent;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What a server says, one record per {@code op} (DEL-1, ING-2, ERR-1). */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "op")
@JsonSubTypes({
        @JsonSubTypes.Type(ServerFrame.Hello.class), @JsonSubTypes.Type(ServerFrame.Accepted.class), @JsonSubTypes.Type(ServerFrame.Error.class),
        @JsonSubTypes.Type(ServerFrame.Ok.class), @JsonSubTypes.Type(ServerFrame.Pong.class), @JsonSubTypes.Type(ServerFrame.Subscribed.class),
        @JsonSubTypes.Type(ServerFrame.MessageEntry.class), @JsonSubTypes.Type(ServerFrame.Sync.class), @JsonSubTypes.Type(ServerFrame.Gap.class),
        @JsonSubTypes.Type(ServerFrame.Lag.class), @JsonSubTypes.Type(ServerFrame.CaughtUp.class), @JsonSubTypes.Type(ServerFrame.Heads.class),
        @JsonSubTypes.Type(ServerFrame.HistoryPage.class), @JsonSubTypes.Type(ServerFrame.Continuity.class), @JsonSubTypes.Type(ServerFrame.Goodbye.class),
        @JsonSubTypes.Type(ServerFrame.Presence.class), @JsonSubTypes.Type(ServerFrame.Typing.class), @JsonSubTypes.Type(ServerFrame.Reaction.class),
        @JsonSubTypes.Type(ServerFrame.Occupancy.class), @JsonSubTypes.Type(ServerFrame.Read.class)})
public sealed interface ServerFrame {
    ObjectWriter WRITER = Json.MAPPER.writerFor(ServerFrame.class);

    /** The frame as UTF-8 JSON, without a newline. */
    default byte[] bytes() {
        try {
            return WRITER.writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("unable to write the frame; " + e.getOriginalMessage(), e);
        }
    }

    /** First on every socket; {@code pingMs}, {@code retentionMs} and {@code recoveryWindowMs} in milliseconds; the last two on delivery only. */
    @JsonTypeName("hello")
    record Hello(String connection, long pingMs, Long retentionMs, Long recoveryWindowMs, Map<String, Long> limits, String version) implements ServerFrame {
    }

    /** The message is durable on every in-sync replica (ING-2). */
    @JsonTypeName("accepted")
    record Accepted(JsonNode ref, String id, Lane lane, Long laneSeq) implements ServerFrame {
    }

    @JsonTypeName("error")
    record Error(JsonNode ref, String id, ErrorCode code, String message, boolean retryable, Long retryAfterMs) implements ServerFrame {
        public static Error of(ErrorCode code, String message, JsonNode ref) {
            return new Error(ref, null, code, message, code.retryable(), null);
        }
    }

    @JsonTypeName("ok")
    record Ok(JsonNode ref, List<String> unknown) implements ServerFrame {
    }

    @JsonTypeName("pong")
    record Pong(JsonNode ref) implements ServerFrame {
    }

    /** {@code seq} and {@code cursor} are the attach point (DEL-2); a room without entries has seq 0 and epoch null. */
    @JsonTypeName("subscribed")
    record Subscribed(JsonNode ref, String room, @JsonInclude(JsonInclude.Include.ALWAYS) String epoch, long seq, String cursor, boolean resumed,
                      long replayed) implements ServerFrame {
    }

    @JsonTypeName("message")
    record MessageEntry(String room, String epoch, long seq, String cursor, boolean replay, Entry entry) implements ServerFrame {
    }

    @JsonTypeName("sync")
    record Sync(JsonNode ref, @JsonUnwrapped SyncEvent event) implements ServerFrame {
    }

    /** {@code from} and {@code to} are inclusive; {@code recoverable}: all of it is still in history (CON-3). */
    @JsonTypeName("discontinuity")
    record Gap(String room, DiscontinuityReason reason, long from, long to, long lost, boolean recoverable, long oldestSeq) implements ServerFrame {
    }

    @JsonTypeName("lag")
    record Lag(String room, long behind) implements ServerFrame {
    }

    @JsonTypeName("caughtUp")
    record CaughtUp(String room, long seq) implements ServerFrame {
    }

    @JsonTypeName("heads")
    record Heads(Map<String, Long> rooms) implements ServerFrame {
    }

    /** {@code version}, {@code deleted}, {@code changed} and {@code reactions} stand in items of the view {@code latest} only (HIS-3). */
    @JsonTypeName("history")
    record HistoryPage(JsonNode ref, String room, @JsonInclude(JsonInclude.Include.ALWAYS) String epoch, List<Item> items, Map<String, Long> next,
                       boolean complete, Long trimmedBefore) implements ServerFrame {
        public record Item(long seq, String cursor, Long version, Boolean deleted, LogAnswer.Changed changed, Map<String, LogAnswer.ReactionCount> reactions,
                           Entry entry) {
            public static Item of(LogAnswer.Item kept, String cursor) {
                var latest = kept.latest();
                return latest == null ? new Item(kept.seq(), cursor, null, null, null, null, kept.entry())
                        : new Item(kept.seq(), cursor, latest.version(), latest.deleted(), latest.changed(), latest.reactions(), kept.entry());
            }
        }
    }

    /**
     * What a room's log holds and what of it clients were not given, by reason (CON-8); over HTTP only. {@code oldest} is the first seq that
     * history still has, past {@code seq} when it has none, 0 for a room without entries.
     */
    @JsonTypeName("continuity")
    record Continuity(String room, @JsonInclude(JsonInclude.Include.ALWAYS) String epoch, long seq, long oldest, Instant oldestAt, long retentionMs,
                      long recoveryWindowMs, List<LossAnswer.Loss> discontinuities) implements ServerFrame {
    }

    /** The pod goes away: reconnect after {@code reconnectAfterMs} (DEL-9). */
    @JsonTypeName("goodbye")
    record Goodbye(long reconnectAfterMs) implements ServerFrame {
    }

    /**
     * ROOM-1. {@code present}: the whole set, which replaces what the client had, in {@code members}; {@code total} counts those that are not
     * told too. Else one change: {@code member} and its {@code data}.
     */
    @JsonTypeName("presence")
    record Presence(String room, PresenceEvent event, String member, JsonNode data, List<Member> members, Integer total) implements ServerFrame {
        public static Presence present(String room, List<Member> members, int total) {
            return new Presence(room, PresenceEvent.PRESENT, null, null, members, total);
        }

        public static Presence change(String room, PresenceEvent event, Member member) {
            return new Presence(room, event, member.member(), member.data(), null, null);
        }

        public record Member(String member, JsonNode data) {
        }
    }

    /** ROOM-2: who types now; {@code more} counts those that are not named. */
    @JsonTypeName("typing")
    record Typing(String room, List<String> members, Integer more) implements ServerFrame {
    }

    @JsonTypeName("reaction")
    record Reaction(String room, String member, String name, Instant at) implements ServerFrame {
    }

    /** ROOM-4, over all pods: connections that are subscribed, members that are present. */
    @JsonTypeName("occupancy")
    record Occupancy(String room, int connections, int members) implements ServerFrame {
    }

    /** ROOM-5: how far members have read; {@code unread} counts the entries after that, up to the head as it was then. */
    @JsonTypeName("read")
    record Read(String room, List<Position> positions) implements ServerFrame {
        public record Position(String member, String epoch, long seq, long unread, Instant at) {
        }
    }
}

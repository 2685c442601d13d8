package io.millrace.standalone.failures;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.record.FailedAttempt;
import io.millrace.contract.record.Failure;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** A record of {@code chat.failures} with its place there (SYN-8). */
public record StoredFailure(int partition, long offset, Failure failure) {
    /** Stands where a message's failure has the code of its cause. */
    public static final String UNDECODABLE = "UNDECODABLE";
    /** Oldest first. */
    public static final Comparator<StoredFailure> BY_TIME = Comparator.comparing(StoredFailure::at).thenComparing(StoredFailure::partition).thenComparing(StoredFailure::offset);

    /** Every code a failure can be asked for by. */
    public static Set<String> codes() {
        Set<String> codes = new TreeSet<>(Set.of(UNDECODABLE));
        for (var code : ErrorCode.values()) {
            codes.add(code.name());
        }
        return codes;
    }

    /** The message's id; of what nothing could decode, where it stood: {@code topic/partition/offset}. */
    public String id() {
        var lost = failure.undecodable();
        return lost == null ? failure.id() : lost.topic() + "/" + lost.partition() + "/" + lost.offset();
    }

    public Instant at() {
        return failure.at();
    }

    /** Of what nothing could decode the record's key, which is where a sender stands; null if there is none. */
    public String sender() {
        var lost = failure.undecodable();
        return lost == null ? failure.sender() : lost.key() == null ? null : new String(lost.key(), UTF_8);
    }

    public String room() {
        return failure.room();
    }

    public String code() {
        return isUndecodable() || failure.cause() == null ? UNDECODABLE : failure.cause().code().name();
    }

    public List<FailedAttempt> attempts() {
        return failure.attempts() == null ? List.of() : failure.attempts();
    }

    public boolean isUndecodable() {
        return failure.message() == null;
    }
}

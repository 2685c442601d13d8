package io.millrace.streams.room;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.message.Lane;
import io.millrace.contract.record.Cause;
import io.millrace.contract.record.SyncEvent;
import io.millrace.contract.record.SyncState;
import io.millrace.streams.Written;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** SYN-2, LOG-4: what is kept of an id is enough to say its original event again, and its age is its own. */
class OutcomeTest {
    private static final Cause REFUSED = new Cause(ErrorCode.REFUSED, "no", false, "profanity");

    private static Outcome outcome(SyncState state, Long laneSeq, Cause cause, String epoch, Long seq) {
        return new Outcome(Written.START, new SyncEvent("m1", "lobby", "s1", Lane.MEDIA, laneSeq, state, 2, 4, null, cause, epoch, seq, Written.START.plusMillis(7)));
    }

    @Test
    void saysASyncedEventAgain() {
        var outcome = outcome(SyncState.SYNCED, 12L, null, "e1", 99L);
        assertThat(Outcome.of("lobby", "m1", outcome.toBytes())).isEqualTo(outcome);
    }

    @Test
    void saysAFailedEventAgain() {
        var outcome = outcome(SyncState.FAILED, null, REFUSED, null, null);
        assertThat(Outcome.of("lobby", "m1", outcome.toBytes())).isEqualTo(outcome);
    }

    @Test
    void coversTheWindowInBothDirections() {
        var outcome = outcome(SyncState.SYNCED, 1L, null, "e1", 1L);
        var window = Duration.ofHours(1);
        assertThat(outcome.covers(Written.START.plus(window), window)).isTrue();
        assertThat(outcome.covers(Written.START.minus(window), window)).isTrue();
        assertThat(outcome.covers(Written.START.plus(window).plusMillis(1), window)).isFalse();
    }

    @Test
    void namesAnEpochByWhereARoomBegan() {
        var epoch = RoomSequence.begin("lobby", new InboxPosition(3, 7), Written.START).epoch();
        assertThat(epoch).hasSize(16).isEqualTo(RoomSequence.begin("lobby", new InboxPosition(3, 7), Written.START).epoch());
        assertThat(RoomSequence.begin("lobby", new InboxPosition(3, 8), Written.START).epoch()).isNotEqualTo(epoch);
        assertThat(RoomSequence.begin("den", new InboxPosition(3, 7), Written.START).epoch()).isNotEqualTo(epoch);
    }
}

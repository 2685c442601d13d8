package io.millrace.streams.history;

import static io.millrace.contract.record.DiscontinuityReason.RETENTION_EXPIRED;
import static io.millrace.contract.record.DiscontinuityReason.WINDOW_EXPIRED;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.contract.history.LossAnswer.Loss;
import io.millrace.contract.record.Discontinuity;
import io.millrace.contract.record.DiscontinuityReason;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** CON-6: loss is counted by reason, each record once. */
class LossesTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    @Test
    void countsEachReasonWithItsEntriesAndItsFirstAndLastTime() {
        var losses = Losses.NONE.with(lost(WINDOW_EXPIRED, 3, NOON), 0).with(lost(RETENTION_EXPIRED, 1, NOON.plusSeconds(1)), 1)
                .with(lost(WINDOW_EXPIRED, 4, NOON.plusSeconds(2)), 5);

        assertThat(losses.losses()).containsExactly(new Loss(WINDOW_EXPIRED, 2, 7, NOON, NOON.plusSeconds(2)),
                new Loss(RETENTION_EXPIRED, 1, 1, NOON.plusSeconds(1), NOON.plusSeconds(1)));
    }

    @Test
    void countsARecordOnceThatIsReadAgainAfterACrash() {
        var once = Losses.NONE.with(lost(WINDOW_EXPIRED, 3, NOON), 0).with(lost(WINDOW_EXPIRED, 3, NOON), 1);

        assertThat(once.with(lost(WINDOW_EXPIRED, 3, NOON), 0).with(lost(WINDOW_EXPIRED, 3, NOON), 1)).isEqualTo(once);
    }

    @Test
    void isReadBackAsItWasWritten() {
        var losses = Losses.NONE.with(lost(WINDOW_EXPIRED, 3, NOON), 7);

        assertThat(Losses.read(losses.bytes())).isEqualTo(losses);
        assertThat(Losses.read(null)).isEqualTo(Losses.NONE);
    }

    private static Discontinuity lost(DiscontinuityReason reason, long entries, Instant at) {
        return new Discontinuity("lobby", reason, 1, entries, entries, true, 1, "ana", at);
    }
}

package io.millrace.streams.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.message.Lane;
import io.millrace.contract.record.Cause;
import io.millrace.contract.record.FailedAttempt;
import io.millrace.streams.Written;
import io.millrace.streams.lane.queue.Head;
import io.millrace.streams.lane.queue.LaneState;
import io.millrace.streams.lane.queue.Settling;
import io.millrace.streams.lane.queue.UsedUp;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** What the lane store keeps is what a lane was. */
class LaneStateCodecTest {
    private static final Cause REFUSED = new Cause(ErrorCode.REFUSED, "no", false, "profanity");
    private static final Cause BUSY = new Cause(ErrorCode.HOOK_UNAVAILABLE, null, true, null);
    private static final List<FailedAttempt> FAILED = List.of(new FailedAttempt(1, Written.START, BUSY), new FailedAttempt(2, Written.START, REFUSED));
    private static final List<Head> HEADS = List.of(Head.OPEN, new Head.Missing(1), new Head.Passing(new Settling(1, 2)), new Head.Uploading(3, Set.of("a", "b")),
            new Head.Asking(FAILED, 4), new Head.Asking(List.of(), 5), new Head.Pausing(FAILED, 6), new Head.Failing(FAILED, BUSY, new Settling(0, 7)));

    @Property
    void readsBackWhatItWrote(@ForAll("states") LaneState state) {
        assertThat(LaneStateCodec.decode(LaneStateCodec.encode(state))).isEqualTo(state);
    }

    @Test
    void takesLittleForALaneInWhichNothingWaits() {
        var usual = new LaneState(1_000, 0, UsedUp.NONE, Head.OPEN, Written.START.toEpochMilli(), Written.START.toEpochMilli());
        assertThat(LaneStateCodec.encode(usual)).hasSizeLessThan(24);
    }

    @Test
    void refusesWhatALaterBuildWrote() {
        var later = LaneStateCodec.encode(LaneState.NEW);
        later[0] = 2;
        assertThatThrownBy(() -> LaneStateCodec.decode(later)).hasMessageContaining("later build");
    }

    @Property
    void keepsTheNameOfALane(@ForAll String text, @ForAll Lane lane, @ForAll boolean counted) {
        var sender = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        var key = new LaneKey(sender, "s", lane, counted);
        assertThat(LaneKey.of(key.toBytes())).isEqualTo(key);
    }

    @Provide
    Arbitrary<LaneState> states() {
        var ranges = Arbitraries.longs().between(1, 1_000).set().ofMaxSize(20).map(positions -> {
            List<UsedUp.Range> each = positions.stream().sorted().map(position -> new UsedUp.Range(position * 3, position * 3 + 1)).toList();
            return new UsedUp(each);
        });
        return Combinators.combine(Arbitraries.longs().between(1, Long.MAX_VALUE), Arbitraries.integers().between(0, 300), ranges, Arbitraries.of(HEADS),
                Arbitraries.longs().greaterOrEqual(0), Arbitraries.longs().greaterOrEqual(0)).as(LaneState::new);
    }
}

package io.millrace.streams.lane.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** SYN-3: which laneSeqs are used up ahead of a lane's head. */
class UsedUpTest {
    @Property
    void isThePositionsThatWereAdded(@ForAll @Size(max = 30) List<@IntRange(min = 1, max = 16) Integer> positions) {
        var usedUp = UsedUp.NONE;
        Set<Long> plain = new HashSet<>();
        for (long position : positions) {
            usedUp = usedUp.with(position);
            plain.add(position);
            for (long each = 1; each <= 16; each++) {
                assertThat(usedUp.contains(each)).isEqualTo(plain.contains(each));
            }
        }
    }

    @Property
    void forgetsWhatIsBelowTheHead(@ForAll @Size(max = 12) List<@IntRange(min = 1, max = 16) Integer> positions, @ForAll @IntRange(min = 1, max = 16) int head) {
        var usedUp = UsedUp.NONE;
        for (long position : positions) {
            usedUp = usedUp.with(position);
        }
        for (int each = 1; each <= 16; each++) {
            assertThat(usedUp.from(head).contains(each)).isEqualTo(each >= head && positions.contains(each));
        }
    }

    @Test
    void keepsSixteenRangesByJoiningTheClosest() {
        var usedUp = UsedUp.NONE;
        for (long n = 1; n <= UsedUp.MAX_RANGES; n++) {
            usedUp = usedUp.with(n * 100);
        }
        usedUp = usedUp.with(502);
        assertThat(usedUp.ranges()).hasSize(UsedUp.MAX_RANGES).contains(new UsedUp.Range(500, 502));
    }

    @Test
    void endsAtTheLastPositionOfARange() {
        assertThat(UsedUp.NONE.with(4).with(5).with(6).lastFrom(5)).isEqualTo(6);
    }
}

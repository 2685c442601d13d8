package io.millrace.standalone.replay.day;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScheduleTest {

    @Test
    void spreadsTheMessagesOfAMinuteOverIt() {
        assertThat(Schedule.of(at(5, 5, 5, 5), 60)).containsExactly(Duration.ZERO, Duration.ofMillis(250), Duration.ofMillis(500), Duration.ofMillis(750));
    }

    @Test
    void cutsSilence() {
        assertThat(Schedule.of(at(0, 500), 60)).containsExactly(Duration.ZERO, Schedule.LONGEST_SILENCE);
    }

    @Test
    void hasEverythingDueAtOnceWithoutALimit() {
        assertThat(Schedule.of(at(0, 1, 9), Double.POSITIVE_INFINITY)).containsOnly(Duration.ZERO);
    }

    @Test
    void findsTheSpeedForAWantedLength() {
        assertThat(Schedule.speedFor(at(0, 59), Duration.ofMinutes(1))).isEqualTo(60);
        assertThat(Schedule.speedFor(at(0), Duration.ofMinutes(5))).isEqualTo(1);
        assertThat(Schedule.speedFor(List.of(), Duration.ofMinutes(1))).isEqualTo(1);
    }

    private static List<IrcMessage> at(int... minutes) {
        return IntStream.of(minutes).mapToObj(minute -> new IrcMessage(1, "ana", minute, false, "")).toList();
    }
}

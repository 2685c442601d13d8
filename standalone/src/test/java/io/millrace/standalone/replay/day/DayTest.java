package io.millrace.standalone.replay.day;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.contract.message.Message;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A file says the same messages in every run (SYN-2), each sender counting from 1 in one session (SYN-3). */
class DayTest {
    private static final byte[] FILE = "[12:00] <ana> 1\n[12:00] <bo> 2\n[12:00] <ana> 3\n".getBytes(StandardCharsets.UTF_8);

    @Test
    void saysTheSameMessagesInEveryRun() {
        assertThat(Day.of("room", FILE).messages()).isEqualTo(Day.of("room", FILE).messages());
    }

    @Test
    void countsEachSendersLaneFromOne() {
        assertThat(Day.of("room", FILE).messages()).extracting(Message::laneSeq).containsExactly(1L, 1L, 2L);
    }

    @Test
    void hasAnotherSessionInAnotherRoomOrWithOtherContent() {
        var sessions = java.util.stream.Stream.of(Day.of("room", FILE), Day.of("other", FILE), Day.of("room", "[12:00] <ana> x".getBytes(StandardCharsets.UTF_8)))
                .map(day -> day.messages().get(0).session()).collect(Collectors.toSet());
        assertThat(sessions).hasSize(3);
    }

    @Test
    void readsTheGeneratedDayWhole() {
        var day = Day.of("room", GeneratedDay.file());
        assertThat(GeneratedDay.file()).isEqualTo(GeneratedDay.file());
        assertThat(day.messages()).hasSize(600);
        assertThat(day.oddLines()).isEmpty();
        assertThat(day.messages()).extracting(Message::text).contains("").anyMatch(text -> text.contains("\uFFFD")).anyMatch(text -> text.contains("\u0000"))
                .anyMatch(text -> text.length() > 10_000);
        assertThat(day.lines()).extracting(IrcMessage::nick).contains("jörg", "민준", "zcat[1]");
    }
}

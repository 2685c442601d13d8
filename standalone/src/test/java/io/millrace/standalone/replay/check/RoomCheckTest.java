package io.millrace.standalone.replay.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.contract.record.AcceptedMessage;
import io.millrace.contract.record.Entry;
import io.millrace.standalone.replay.check.Difference.Altered;
import io.millrace.standalone.replay.check.Difference.EpochChanged;
import io.millrace.standalone.replay.check.Difference.Foreign;
import io.millrace.standalone.replay.check.Difference.Missing;
import io.millrace.standalone.replay.check.Difference.NotDense;
import io.millrace.standalone.replay.check.Difference.OutOfOrder;
import io.millrace.standalone.replay.check.Difference.Repeated;
import io.millrace.standalone.replay.day.Day;
import io.millrace.standalone.replay.day.GeneratedDay;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The replay's verdict is worth something: it passes the equal log and finds what was dropped, swapped, altered or repeated (SYN-1, LOG-1). */
class RoomCheckTest {
    private static final Day DAY = Day.of("room", "[12:00] <ana> one\n[12:00] <bo> two\n[12:00] <ana> three\n".getBytes(StandardCharsets.UTF_8));

    @Test
    void passesTheEqualLog() {
        assertThat(RoomCheck.of(DAY, log(0, 1, 2))).isEmpty();
    }

    @Test
    void leavesTheOrderBetweenSendersOpen() {
        assertThat(RoomCheck.of(DAY, log(1, 0, 2))).isEmpty();
    }

    @Test
    void findsADroppedMessage() {
        assertThat(RoomCheck.of(DAY, log(0, 2))).containsExactly(new Missing(2, "bo", "two"));
    }

    @Test
    void findsAMessageThatStandsTwice() {
        assertThat(RoomCheck.of(DAY, log(0, 1, 1, 2))).containsExactly(new Repeated(2, 2, 3));
    }

    @Test
    void findsOneSendersMessagesSwapped() {
        assertThat(RoomCheck.of(DAY, log(2, 1, 0))).containsExactly(new OutOfOrder("ana", 1, 3, 3));
    }

    @Test
    void findsAnAlteredText() {
        var log = log(0, 1, 2);
        log.set(1, line(2, "bo", withText(1, "two ")));
        assertThat(RoomCheck.of(DAY, log)).containsExactly(new Altered(2, 2, "text", "two", "two "));
    }

    @Test
    void findsAnotherSender() {
        var log = log(0, 1, 2);
        log.set(1, line(2, "eve", DAY.messages().get(1)));
        assertThat(RoomCheck.of(DAY, log)).containsExactly(new Altered(2, 2, "sender", "bo", "eve"));
    }

    @Test
    void findsAHoleARepeatAndALateBeginningOfTheSeqs() {
        assertThat(RoomCheck.of(DAY, List.of(line(1, 0), line(2, 1), line(4, 2)))).containsExactly(new NotDense(3, 4));
        assertThat(RoomCheck.of(DAY, List.of(line(1, 0), line(2, 1), line(2, 2)))).containsExactly(new NotDense(3, 2));
        assertThat(RoomCheck.of(DAY, List.of(line(2, 0), line(3, 1), line(4, 2)))).containsExactly(new NotDense(1, 2));
    }

    @Test
    void findsAnotherEpoch() {
        var log = log(0, 1, 2);
        log.set(2, new LogLine("later", 3, log.get(2).entry()));
        assertThat(RoomCheck.of(DAY, log)).containsExactly(new EpochChanged(3, "epoch", "later"));
    }

    @Test
    void findsWhatIsNotOfTheFile() {
        var other = Day.of("room", "[12:00] <eve> four".getBytes(StandardCharsets.UTF_8));
        var log = log(0, 1, 2);
        log.add(line(4, "eve", other.messages().get(0)));
        assertThat(RoomCheck.of(DAY, log)).containsExactly(new Foreign(4, "eve", "four"));
    }

    @Property(tries = 200)
    void findsAnySingleDropSwapOrRepeatInADay(@ForAll @IntRange(max = 598) int at, @ForAll @IntRange(max = 2) int fault) {
        var day = Day.of("room", GeneratedDay.file());
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < day.messages().size(); i++) {
            order.add(i);
        }
        switch (fault) {
            case 0 -> order.remove(at);
            case 1 -> order.add(at, at + 1);
            default -> Collections.swap(order, at, nextOfSameSender(day, at));
        }
        boolean changed = fault != 2 || nextOfSameSender(day, at) != at;
        assertThat(RoomCheck.of(day, log(day, order)).isEmpty()).isEqualTo(!changed);
    }

    private static int nextOfSameSender(Day day, int at) {
        for (int i = at + 1; i < day.lines().size(); i++) {
            if (day.lines().get(i).nick().equals(day.lines().get(at).nick())) {
                return i;
            }
        }
        return at;
    }

    private static List<LogLine> log(Integer... order) {
        return log(DAY, List.of(order));
    }

    private static List<LogLine> log(Day day, List<Integer> order) {
        List<LogLine> log = new ArrayList<>();
        for (int index : order) {
            log.add(line(log.size() + 1L, day.lines().get(index).nick(), day.messages().get(index)));
        }
        return log;
    }

    private static LogLine line(long seq, int index) {
        return line(seq, DAY.lines().get(index).nick(), DAY.messages().get(index));
    }

    private static LogLine line(long seq, String sender, io.millrace.contract.message.Message message) {
        return new LogLine("epoch", seq, Entry.of(new AcceptedMessage(sender, Instant.EPOCH, false, message)));
    }

    private static io.millrace.contract.message.Message withText(int index, String text) {
        var said = DAY.messages().get(index);
        return new io.millrace.contract.message.Message(said.id(), said.room(), said.session(), said.laneSeq(), said.action(), said.type(), text, null, null,
                said.metadata(), null, null, null);
    }
}

package io.millrace.delivery.follow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.delivery.room.LogScan.Found;
import io.millrace.delivery.room.LogScan.Question;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** DEL-7: what one reading of the log answers, and where it ends. */
class LogPassTest {
    private static final long PLENTY = 1_000_000;

    @Test
    @DisplayName("DEL-7: one reading answers every question that begins in it, each with its own room's records alone")
    void answersAllQuestionsInOneReading() {
        var pass = new LogPass(List.of(first("a", 10, 2), first("b", 11, 5), new Question("a", 10, 14, 1, true)), PLENTY, PLENTY);
        read(pass, 10, "a", "b", "a", "b", "a", "b");

        assertThat(offsets(pass, 0)).containsExactly(10L, 12L);
        assertThat(pass.answers().get(0).stretch().upTo()).isEqualTo(13);
        assertThat(offsets(pass, 1)).containsExactly(11L, 13L, 15L);
        assertThat(pass.answers().get(1).stretch().upTo()).isEqualTo(16);
        assertThat(offsets(pass, 2)).containsExactly(12L);
        assertThat(pass.answers().get(2).isComplete()).isTrue();
        assertThat(pass.answers().get(2).stretch().upTo()).as("what lies beyond was read, but not looked at").isEqualTo(14);
    }

    @Test
    @DisplayName("DEL-7: it ends after so many bytes of the partition, and says how far it has looked")
    void endsAfterItsBytes() {
        var pass = new LogPass(List.of(first("a", 0, 5), first("a", 100, 5)), 500, PLENTY);
        read(pass, 0, "b", "b", "b");
        assertThat(pass.isDone()).isFalse();
        read(pass, 3, "b", "b", "b");

        assertThat(pass.isDone()).isTrue();
        assertThat(pass.bytes()).isGreaterThan(500);
        assertThat(pass.answers().get(0).stretch()).satisfies(stretch -> {
            assertThat(stretch.records()).isEmpty();
            assertThat(stretch.upTo()).isEqualTo(6);
        });
        assertThat(pass.answers().get(0).isBegun(200)).isTrue();
        assertThat(pass.answers().get(1).isBegun(200)).as("what it did not come to is no answer").isFalse();
        assertThat(pass.answers().get(1).isBegun(100)).as("unless the log ends before it").isTrue();
    }

    @Test
    @DisplayName("DEL-7: an answer holds a bounded number of bytes, but one record at least")
    void boundsAnAnswer() {
        var pass = new LogPass(List.of(first("a", 0, 500)), PLENTY, 10);
        read(pass, 0, "a", "a");

        assertThat(offsets(pass, 0)).containsExactly(0L);
        assertThat(pass.isDone()).isTrue();
    }

    @Test
    void answersAQuestionAboutNothingAtOnce() {
        var pass = new LogPass(List.of(new Question("a", 7, 7, 5, false)), PLENTY, PLENTY);

        assertThat(pass.isDone()).isTrue();
        assertThat(pass.answers().get(0).isBegun(PLENTY)).isTrue();
    }

    @Test
    void passesOverWhatBelongsToNobody() {
        var pass = new LogPass(List.of(first("a", 5, 500)), PLENTY, PLENTY);
        pass.take(record(5, null));
        read(pass, 6, "other");

        assertThat(pass.answers().get(0).stretch().records()).isEmpty();
        assertThat(pass.isDone()).isFalse();
    }

    private static Question first(String room, long from, int most) {
        return new Question(room, from, Long.MAX_VALUE, most, false);
    }

    private static List<Long> offsets(LogPass pass, int answer) {
        return pass.answers().get(answer).stretch().records().stream().map(Found::offset).toList();
    }

    private static void read(LogPass pass, long from, String... rooms) {
        for (int i = 0; i < rooms.length; i++) {
            pass.take(record(from + i, rooms[i].getBytes(UTF_8)));
        }
        pass.readUpTo(from + rooms.length);
    }

    private static ConsumerRecord<byte[], byte[]> record(long offset, byte[] key) {
        return new ConsumerRecord<>("log", 0, offset, 0, TimestampType.CREATE_TIME, key == null ? 0 : key.length, 30, key, new byte[30], new RecordHeaders(), Optional.of(0));
    }
}

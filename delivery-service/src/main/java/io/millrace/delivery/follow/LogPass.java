package io.millrace.delivery.follow;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.delivery.room.LogScan.Question;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * One reading of a stretch of the log for all questions that begin in it: after a pod's death the clients of many rooms come back to much the same
 * place. It ends when all are answered, or after {@code bytes}; who asked first has got on then in any case.
 */
final class LogPass {
    private static final int RECORD_OVERHEAD = 64;

    private final List<ScanAnswer> answers = new ArrayList<>();
    private final Map<String, List<ScanAnswer>> byRoom = new HashMap<>();
    private final long from;
    private final long mostBytes;
    private long bytes;

    LogPass(Collection<Question> questions, long bytes, long answerBytes) {
        this.mostBytes = bytes;
        this.from = questions.stream().mapToLong(Question::from).min().orElseThrow();
        for (Question question : questions) {
            var answer = new ScanAnswer(question, answerBytes);
            answers.add(answer);
            byRoom.computeIfAbsent(question.room(), room -> new ArrayList<>()).add(answer);
        }
    }

    long from() {
        return from;
    }

    void take(ConsumerRecord<byte[], byte[]> record) {
        bytes += Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize()) + RECORD_OVERHEAD;
        if (record.key() != null) {
            byRoom.getOrDefault(new String(record.key(), UTF_8), List.of()).forEach(answer -> answer.take(record));
        }
    }

    void readUpTo(long position) {
        answers.forEach(answer -> answer.readUpTo(position));
    }

    boolean isDone() {
        return bytes >= mostBytes || answers.stream().allMatch(ScanAnswer::isComplete);
    }

    long bytes() {
        return bytes;
    }

    List<ScanAnswer> answers() {
        return answers;
    }
}

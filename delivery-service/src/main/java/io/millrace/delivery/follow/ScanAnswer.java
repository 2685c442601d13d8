package io.millrace.delivery.follow;

import io.millrace.delivery.continuity.Cursor;
import io.millrace.delivery.room.LogScan.Found;
import io.millrace.delivery.room.LogScan.Question;
import io.millrace.delivery.room.LogScan.Stretch;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The answer to one question as it grows while the log is read forward. */
final class ScanAnswer {
    private final Question question;
    private final long mostBytes;
    private final Deque<Found> found = new ArrayDeque<>();
    private long bytes;
    private long upTo;
    private boolean complete;

    ScanAnswer(Question question, long mostBytes) {
        this.question = question;
        this.mostBytes = mostBytes;
        this.upTo = question.from();
        this.complete = question.from() >= question.until();
    }

    /** A record of the room. */
    void take(ConsumerRecord<byte[], byte[]> record) {
        if (complete || record.offset() < question.from() || record.offset() >= question.until()) {
            return;
        }
        if (question.last()) {
            found.clear();
        }
        found.add(new Found(record.value(), record.offset(), record.leaderEpoch().orElse(Cursor.NO_EPOCH)));
        bytes += record.value() == null ? 0 : record.value().length;
        if (!question.last() && (found.size() == question.most() || bytes >= mostBytes)) {
            upTo = record.offset() + 1;
            complete = true;
        }
    }

    /** Everything below {@code position} has been read. */
    void readUpTo(long position) {
        if (!complete) {
            upTo = Math.max(upTo, Math.min(position, question.until())); // beyond it records were read, but not looked at
            complete = upTo >= question.until();
        }
    }

    boolean isComplete() {
        return complete;
    }

    /** Whether the reading, which ended where the log ends at {@code end} or before, has come to where the question begins. */
    boolean isBegun(long end) {
        return complete || upTo > question.from() || question.from() >= end;
    }

    Stretch stretch() {
        return new Stretch(List.copyOf(found), upTo);
    }
}

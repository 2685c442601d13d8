package io.millrace.delivery.room;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Reads a stretch of the log in Kafka itself for the records of one room, committed ones alone. It costs the bytes of the whole partition, so it is
 * asked only when the history view does not answer. Answers come on any thread.
 */
public interface LogScan {
    /** Fails where the log begins after the question does, and when Kafka does not answer. Answers short, with what it has seen, after so many bytes. */
    CompletionStage<Stretch> read(int partition, Question question);

    /** The first {@code most} records of a room at offsets from {@code from} to below {@code until}; or, of all there, the {@code last} alone. */
    record Question(String room, long from, long until, int most, boolean last) {
        static Question first(String room, long from, long until, int most) {
            return new Question(room, from, until, most, false);
        }

        static Question last(String room, long from, long until) {
            return new Question(room, from, until, 1, true);
        }
    }

    /** What was asked for of everything below {@code upTo}; what lies beyond was not looked at. */
    record Stretch(List<Found> records, long upTo) {
    }

    /** A record as it stands in the log, under a leader epoch that held it. */
    record Found(byte[] value, long offset, int leaderEpoch) {
    }
}

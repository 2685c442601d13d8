package io.millrace.standalone.replay.day;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * When each message of a day is due, from the start of its replay. Logs know the minute only: what was said in one minute is spread
 * over it evenly. Silence is cut to {@link #LONGEST_SILENCE}, so that a night does not stop the show.
 */
public final class Schedule {
    static final Duration LONGEST_SILENCE = Duration.ofSeconds(2);
    private static final long NANOS_OF_A_MINUTE = Duration.ofMinutes(1).toNanos();

    private Schedule() {
    }

    /** {@code speed} times as fast as it was; infinity is everything at once. */
    public static List<Duration> of(List<IrcMessage> messages, double speed) {
        List<Duration> due = new ArrayList<>(messages.size());
        long at = 0;
        long before = -1;
        for (long moment : moments(messages)) {
            if (before >= 0) {
                at += Math.min((long) ((moment - before) / speed), LONGEST_SILENCE.toNanos());
            }
            before = moment;
            due.add(Duration.ofNanos(at));
        }
        return due;
    }

    /** The speed at which the whole day takes about {@code wanted}; never slower than it was. */
    public static double speedFor(List<IrcMessage> messages, Duration wanted) {
        if (messages.isEmpty()) {
            return 1;
        }
        long minutes = messages.get(messages.size() - 1).minute() - messages.get(0).minute() + 1L;
        return Math.max(1, (double) Duration.ofMinutes(minutes).toMillis() / wanted.toMillis());
    }

    private static List<Long> moments(List<IrcMessage> messages) {
        List<Long> moments = new ArrayList<>(messages.size());
        int first = 0;
        while (first < messages.size()) {
            int minute = messages.get(first).minute();
            int end = first;
            while (end < messages.size() && messages.get(end).minute() == minute) {
                end++;
            }
            for (int i = first; i < end; i++) {
                moments.add(minute * NANOS_OF_A_MINUTE + NANOS_OF_A_MINUTE * (i - first) / (end - first));
            }
            first = end;
        }
        return moments;
    }
}

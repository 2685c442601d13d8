package io.millrace.delivery.room;

import io.millrace.delivery.continuity.LogFacts;
import io.millrace.delivery.continuity.Position;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Finds single entries of a room in the log itself, stretch by stretch, for a client that comes back while the history view is away. Only records
 * prove anything here: a cursor says where to look, never what stands there. Any thread.
 */
final class LogSearch {
    private static final int LOOK_AHEAD = 16;

    private final LogScan scan;
    private final LogFacts log;
    private final String room;

    LogSearch(LogScan scan, LogFacts log, String room) {
        this.scan = scan;
        this.log = log;
        this.room = room;
    }

    /** The last entry at offsets from {@code from} to below {@code until}, all of which are decided then; empty if there is none. */
    CompletionStage<Optional<LoggedEntry>> last(long from, long until) {
        return last(from, until, Optional.empty());
    }

    private CompletionStage<Optional<LoggedEntry>> last(long from, long until, Optional<LoggedEntry> before) {
        if (from >= until) {
            return CompletableFuture.completedStage(before);
        }
        return scan.read(log.partition(), LogScan.Question.last(room, from, until)).thenCompose(stretch -> {
            requireProgress(stretch, from);
            var found = stretch.records().isEmpty() ? before : Optional.of(entry(stretch.records().get(0)));
            return last(stretch.upTo(), until, found);
        });
    }

    /**
     * The entry that follows {@code seen}, at offsets from {@code from} to below {@code until}: right behind {@code from} as a rule, however much came
     * since, and in a quiet room just below the end; looked for {@code reach} offsets in either place. The stage fails where it is not there.
     */
    CompletionStage<LoggedEntry> next(Position seen, long from, long until, long reach) {
        long near = Math.min(until, from + reach);
        return next(seen, from, near).exceptionallyCompose(notThere -> next(seen, Math.max(near, until - reach), until));
    }

    /** The entry that follows {@code seen}, at offsets from {@code from} to below {@code until}; the stage fails where the log does not hold it. */
    private CompletionStage<LoggedEntry> next(Position seen, long from, long until) {
        if (from >= until) {
            return CompletableFuture.failedFuture(new IllegalStateException("unable to find the next entry; the log does not hold it there"));
        }
        return scan.read(log.partition(), LogScan.Question.first(room, from, until, LOOK_AHEAD)).thenCompose(stretch -> {
            requireProgress(stretch, from);
            var later = stretch.records().stream().map(this::entry).filter(entry -> entry.isOf(seen.epoch()) && seen.isBefore(entry.position())).findFirst();
            if (later.isEmpty()) {
                return next(seen, stretch.upTo(), until);
            }
            if (later.get().seq() != seen.seq() + 1) {
                throw new IllegalStateException("unable to find the next entry; the log does not hold it any more");
            }
            return CompletableFuture.completedStage(later.get());
        });
    }

    private LoggedEntry entry(LogScan.Found found) {
        return EntryReader.read(found, log).orElseThrow(() -> new IllegalStateException("unable to read a record of the log"));
    }

    private static void requireProgress(LogScan.Stretch stretch, long from) {
        if (stretch.upTo() <= from) {
            throw new IllegalStateException("unable to read the log on; it is not decided so far yet");
        }
    }
}

package io.millrace.delivery.room;

import io.millrace.delivery.continuity.Cursor;
import io.millrace.delivery.continuity.CursorCodec;
import io.millrace.delivery.continuity.LogFacts;
import io.millrace.delivery.continuity.RoomFacts;
import java.util.Optional;
import java.util.OptionalLong;

/** A subscribe on its way: the facts found out for it so far. Touched by its partition's owner alone. */
final class Attempt {
    private final Subscription subscription;
    private final Optional<Cursor> cursor;
    private LogFacts freshLog;
    private OptionalLong epochEnd = OptionalLong.empty();
    private OptionalLong lastShared = OptionalLong.empty();
    private LogPage oldestMissed;
    private boolean asking;

    Attempt(Subscription subscription) {
        this.subscription = subscription;
        this.cursor = subscription.cursorText().flatMap(text -> CursorCodec.decode(subscription.room(), text));
    }

    Subscription subscription() {
        return subscription;
    }

    Optional<Cursor> cursor() {
        return cursor;
    }

    boolean hasCursor() {
        return subscription.cursorText().isPresent();
    }

    /** While it asks for a fact it is not judged. */
    boolean isAsking() {
        return asking;
    }

    void ask(boolean begun) {
        asking = begun;
    }

    void learn(LogFacts fresh) {
        freshLog = fresh;
    }

    void learnEpochEnd(long end) {
        epochEnd = OptionalLong.of(end);
    }

    void learnLastShared(long seq) {
        lastShared = OptionalLong.of(seq);
    }

    void learn(LogPage answer) {
        oldestMissed = answer;
    }

    LogFacts log(LogFacts known) {
        LogFacts newest = freshLog == null ? known : freshLog;
        return epochEnd.isPresent() ? newest.withEpochEnd(epochEnd.getAsLong()) : newest;
    }

    RoomFacts facts(Room room) {
        var facts = lastShared.isPresent() ? RoomFacts.of(room.head()).withLastShared(lastShared.getAsLong()) : RoomFacts.of(room.head());
        if (oldestMissed != null) {
            return facts.withOldestSeq(oldestSeq(room)).withOldestMissedAt(oldestMissed.items().isEmpty() ? null : JsonSlice.at(oldestMissed.items().get(0).json()));
        }
        var inTail = cursor.filter(read -> read.position().sharesLogWith(room.head())).map(read -> room.tail().get(read.position().seq() + 1));
        return inTail.map(entry -> facts.withOldestMissedAt(entry.at())).orElse(facts);
    }

    /** The seq after which the view is asked what is kept: the client's own, or 0 where that means nothing. */
    long seenSeq(Room room) {
        return cursor.filter(read -> read.position().sharesLogWith(room.head()))
                .map(read -> Math.min(read.position().seq(), room.head().seq())).orElse(0L);
    }

    /** A view that holds nothing more of what is missed has trimmed it. */
    private long oldestSeq(Room room) {
        boolean nothingKept = oldestMissed.oldestSeq() == 0 || oldestMissed.items().isEmpty() && seenSeq(room) < room.head().seq();
        return nothingKept ? Math.max(oldestMissed.headSeq(), room.head().seq()) + 1 : oldestMissed.oldestSeq();
    }
}

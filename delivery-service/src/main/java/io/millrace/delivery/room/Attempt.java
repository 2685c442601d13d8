package io.millrace.delivery.room;

import io.millrace.delivery.continuity.Cursor;
import io.millrace.delivery.continuity.CursorCodec;
import io.millrace.delivery.continuity.LogFacts;
import io.millrace.delivery.continuity.Position;
import io.millrace.delivery.continuity.RoomFacts;
import java.util.Optional;
import java.util.OptionalLong;

/** A subscribe on its way: the facts found out for it so far. Touched by its partition's owner alone. */
final class Attempt {
    private static final int NEVER = -1;

    private final Subscription subscription;
    private final Optional<Cursor> cursor;
    private LogFacts freshLog;
    private OptionalLong epochEnd = OptionalLong.empty();
    private OptionalLong lastShared = OptionalLong.empty();
    private LogPage oldestMissed;
    private LoggedEntry missedInLog;
    private int upToDate = NEVER;
    private boolean searched;
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

    /** The log holds what comes first of what is missed; how far back history reaches it cannot tell. */
    void learn(LoggedEntry missed) {
        missedInLog = missed;
    }

    boolean knowsMissedInLog() {
        return missedInLog != null;
    }

    /** The log, as it is followed in this {@code generation}, holds nothing of the room between the cursor and where the follower began. */
    void learnNothingMissed(int generation) {
        upToDate = generation;
    }

    boolean isUpToDate(int generation) {
        return upToDate == generation;
    }

    /** The log could not say. */
    void searchedInVain() {
        searched = true;
    }

    /** Whether the log can be searched from its cursor on, without knowing the room's head. */
    boolean isSearchable(LogFacts known) {
        return !searched && cursor.filter(read -> read.partition() == known.partition() && read.topicId().equals(known.topicId())).isPresent();
    }

    LogFacts log(LogFacts known) {
        LogFacts newest = freshLog == null ? known : freshLog;
        return epochEnd.isPresent() ? newest.withEpochEnd(epochEnd.getAsLong()) : newest;
    }

    /** While nobody knows the room's head the client's own place stands for it: whether that is true is asked of the log before it counts. */
    RoomFacts facts(Room room) {
        if (!room.isKnown()) {
            return RoomFacts.of(cursor.map(Cursor::position).orElse(Position.NONE));
        }
        var facts = lastShared.isPresent() ? RoomFacts.of(room.head()).withLastShared(lastShared.getAsLong()) : RoomFacts.of(room.head());
        if (oldestMissed != null) {
            return facts.withOldestSeq(oldestSeq(room)).withOldestMissedAt(oldestMissed.items().isEmpty() ? null : JsonSlice.at(oldestMissed.items().get(0).json()));
        }
        return missed(room).map(entry -> facts.withOldestMissedAt(entry.at())).orElse(facts);
    }

    private Optional<LoggedEntry> missed(Room room) {
        var shared = cursor.filter(read -> read.position().sharesLogWith(room.head()));
        return shared.map(read -> room.tail().get(read.position().seq() + 1))
                .or(() -> shared.flatMap(read -> Optional.ofNullable(missedInLog)).filter(entry -> entry.isOf(room.head().epoch())));
    }

    /** Where the first entry stands that is missed, as far as that was found out; what comes after it stands later. */
    long missedFrom(Room room) {
        return missed(room).map(LoggedEntry::offset).orElseGet(() -> oldestMissed == null || oldestMissed.items().isEmpty()
                ? cursor.map(Cursor::offset).orElse(0L) : oldestMissed.items().get(0).offset());
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

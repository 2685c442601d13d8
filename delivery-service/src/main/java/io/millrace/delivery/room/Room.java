package io.millrace.delivery.room;

import io.millrace.delivery.continuity.Position;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * One room as this pod sees it: its head, the tail of recent entries, who reads it and who is about to. The head is unknown until an entry
 * comes by or the history view names it. Touched by its partition's owner alone.
 */
final class Room {
    private static final long NOWHERE = Long.MAX_VALUE;

    private final String name;
    private final Tail tail = new Tail();
    private final Set<Subscription> subscriptions = new LinkedHashSet<>();
    private final Set<Attempt> attempts = new LinkedHashSet<>();
    private Position head;
    private long nextOffset;
    private boolean headAsked;
    private long doubtedUpTo;
    private long cutAt = NOWHERE;
    private boolean recreationTold;

    Room(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    Tail tail() {
        return tail;
    }

    /** Null while unknown. */
    Position head() {
        return head;
    }

    /** The offset after the head's record. */
    long nextOffset() {
        return nextOffset;
    }

    boolean isKnown() {
        return head != null;
    }

    Set<Subscription> subscriptions() {
        return subscriptions;
    }

    Set<Attempt> attempts() {
        return attempts;
    }

    List<Attempt> attemptsNow() {
        return new ArrayList<>(attempts);
    }

    List<Subscription> subscriptionsNow() {
        return new ArrayList<>(subscriptions);
    }

    boolean isNeeded() {
        return !subscriptions.isEmpty() || !attempts.isEmpty();
    }

    boolean isRepeat(LoggedEntry entry) {
        return head != null && entry.position().sharesLogWith(head) && entry.seq() <= head.seq();
    }

    /** The entry becomes the head. */
    void advance(LoggedEntry entry) {
        if (head != null && !entry.position().sharesLogWith(head)) {
            tail.clear();
            doubtedUpTo = 0;
        }
        head = entry.position();
        nextOffset = Math.max(nextOffset, entry.nextOffset());
        tail.add(entry);
    }

    void repeated(LoggedEntry entry) {
        nextOffset = Math.max(nextOffset, entry.nextOffset());
    }

    /** What lies below {@code covered} holds no later entry. */
    void learn(Position last, long offset, long covered) {
        head = last;
        nextOffset = Math.max(covered, offset + 1);
        headAsked = false;
    }

    /** The log was interrupted: what the head is has to be found out again. */
    void forgetHead() {
        tail.clear();
        head = null;
        headAsked = false;
    }

    /** What stood from {@code offset} on is gone; what subscriptions were given of it has to be found out. */
    void cut(long offset) {
        cutAt = Math.min(cutAt, offset);
    }

    /** The log was made anew and holds nothing of this room yet. */
    void beginAnew(long offset) {
        tail.clear();
        head = Position.NONE;
        nextOffset = offset;
        headAsked = false;
        recreationTold = true;
        cutAt = NOWHERE;
        doubtedUpTo = 0;
    }

    /** While it is, nobody is served. */
    boolean isCut() {
        return cutAt != NOWHERE;
    }

    long cutAt() {
        return cutAt;
    }

    void settled() {
        cutAt = NOWHERE;
    }

    boolean isRecreationTold() {
        return recreationTold;
    }

    void recreationSeen() {
        recreationTold = false;
    }

    /** Whether the head must be asked for; true once. */
    boolean startAskingHead() {
        boolean first = head == null && !headAsked;
        headAsked |= first;
        return first;
    }

    boolean isAskingHead() {
        return headAsked;
    }

    void headNotAnswered() {
        headAsked = false;
    }

    /** Entries up to the head are in doubt from now on; false if {@code seq} was already. */
    boolean startDoubting(long seq) {
        boolean news = seq > doubtedUpTo;
        doubtedUpTo = Math.max(doubtedUpTo, head.seq());
        return news;
    }
}

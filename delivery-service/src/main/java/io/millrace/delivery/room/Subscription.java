package io.millrace.delivery.room;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.delivery.continuity.Position;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * One client's reading of one room: a position that only moves forward, entry by entry. It is live when the position is the room's head;
 * otherwise it is served from the tail or from history. Its room's owner alone touches it; only {@link #seq()} may be read elsewhere.
 */
public final class Subscription {
    private final String room;
    private final String sender;
    private final JsonNode ref;
    private final String cursorText;
    private final Outlet outlet;
    private final BiConsumer<Subscription, Boolean> answered;

    private volatile Position position;
    private long attachSeq;
    private long offset;
    private State state = State.IDLE;
    private boolean lagTold;
    private boolean ended;
    private int failures;
    private int pageEntries = Integer.MAX_VALUE;

    /** {@code cursorText} is null without a cursor; {@code answered} is told once, by the owner, whether the subscription began. */
    public Subscription(String room, String sender, JsonNode ref, String cursorText, Outlet outlet, BiConsumer<Subscription, Boolean> answered) {
        this.room = room;
        this.sender = sender;
        this.ref = ref;
        this.cursorText = cursorText;
        this.outlet = outlet;
        this.answered = answered;
    }

    public String room() {
        return room;
    }

    /** The seq of the last entry handed to the client's outlet, or the attach point. Any thread. */
    public long seq() {
        return position.seq();
    }

    /** Where the client stands: after that entry, or at the attach point; null before it has begun. Any thread. */
    public Position place() {
        return position;
    }

    /** Whether it has begun. Any thread. */
    public boolean isAttached() {
        return position != null;
    }

    String sender() {
        return sender;
    }

    JsonNode ref() {
        return ref;
    }

    Optional<String> cursorText() {
        return Optional.ofNullable(cursorText);
    }

    Outlet outlet() {
        return outlet;
    }

    Position position() {
        return position;
    }

    void answer(boolean attached) {
        answered.accept(this, attached);
    }

    /** Entries up to {@code attach} are replay; the log holds everything after {@code from} at {@code offset} or later. */
    void attach(Position from, long attach, long offset) {
        position = from;
        attachSeq = attach;
        this.offset = offset;
    }

    /** What lies between is not given. */
    void moveTo(Position next) {
        position = next;
    }

    void moveTo(LoggedEntry given) {
        position = given.position();
        offset = given.nextOffset();
    }

    /** At this offset or later the log holds everything that comes after the position. */
    long offset() {
        return offset;
    }

    /** The log holds nothing between the position and {@code looked}. */
    void foundNothingBelow(long looked) {
        offset = Math.max(offset, looked);
    }

    /** The log was cut there: what comes after the position is written anew from there on. */
    void rewrittenFrom(long cut) {
        offset = Math.min(offset, cut);
    }

    boolean replays(long seq) {
        return seq <= attachSeq;
    }

    boolean isIdle() {
        return state == State.IDLE;
    }

    void become(State next) {
        state = next;
    }

    boolean lagTold() {
        return lagTold;
    }

    void tellLag(boolean told) {
        lagTold = told;
    }

    boolean hasEnded() {
        return ended;
    }

    void end() {
        ended = true;
    }

    int failedAgain() {
        return ++failures;
    }

    /** How many entries to ask history for at a time: what the client took of the last page, growing again while it takes all. */
    int pageEntries(int most) {
        return Math.min(pageEntries, most);
    }

    void tookOfPage(int entries, boolean all) {
        pageEntries = all ? (int) Math.min(Integer.MAX_VALUE, 2L * pageEntries) : Math.max(1, entries);
    }

    void succeeded() {
        failures = 0;
    }

    /** What a subscription that is behind waits for; {@code IDLE}: nothing. */
    enum State {
        IDLE, WAITS_FOR_ROOM, WAITS_FOR_HISTORY
    }
}

package io.millrace.delivery.continuity;

/** A place in a room's log: the last seq seen, within one epoch. {@link #NONE} is the place before the first entry of a room. */
public record Position(String epoch, long seq) {
    public static final Position NONE = new Position(null, 0);

    public Position {
        if (seq < 0 || epoch == null && seq != 0) {
            throw new IllegalArgumentException("a position needs an epoch and a seq from 0");
        }
    }

    /** Whether both count the same log; the place before the first entry belongs to every log. */
    public boolean sharesLogWith(Position other) {
        return epoch == null || other.epoch == null || epoch.equals(other.epoch);
    }

    public boolean isBefore(Position other) {
        return seq < other.seq;
    }
}

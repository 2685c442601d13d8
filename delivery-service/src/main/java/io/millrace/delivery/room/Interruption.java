package io.millrace.delivery.room;

/** Why a partition's log could not be followed on without a break (CON-4). */
public sealed interface Interruption {
    Interruption RECREATED = new Recreated();
    Interruption SKIPPED = new Skipped();

    /** The topic was made anew. */
    record Recreated() implements Interruption {
    }

    /** What had been read from offset {@code shared} on is no longer there; the log may have grown past it again. */
    record Truncated(long shared) implements Interruption {
    }

    /** Records were passed over: the log begins after the place that was reached, or one could not be handled. */
    record Skipped() implements Interruption {
    }
}

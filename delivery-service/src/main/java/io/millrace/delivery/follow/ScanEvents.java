package io.millrace.delivery.follow;

/** What is worth counting about questions to the log (DEL-7). Any thread; must not block. */
public interface ScanEvents {
    /** So many more questions wait for their answer, or fewer. */
    void waiting(int change);

    /** One more would have been one too many. */
    void refused();

    void answered();

    void failed();

    /** What was read of the log for them. */
    void read(long bytes);
}

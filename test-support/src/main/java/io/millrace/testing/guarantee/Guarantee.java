package io.millrace.testing.guarantee;

/** Something a transcript must fulfil, whatever happened; fails as an assertion that names the first violation. */
public interface Guarantee {
    void verify(RoomTranscript transcript);

    /** Verifies several at once. */
    static void verify(RoomTranscript transcript, Guarantee... all) {
        for (Guarantee guarantee : all) {
            guarantee.verify(transcript);
        }
    }
}

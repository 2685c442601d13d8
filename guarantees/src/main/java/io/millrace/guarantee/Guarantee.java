package io.millrace.guarantee;

import java.util.ArrayList;
import java.util.List;

/** Something a transcript must fulfil, whatever happened. Pure. */
public interface Guarantee {
    /** Every way in which it is not fulfilled; empty if it is. */
    List<Violation> violations(RoomTranscript transcript);

    /** For tests: fails as an assertion that names every violation. */
    static void verify(RoomTranscript transcript, Guarantee... all) {
        List<Violation> found = new ArrayList<>();
        for (Guarantee guarantee : all) {
            found.addAll(guarantee.violations(transcript));
        }
        if (!found.isEmpty()) {
            throw new AssertionError(found.size() + " violations, such as " + found.subList(0, Math.min(5, found.size())) + "; told " + transcript.gaps());
        }
    }

    /** The violation with this guarantee's own name. */
    default Violation violation(RoomTranscript transcript, String what) {
        return new Violation(getClass().getSimpleName(), transcript.room(), what);
    }
}

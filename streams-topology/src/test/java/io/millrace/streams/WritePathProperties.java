package io.millrace.streams;

import io.millrace.streams.lane.queue.OnFinalFailure;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/**
 * SYN-1..6, SYN-9, SYN-10, LOG-1, LOG-3, LOG-4 for whatever clients send, uploads and the hook come to, and whenever the scheduler and the
 * sequencer crash.
 */
class WritePathProperties {
    @Property(tries = 200, shrinking = ShrinkingMode.BOUNDED)
    void comesToWhatThePlainWordsSay(@ForAll("histories") List<Step> steps, @ForAll("hooks") HookScript hook, @ForAll OnFinalFailure onFinalFailure) {
        new WritePathPromises(hook, onFinalFailure).verifyPlain(steps);
    }

    @Property(tries = 300, shrinking = ShrinkingMode.BOUNDED)
    void keepsItsPromisesAcrossCrashes(@ForAll("historiesWithCrashes") List<Step> steps, @ForAll("hooks") HookScript hook, @ForAll OnFinalFailure onFinalFailure) {
        new WritePathPromises(hook, onFinalFailure).verifyCrashing(steps);
    }

    @Provide
    Arbitrary<List<Step>> histories() {
        return Histories.withoutCrashes();
    }

    @Provide
    Arbitrary<List<Step>> historiesWithCrashes() {
        return Histories.withCrashes();
    }

    @Provide
    Arbitrary<HookScript> hooks() {
        return Histories.hooks();
    }
}

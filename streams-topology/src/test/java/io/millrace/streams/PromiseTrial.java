package io.millrace.streams;

import io.millrace.streams.lane.queue.OnFinalFailure;
import java.util.Random;
import java.util.concurrent.Callable;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.sessions.JqwikSession;

/** The properties of the write path as a plain call, for code that is loaded anew: the first promise broken within some tries, or null. */
public final class PromiseTrial implements Callable<String> {
    private static final int SIZE = 1000;
    private static final long SEED = 20261122;
    private final int tries;

    public PromiseTrial(int tries) {
        this.tries = tries;
    }

    @Override
    public String call() {
        var broken = new String[1];
        JqwikSession.run(() -> broken[0] = firstBroken());
        return broken[0];
    }

    private String firstBroken() {
        var random = new Random(SEED);
        for (int n = 1; n <= tries; n++) {
            var promises = new WritePathPromises(draw(Histories.hooks(), random), OnFinalFailure.values()[n % 2]);
            var plain = draw(Histories.withoutCrashes(), random);
            var crashing = draw(Histories.withCrashes(), random);
            try {
                promises.verifyPlain(plain);
                promises.verifyCrashing(crashing);
            } catch (AssertionError | RuntimeException e) {
                return "try " + n + ": " + e;
            }
        }
        return null;
    }

    private static <T> T draw(Arbitrary<T> any, Random random) {
        return any.generator(SIZE).next(random).value();
    }
}

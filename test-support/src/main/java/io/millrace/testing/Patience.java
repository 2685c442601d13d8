package io.millrace.testing;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** How long tests wait for what must come: long enough for a small machine that does much else. What is there at once is not waited for. */
public final class Patience {
    public static final Duration LONG = Duration.ofMinutes(1);

    private Patience() {
    }

    public static ConditionFactory await() {
        return Awaitility.await().atMost(LONG);
    }

    public static ConditionFactory await(String what) {
        return Awaitility.await(what).atMost(LONG);
    }
}

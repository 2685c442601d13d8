package io.millrace.gate.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** SEC-3: a key passes its burst at once and its rate for good, the wait it is told is true, and quiet keys cost nothing. */
class PaceTest {
    private final AtomicLong clock = new AtomicLong(-5_000_000_000L);
    private final Pace<String> pace = new Pace<>(50, 100, clock::get);

    @Test
    void letsTheBurstPassAndThenHoldsBack() {
        for (int i = 0; i < 100; i++) {
            assertThat(pace.pass("ana")).isZero();
        }

        assertThat(pace.pass("ana")).isEqualTo(Duration.ofMillis(20));
        assertThat(pace.pass("bob")).isZero();
    }

    @Test
    void letsPassAfterTheWaitItToldAndNotBefore() {
        exhaust();
        Duration wait = pace.pass("ana");

        clock.addAndGet(wait.toNanos() - 1_000_000);
        assertThat(pace.pass("ana")).isPositive();
        clock.addAndGet(1_000_000);
        assertThat(pace.pass("ana")).isZero();
        assertThat(pace.pass("ana")).isPositive();
    }

    @Test
    void lastsAtTheRate() {
        exhaust();
        int passed = 0;
        for (int millis = 0; millis < 10_000; millis++) {
            clock.addAndGet(1_000_000);
            passed += pace.pass("ana").isZero() ? 1 : 0;
        }

        assertThat(passed).isEqualTo(500);
    }

    @Test
    void aRefusalCostsNothing() {
        exhaust();
        for (int i = 0; i < 1000; i++) {
            pace.pass("ana");
        }
        clock.addAndGet(Duration.ofMillis(20).toNanos());

        assertThat(pace.pass("ana")).isZero();
    }

    @Test
    void forgetsKeysThatWereQuietForTheirBurst() {
        for (int i = 0; i < 4000; i++) {
            pace.pass("sender" + i);
        }
        clock.addAndGet(Duration.ofSeconds(10).toNanos());
        for (int i = 0; i < 200; i++) {
            pace.pass("ana");
        }

        assertThat(pace.keys()).isEqualTo(1);
    }

    private void exhaust() {
        for (int i = 0; i < 100; i++) {
            pace.pass("ana");
        }
    }
}

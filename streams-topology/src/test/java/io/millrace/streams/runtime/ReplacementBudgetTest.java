package io.millrace.streams.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class ReplacementBudgetTest {
    private Instant now = Instant.EPOCH;
    private final ReplacementBudget budget = new ReplacementBudget(2, Duration.ofMinutes(5), new SetClock());

    @Test
    void refusesOneMoreThanTheWindowAllows() {
        assertThat(budget.take()).isTrue();
        assertThat(budget.take()).isTrue();
        assertThat(budget.take()).isFalse();
    }

    @Test
    void allowsAnotherOnceTheFirstIsAWindowAgo() {
        budget.take();
        now = now.plusSeconds(60);
        budget.take();

        now = now.plusSeconds(239);
        assertThat(budget.take()).isFalse();
        now = now.plusSeconds(1);
        assertThat(budget.take()).isTrue();
        assertThat(budget.take()).isFalse();
    }

    private final class SetClock extends Clock {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}

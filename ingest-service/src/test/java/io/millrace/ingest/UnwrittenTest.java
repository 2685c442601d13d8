package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** ING-6: what is on its way to Kafka is bounded, and nobody who waits for room is forgotten. */
class UnwrittenTest {
    private final Unwritten unwritten = new Unwritten(100);
    private final AtomicInteger woken = new AtomicInteger();

    @Test
    void takesWhatFitsAndCountsNothingOfWhatDoesNot() {
        assertThat(unwritten.reserve(60)).isTrue();
        assertThat(unwritten.reserve(40)).isTrue();
        assertThat(unwritten.reserve(1)).isFalse();

        assertThat(unwritten.bytes()).isEqualTo(100);
    }

    @Test
    void takesOneLargerThanEverythingWhenNothingElseIsThere() {
        assertThat(unwritten.reserve(500)).isTrue();
        assertThat(unwritten.reserve(1)).isFalse();
    }

    @Test
    void wakesWhoWaitsOnceHalfIsFreeAndOnlyOnce() {
        unwritten.reserve(60);
        unwritten.reserve(40);
        unwritten.whenFree(woken::incrementAndGet);

        unwritten.release(40);
        assertThat(woken).hasValue(0);
        unwritten.release(20);
        assertThat(woken).hasValue(1);
        unwritten.release(40);
        assertThat(woken).hasValue(1);
    }

    @Test
    void wakesAtOnceWhereThereIsRoomAlready() {
        unwritten.reserve(50);

        unwritten.whenFree(woken::incrementAndGet);

        assertThat(woken).hasValue(1);
    }
}

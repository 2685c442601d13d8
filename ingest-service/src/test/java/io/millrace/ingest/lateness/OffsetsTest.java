package io.millrace.ingest.lateness;

import static io.millrace.ingest.lateness.Offsets.NONE;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** ING-8: where a late record may wait, told from offsets alone. */
class OffsetsTest {
    @Test
    void isInTimeWhenAllThatIsNotYoungIsProcessed() {
        assertThat(new Offsets(10, 10, 14).mayBeLate()).isFalse();
        assertThat(new Offsets(12, 10, 14).mayBeLate()).isFalse();
        assertThat(new Offsets(14, NONE, 14).mayBeLate()).isFalse();
    }

    @Test
    void mayBeLateWhenSomethingOlderIsNotProcessed() {
        assertThat(new Offsets(9, 10, 14).mayBeLate()).isTrue();
        assertThat(new Offsets(13, NONE, 14).mayBeLate()).isTrue();
    }

    @Test
    @DisplayName("a group that never committed begins at the beginning: an empty log is no work, a written one is")
    void takesAGroupThatNeverCommittedForOneThatProcessedNothing() {
        assertThat(new Offsets(NONE, NONE, 0).mayBeLate()).isFalse();
        assertThat(new Offsets(NONE, 0, 5).mayBeLate()).isFalse();
        assertThat(new Offsets(NONE, NONE, 5).mayBeLate()).isTrue();
    }
}

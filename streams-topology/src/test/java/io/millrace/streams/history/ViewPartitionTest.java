package io.millrace.streams.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.streams.history.pages.ViewStore;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** HIS-2: when the view may say that it holds everything below an offset. */
class ViewPartitionTest {
    private final ViewPartition view = new ViewPartition(new ViewStore(null));

    @Test
    void coversNothingBeforeTheFirstPoll() {
        assertThat(view.covers(0)).isTrue();
        assertThat(view.covers(1)).isFalse();
    }

    @Test
    void coversWhatWasCommittedBeforeItWasRestored() {
        view.polled(100, -1);
        assertThat(view.covers(100)).isTrue();
        assertThat(view.covers(101)).isFalse();
    }

    @Test
    void doesNotCoverWhatIsPolledButNotProcessed() {
        view.polled(10, 9);
        assertThat(view.covers(10)).isFalse();
        view.processed(8);
        assertThat(view.covers(9)).isTrue();
        assertThat(view.covers(10)).isFalse();
        view.processed(9, "lobby", 2);
        assertThat(view.covers(10)).isTrue();
    }

    @Test
    @DisplayName("a marker after the last record is covered once that record is")
    void coversTheMarkerAfterTheLastRecord() {
        view.polled(11, 9);
        view.processed(9, "lobby", 1);
        assertThat(view.covers(11)).isTrue();
    }

    @Test
    @DisplayName("a marker polled alone, after aborted records, is covered as soon as all before is")
    void coversMarkersThatComeWithoutRecords() {
        view.polled(10, 9);
        view.polled(15, -1);
        assertThat(view.covers(15)).isFalse();
        view.processed(9, "lobby", 1);
        assertThat(view.covers(15)).isTrue();
    }

    @Test
    void wakesAWaitWhenTheMarkerIsPolledAfterTheRecordWasProcessed() {
        var covered = view.covering(11);
        view.polled(10, 9);
        view.processed(9, "lobby", 1);
        assertThat(covered).isNotDone();
        view.polled(11, -1);
        assertThat(covered).isCompleted();
        assertThat(view.waiting()).isZero();
    }

    @Test
    void failsAWaitThatComesAfterThePartitionHasLeft() {
        view.close();
        assertThat(view.covering(5)).isCompletedExceptionally();
        assertThat(view.waiting()).isZero();
    }
}

package io.millrace.ingest.lateness;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** ING-8: how long a connection rests, by how late the pipeline is. */
class ReadingPaceTest {
    private final ReadingPace pace = new ReadingPace(ofSeconds(1), ofSeconds(5));

    @Test
    @DisplayName("ING-8: a pipeline up to 1 s late slows nobody down")
    void restsNotAtAllUpToTheThreshold() {
        assertThat(pace.pause(ZERO)).isZero();
        assertThat(pace.pause(ofSeconds(1))).isZero();
    }

    @Test
    @DisplayName("ING-8: the later the pipeline, the longer the rest, up to the longest")
    void restsLongerTheLaterThePipelineIs() {
        assertThat(pace.pause(ofMillis(1400))).isEqualTo(ofMillis(100));
        assertThat(pace.pause(ofSeconds(9))).isEqualTo(ofSeconds(2));
        assertThat(pace.pause(ofSeconds(21))).isEqualTo(ofSeconds(5));
        assertThat(pace.pause(Duration.ofDays(7))).isEqualTo(ofSeconds(5));
    }

    /** Connections that always have something to send against a pipeline that takes less: a second at a time, without a clock. */
    @Test
    @DisplayName("ING-8: acknowledgements do not outrun the pipeline without bound")
    void settlesWhereNoMoreComesInThanGoesThrough() {
        int connections = 1000;
        int unslowed = 50;
        int capacity = 2000;
        double behind = 0;
        double most = 0;
        for (int tenths = 0; tenths < 6000; tenths++) {
            double lateness = behind / capacity;
            double pause = pace.pause(ofMillis((long) (lateness * 1000))).toMillis() / 1000.0;
            double arriving = connections / (1.0 / unslowed + pause) / 10;
            behind = Math.max(0, behind + arriving - capacity / 10.0);
            most = Math.max(most, lateness);
        }
        assertThat(most).isLessThan(10);
        assertThat(behind / capacity).isBetween(1.0, 4.0);
    }
}

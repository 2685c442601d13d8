package io.millrace.streams;

import static io.millrace.streams.Written.by;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.streams.lane.queue.LaneSettings;
import io.millrace.streams.room.SequencerSettings;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every message that arrived is counted once: as synced, failed, repeated, absorbed or waiting. */
class WritePathMetersTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void countsEveryMessageOnce() {
        try (var pipeline = new DrivenPipeline(LaneSettings.DEFAULTS, SequencerSettings.DEFAULTS, new WritePathMeters(registry, DrivenPipeline.TOPICS))) {
            pipeline.send(by("ana").nth(1), by("ana").nth(1), by("ana").nth(3), by("ana").nth(3), by("ana").nth(4));
            assertThat(counts()).containsExactly(5, 1, 0, 1, 1, 2);
            pipeline.send(by("ana").nth(2));
            assertThat(counts()).containsExactly(6, 4, 0, 1, 1, 0);
            pipeline.send(by("bea").nth(2), by("bea").nth(3));
            assertThat(counts()).containsExactly(8, 4, 0, 1, 1, 2);
        }
        assertThat(count("millrace.lanes.waiting")).as("whoever has the lanes next counts them anew").isZero();
    }

    private List<Integer> counts() {
        return Stream.of("millrace.lanes.arrived", "millrace.messages.synced", "millrace.messages.failed", "millrace.messages.repeated", "millrace.lanes.absorbed",
                "millrace.lanes.waiting").map(this::count).toList();
    }

    private int count(String name) {
        return (int) registry.find(name).meters().stream().mapToDouble(meter -> meter.measure().iterator().next().getValue()).sum();
    }
}

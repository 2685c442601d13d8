package io.millrace.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.contract.topic.Topics;
import io.millrace.streams.lane.LaneScheduler;
import io.millrace.streams.lane.queue.LaneSettings;
import io.millrace.streams.room.RoomSequencer;
import io.millrace.streams.room.SequencerSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.streams.Topology;
import org.junit.jupiter.api.Test;

/** The shape of the write path, as it was agreed: names of operators and stores are part of what a running installation has on its disks. */
class TopologyDescriptionTest {
    private static final Pattern STORES = Pattern.compile("stores: \\[(.*?)]");
    private static final Topics TOPICS = Topics.of("chat.", 12, Duration.ofDays(30));

    @Test
    void theLaneSchedulerIsBuiltAsDescribed() throws IOException {
        assertThat(described(new LaneScheduler(TOPICS, LaneSettings.DEFAULTS, StoreKind.ON_DISK, WritePathMeters.unseen()).build())).isEqualTo(golden("lane-scheduler.txt"));
    }

    @Test
    void theRoomSequencerIsBuiltAsDescribed() throws IOException {
        assertThat(described(new RoomSequencer(TOPICS, SequencerSettings.DEFAULTS, StoreKind.ON_DISK, WritePathMeters.unseen()).build())).isEqualTo(golden("room-sequencer.txt"));
    }

    /** Streams lists the stores of a processor in no order. */
    private static String described(Topology topology) {
        return STORES.matcher(topology.describe().toString().strip())
                .replaceAll(stores -> Stream.of(stores.group(1).split(", ")).sorted().collect(Collectors.joining(", ", "stores: [", "]")));
    }

    private static String golden(String name) throws IOException {
        try (var file = TopologyDescriptionTest.class.getResourceAsStream("/topology/" + name)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8).strip();
        }
    }
}

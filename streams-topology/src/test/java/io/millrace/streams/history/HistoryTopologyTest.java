package io.millrace.streams.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.contract.topic.Topics;
import org.junit.jupiter.api.Test;

/** Names of nodes and stores are names of consumer state and changelogs: they must not change unnoticed. */
class HistoryTopologyTest {
    @Test
    void hasTheShapeAndTheNamesItAlwaysHad() {
        var topics = Topics.of("chat.", 12, Topics.DEFAULT_LOG_RETENTION);
        var view = new HistoryView(topics, Topics.DEFAULT_LOG_RETENTION, new TestHistorySettings(), new ViewPartitions<>(),
                new HistoryMeters(new SimpleMeterRegistry()));

        assertThat(view.build().describe()).hasToString("""
                Topologies:
                   Sub-topology: 0
                    Source: read-room-log (topics: [chat.room-log])
                      --> keep-pages
                    Processor: keep-pages (stores: [room-pages])
                      --> none
                      <-- read-room-log

                  Sub-topology: 1
                    Source: read-discontinuities (topics: [chat.discontinuities])
                      --> count-losses
                    Processor: count-losses (stores: [room-losses])
                      --> none
                      <-- read-discontinuities

                """);
    }
}

package io.millrace.streams;

import static io.millrace.streams.Written.by;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.contract.topic.Topic;
import io.millrace.streams.lane.queue.LaneSettings;
import io.millrace.streams.room.SequencerSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** TOP-1: every record of the write path says what it is, and carries the trace of the message that caused it. */
class HeadersTest {
    private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private final CrashingPipeline pipeline = new CrashingPipeline(LaneSettings.DEFAULTS, SequencerSettings.DEFAULTS);

    @AfterEach
    void close() {
        pipeline.close();
    }

    private List<Map<String, String>> headers(Topic<?> topic) {
        return pipeline.written(topic).stream().map(record -> Arrays.stream(record.headers().toArray())
                .collect(Collectors.toMap(header -> header.key(), header -> new String(header.value(), StandardCharsets.UTF_8)))).toList();
    }

    private void send(Written written) {
        var headers = new RecordHeaders().add("traceparent", TRACE.getBytes(StandardCharsets.UTF_8)).add("ce_type", new byte[] {'x'});
        var value = DrivenPipeline.TOPICS.text().encode(written.accepted());
        pipeline.sendRaw(DrivenPipeline.TOPICS.text(), new TestRecord<>(written.sender().getBytes(StandardCharsets.UTF_8), value, headers, written.at()));
    }

    @Test
    void saysWhatEachRecordIs() {
        send(by("ana").nth(1));
        assertThat(headers(DrivenPipeline.TOPICS.roomLog())).singleElement().satisfies(headers -> assertThat(headers)
                .containsEntry("ce_specversion", "1.0").containsEntry("ce_type", "io.millrace.room.entry").containsEntry("ce_source", "/millrace/room-sequencer")
                .containsEntry("ce_subject", "lobby").containsEntry("ce_time", Written.START.toString()).containsEntry("traceparent", TRACE));
        assertThat(headers(DrivenPipeline.TOPICS.syncEvents())).singleElement().satisfies(headers -> assertThat(headers)
                .containsEntry("ce_type", "io.millrace.message.sync").containsEntry("ce_subject", "ana").containsEntry("traceparent", TRACE));
        assertThat(headers(DrivenPipeline.TOPICS.roomInbox())).singleElement().satisfies(headers -> assertThat(headers)
                .containsEntry("ce_type", "io.millrace.room.inbox").containsEntry("ce_source", "/millrace/lane-scheduler"));
    }

    @Test
    void keepsTheTraceOfAMessageThatWaited() {
        send(by("ana").nth(2));
        send(by("ana").nth(3));
        pipeline.pass(Duration.ofSeconds(17));
        assertThat(headers(DrivenPipeline.TOPICS.roomLog())).hasSize(2).allSatisfy(headers -> assertThat(headers).containsEntry("traceparent", TRACE));
    }

    @Test
    void givesEveryEventAnIdThatARepeatHasAgain() {
        send(by("ana").nth(1));
        send(by("ana").nth(1));
        send(by("ana").nth(2));
        assertThat(headers(DrivenPipeline.TOPICS.syncEvents())).extracting(headers -> headers.get("ce_id")).containsExactly("ana/lobby/m1", "ana/lobby/m1", "ana/lobby/m2");
    }
}

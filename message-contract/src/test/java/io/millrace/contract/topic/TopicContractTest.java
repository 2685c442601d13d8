package io.millrace.contract.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.contract.docs.Schemas;
import io.millrace.contract.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * TOP-1: the golden records are what readers were promised. Each must still be read, be written back byte for byte, and fit
 * its schema; a line may be added here, never changed.
 */
class TopicContractTest {
    private static final Topics TOPICS = Topics.of("chat.", 12, Topics.DEFAULT_LOG_RETENTION);

    static Stream<GoldenRecord> golden() {
        return Stream.of(
                lines(TOPICS.text(), "accepted-message"), lines(TOPICS.media(), "accepted-message"), lines(TOPICS.attachments(), "attachment-outcome"),
                lines(TOPICS.hookAttempts(), "hook-attempt"), lines(TOPICS.hookVerdicts(), "hook-verdict"), lines(TOPICS.roomInbox(), "room-inbox"),
                lines(TOPICS.roomLog(), "room-log"), lines(TOPICS.syncEvents(), "sync-event"), lines(TOPICS.failures(), "failure"),
                lines(TOPICS.discontinuities(), "discontinuity"), lines(TOPICS.roomSignals(), "room-signal"), lines(TOPICS.presence(), "presence")).flatMap(records -> records);
    }

    @ParameterizedTest
    @MethodSource("golden")
    void readsAndWritesWhatReadersWerePromised(GoldenRecord golden) {
        assertThat(new String(golden.rewritten(), StandardCharsets.UTF_8)).isEqualTo(golden.json());
    }

    @ParameterizedTest
    @MethodSource("golden")
    void fitsItsSchema(GoldenRecord golden) throws IOException {
        assertThat(Schemas.complaints(golden.schema() + ".json", Json.MAPPER.readTree(golden.rewritten()))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("golden")
    void readsARecordThatSaysMoreThanItKnows(GoldenRecord golden) {
        String extended = golden.json().substring(0, golden.json().length() - 1) + ",\"addedLater\":{\"x\":1}}";

        assertThat(new GoldenRecord(golden.topic(), golden.schema(), extended).rewritten()).isEqualTo(golden.bytes());
    }

    @Test
    void everyTopicHasGoldenRecords() {
        assertThat(golden().map(GoldenRecord::topic).distinct()).containsExactlyInAnyOrderElementsOf(TOPICS.all());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"id\":\"a\",\"state\":\"synced\"}", "[]", "null"})
    void schemasRefuseWhatLacksItsFields(String json) throws IOException {
        JsonNode node = Json.MAPPER.readTree(json);

        assertThat(Stream.of("accepted-message", "attachment-outcome", "hook-attempt", "hook-verdict", "room-inbox", "room-log", "sync-event", "failure", "discontinuity",
                "room-signal", "presence"))
                .allSatisfy(name -> assertThat(Schemas.complaints(name + ".json", node)).isNotEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "{}", "[1]", "\u0000\u0001", "{\"sender\":\"ana\"}"})
    void saysUndecodableForWhatIsNoValueWithoutRepeatingIt(String value) {
        assertThatThrownBy(() -> TOPICS.text().decode(value.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(Topic.UndecodableRecord.class).hasMessageStartingWith("unable to decode a record of chat.messages.text; ");
        assertThatThrownBy(() -> TOPICS.text().decode(null)).isInstanceOf(Topic.UndecodableRecord.class);
    }

    private static Stream<GoldenRecord> lines(Topic<?> topic, String schema) {
        try (var in = TopicContractTest.class.getResourceAsStream("/golden/" + schema + ".jsonl")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().map(json -> new GoldenRecord(topic, schema, json)).toList().stream();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    record GoldenRecord(Topic<?> topic, String schema, String json) {
        byte[] bytes() {
            return json.getBytes(StandardCharsets.UTF_8);
        }

        byte[] rewritten() {
            return rewrite(topic);
        }

        private <V> byte[] rewrite(Topic<V> typed) {
            return typed.encode(typed.decode(bytes()));
        }
    }
}

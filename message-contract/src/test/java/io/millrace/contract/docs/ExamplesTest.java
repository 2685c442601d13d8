package io.millrace.contract.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.contract.frame.BadFrame;
import io.millrace.contract.frame.ClientFrame;
import io.millrace.contract.frame.FrameReader;
import io.millrace.contract.frame.ServerFrame;
import io.millrace.contract.json.Json;
import io.millrace.contract.record.SyncEvent;
import io.millrace.contract.topic.Topic;
import io.millrace.contract.topic.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** TOP-1, TOP-2: every example of the documents fits its schema, with no field beside it, and is read and written back by the code. */
class ExamplesTest {
    private static final JsonNode SOCKETS_AND_TOPICS = Schemas.read(Schemas.DOCS.resolve("asyncapi.json"));
    private static final JsonNode HTTP = Schemas.read(Schemas.DOCS.resolve("openapi.json"));
    private static final Topics TOPICS = Topics.of(Topics.DEFAULT_PREFIX, Topics.DEFAULT_PARTITIONS, Topics.DEFAULT_LOG_RETENTION);
    private static final String SCHEMAS = "schemas/";

    record Example(String message, String schema, JsonNode headers, JsonNode payload) {
        @Override
        public String toString() {
            return message + " " + payload;
        }
    }

    static Stream<Example> all() {
        return Stream.concat(ofMessages(""), ofHttp());
    }

    static Stream<Example> ofClients() {
        return ofMessages("client.");
    }

    static Stream<Example> ofServers() {
        return Stream.concat(ofMessages("server."), ofHttp().filter(example -> example.schema().startsWith("server-frames.json")));
    }

    static Stream<Example> ofTopics() {
        return TOPICS.all().stream().flatMap(topic -> ofMessages(id(topic)));
    }

    @ParameterizedTest
    @MethodSource("all")
    void fitsItsSchema(Example example) {
        assertThat(Schemas.complaints(example.schema(), example.payload())).isEmpty();
        assertThat(Schemas.complaintsOfStrangers(example.schema(), example.payload())).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("ofClients")
    void isReadAsTheFrameOfItsOp(Example example) throws BadFrame, IOException {
        ClientFrame read = FrameReader.read(Json.bytes(example.payload()));
        JsonNode written = Json.MAPPER.readTree(Json.bytes(written(read, example.payload().path("op").asText())));

        assertThat(FrameReader.read(Json.bytes(written))).isEqualTo(read);
        assertThat(example.payload().fields()).toIterable().allSatisfy(field -> assertThat(written.path(field.getKey())).isEqualTo(field.getValue()));
    }

    @ParameterizedTest
    @MethodSource("ofServers")
    void isWrittenAsItStands(Example example) throws IOException {
        assertThat(Json.MAPPER.readTree(frame(example.payload()).bytes())).isEqualTo(example.payload());
    }

    @ParameterizedTest
    @MethodSource("ofTopics")
    void isARecordOfItsTopic(Example example) throws IOException {
        Topic<?> topic = TOPICS.all().stream().filter(one -> id(one).equals(example.message())).findFirst().orElseThrow();

        assertThat(Json.MAPPER.readTree(rewritten(topic, example.payload()))).isEqualTo(example.payload());
        assertThat(Schemas.complaintsOfStrangers("event-headers.json", example.headers())).isEmpty();
        assertThat(example.headers().path("ce_type").asText()).isEqualTo(topic.eventType());
    }

    @Test
    @DisplayName("ING-1: the body over HTTP is read as a message for the room of the path")
    void bodiesAreReadAsMessages() {
        var bodies = ofHttp().filter(example -> example.schema().equals("http.json#/$defs/message")).toList();
        assertThat(bodies).isNotEmpty().allSatisfy(body -> assertThat(FrameReader.readMessage(Json.bytes(body.payload()), "lobby").room()).isEqualTo("lobby"));
    }

    @Test
    void everyMessageHasAnExample() {
        assertThat(SOCKETS_AND_TOPICS.at("/components/messages").fields()).toIterable()
                .allSatisfy(message -> assertThat(ofMessages(message.getKey())).as(message.getKey()).isNotEmpty());
    }

    @Test
    void aValueThatIsNoneIsNoticed() throws IOException {
        JsonNode pong = Json.MAPPER.readTree("{\"op\":\"pong\",\"ref\":true,\"since\":\"yesterday\"}");
        assertThat(Schemas.complaints("server-frames.json", pong)).isNotEmpty();
        assertThat(Schemas.complaintsOfStrangers("server-frames.json#/$defs/pong", ((ObjectNode) pong).put("ref", 1))).hasSize(1).first().asString().contains("since");
        assertThat(Schemas.complaints("common.json#/$defs/instant", Json.MAPPER.readTree("\"yesterday\""))).isNotEmpty();
    }

    private static Stream<Example> ofMessages(String prefix) {
        List<Example> examples = new ArrayList<>();
        SOCKETS_AND_TOPICS.at("/components/messages").fields().forEachRemaining(message -> {
            if (message.getKey().equals(prefix) || (prefix.isEmpty() || prefix.endsWith(".")) && message.getKey().startsWith(prefix)) {
                String schema = message.getValue().at("/payload/$ref").asText().substring(SCHEMAS.length());
                message.getValue().path("examples").forEach(example -> examples.add(new Example(message.getKey(), schema, example.path("headers"), example.path("payload"))));
            }
        });
        return examples.stream();
    }

    private static Stream<Example> ofHttp() {
        return HTTP.findValues("application/json").stream().flatMap(content -> {
            String schema = content.at("/schema/$ref").asText().substring(SCHEMAS.length());
            List<Example> examples = new ArrayList<>();
            content.path("examples").forEach(example -> examples.add(new Example("http", schema, null, example.path("value"))));
            return examples.stream();
        });
    }

    private static String id(Topic<?> topic) {
        return topic.name().substring(Topics.DEFAULT_PREFIX.length());
    }

    private static JsonNode written(ClientFrame read, String op) {
        ObjectNode written = Json.MAPPER.valueToTree(read instanceof ClientFrame.Send send ? send.message() : read);
        if (read.ref() != null) {
            written.set("ref", read.ref());
        }
        return written.put("op", op);
    }

    /** A sync frame is the one that is only ever written: its event is read as the record it is. */
    private static ServerFrame frame(JsonNode payload) throws IOException {
        if (payload.path("op").asText().equals("sync")) {
            return new ServerFrame.Sync(payload.get("ref"), Json.MAPPER.treeToValue(payload, SyncEvent.class));
        }
        return Json.MAPPER.treeToValue(payload, ServerFrame.class);
    }

    private static <V> byte[] rewritten(Topic<V> topic, JsonNode payload) {
        return topic.encode(topic.decode(payload.toString().getBytes(StandardCharsets.UTF_8)));
    }
}

package io.millrace.contract.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.contract.frame.CloseCode;
import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.topic.Topic;
import io.millrace.contract.topic.Topics;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** TOP-2: the documents say what the code has, no less and no more. */
class DocumentsTest {
    private static final Path ASYNC_API = Schemas.DOCS.resolve("asyncapi.json");
    private static final Path OPEN_API = Schemas.DOCS.resolve("openapi.json");
    private static final JsonNode SOCKETS_AND_TOPICS = Schemas.read(ASYNC_API);
    private static final Topics TOPICS = Topics.of(Topics.DEFAULT_PREFIX, Topics.DEFAULT_PARTITIONS, Topics.DEFAULT_LOG_RETENTION);

    static Stream<Path> files() {
        return Stream.concat(Stream.of(ASYNC_API, OPEN_API), Schemas.files().stream());
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyReferenceLeadsSomewhere(Path file) {
        var references = new References(file);
        assertThat(references.all()).isNotNull().allSatisfy(reference -> assertThat(references.follow(reference).value().isMissingNode()).as(reference).isFalse());
    }

    @ParameterizedTest
    @MethodSource("schemas")
    void everySchemaIsOne(Path file) {
        assertThat(Schemas.complaintsOfSchema(file)).isEmpty();
    }

    static Stream<Path> schemas() {
        return Schemas.files().stream();
    }

    @Test
    @DisplayName("TOP-2: no schema stands in a document; both refer to the files")
    void documentsHoldNoSchemaOfABody() {
        assertThat(SOCKETS_AND_TOPICS.at("/components/messages")).allSatisfy(message -> assertThat(message.at("/payload/$ref").asText()).startsWith("schemas/"));
        assertThat(bodies(Schemas.read(OPEN_API))).isNotEmpty().allSatisfy(schema -> assertThat(schema.path("$ref").asText()).startsWith("schemas/"));
    }

    @Test
    @DisplayName("DEL-1, ING-1: every op that the code reads or writes is described, and none that it does not know")
    void describesEveryOp() {
        assertThat(described("client.")).containsExactlyInAnyOrderElementsOf(Ops.ofClients());
        assertThat(Stream.concat(described("server.").stream(), Stream.of("continuity"))).as("continuity comes over HTTP only").containsExactlyInAnyOrderElementsOf(Ops.ofServers());
        assertThat(union("client-frames.json")).containsExactlyInAnyOrderElementsOf(Ops.ofClients());
        assertThat(union("server-frames.json")).containsExactlyInAnyOrderElementsOf(Ops.ofServers());
    }

    @Test
    @DisplayName("DEL-1: every frame of the specification's list is on the delivery socket")
    void describesWhatTheSpecificationLists() {
        var frames = Ops.ofSpecification();
        var channel = SOCKETS_AND_TOPICS.at("/channels/delivery/messages");
        assertThat(frames.clients()).isNotEmpty().allSatisfy(op -> assertThat(channel.has(op)).as(op).isTrue());
        assertThat(frames.servers()).isNotEmpty().filteredOn(Ops.ofServers()::contains).allSatisfy(op -> assertThat(channel.has("server." + op)).as(op).isTrue());
    }

    @Test
    void everyMessageOfASocketIsInAnOperation() {
        for (String socket : List.of("ingest", "delivery")) {
            Set<String> used = stream(SOCKETS_AND_TOPICS.path("operations")).flatMap(operation -> Stream.concat(stream(operation.path("messages")), stream(operation.at("/reply/messages"))))
                    .map(message -> message.path("$ref").asText()).filter(reference -> reference.startsWith("#/channels/" + socket + "/"))
                    .map(reference -> reference.substring(reference.lastIndexOf('/') + 1)).collect(Collectors.toCollection(TreeSet::new));
            assertThat(used).as(socket).isEqualTo(names(SOCKETS_AND_TOPICS.at("/channels/" + socket + "/messages")));
        }
    }

    @Test
    @DisplayName("ERR-1: the codes, their HTTP status and whether trying again can help")
    void describesEveryErrorCode() {
        var described = stream(Schemas.read(Schemas.DOCS.resolve("schemas/error-code.json")).path("oneOf"))
                .map(code -> code.path("const").asText() + " " + code.path("x-httpStatus").asInt() + " " + code.path("x-retryable").asBoolean());
        assertThat(described).containsExactlyElementsOf(Stream.of(ErrorCode.values()).map(code -> code + " " + code.httpStatus() + " " + code.retryable()).toList());
    }

    @Test
    @DisplayName("ERR-2: the close codes")
    void describesEveryCloseCode() {
        var described = stream(Schemas.read(Schemas.DOCS.resolve("schemas/close-code.json")).path("oneOf")).map(code -> code.path("title").asText() + " " + code.path("const").asInt());
        assertThat(described).containsExactlyElementsOf(Stream.of(CloseCode.values()).map(code -> code + " " + code.code()).toList());
    }

    @Test
    @DisplayName("TOP-1: every topic with its key, type, partitions, retention and cleaning")
    void describesEveryTopic() {
        var channels = SOCKETS_AND_TOPICS.path("channels");
        assertThat(names(channels)).containsExactlyInAnyOrderElementsOf(Stream.concat(Stream.of("ingest", "delivery"), TOPICS.all().stream().map(Topic::name)).toList());
        assertThat(TOPICS.all()).allSatisfy(topic -> {
            var channel = channels.path(topic.name());
            var kafka = channel.at("/bindings/kafka");
            assertThat(channel.path("address").asText()).isEqualTo(kafka.path("topic").asText()).isEqualTo(topic.name());
            assertThat(kafka.path("partitions").asInt()).isEqualTo(topic.partitions());
            var config = kafka.path("topicConfiguration");
            assertThat(stream(config.path("cleanup.policy")).map(JsonNode::asText).collect(Collectors.joining(","))).isEqualTo(topic.config().get("cleanup.policy"));
            assertThat(config.path("retention.ms").asText()).isEqualTo(topic.config().get("retention.ms"));
            assertThat(config.path("max.message.bytes").asText()).isEqualTo(topic.config().get("max.message.bytes"));
            assertThat(message(topic).at("/headers/allOf/1/properties/ce_type/const").asText()).isEqualTo(topic.eventType());
        });
    }

    private static JsonNode message(Topic<?> topic) {
        return SOCKETS_AND_TOPICS.at("/components/messages").path(topic.name().substring(Topics.DEFAULT_PREFIX.length()));
    }

    private static Set<String> described(String prefix) {
        return names(SOCKETS_AND_TOPICS.at("/components/messages")).stream().filter(name -> name.startsWith(prefix)).map(name -> name.substring(prefix.length())).collect(Collectors.toSet());
    }

    private static List<String> union(String schema) {
        return stream(Schemas.read(Schemas.DOCS.resolve("schemas").resolve(schema)).path("oneOf")).map(option -> option.path("$ref").asText().replace("#/$defs/", "")).toList();
    }

    private static List<JsonNode> bodies(JsonNode node) {
        return node.findValues("application/json").stream().map(content -> content.path("schema")).toList();
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static Stream<JsonNode> stream(JsonNode node) {
        return StreamSupport.stream(node.spliterator(), false);
    }
}

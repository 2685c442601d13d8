package io.millrace.analytics;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.millrace.contract.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The documents and schemas that a running instance publishes, read from there as any reader would, and what they have to say of values. */
final class Published {
    private static final String SCHEMAS = "schemas/";
    private static final SchemaValidatorsConfig STRICT = SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();

    private final String docs;
    private final JsonSchemaFactory factory = JsonSchemaFactory.getInstance(VersionFlag.V202012);
    private final Map<String, JsonSchema> schemas = new ConcurrentHashMap<>();
    private final JsonNode socketsAndTopics;
    private final JsonNode http;

    Published(String url) {
        docs = url + "/docs/";
        socketsAndTopics = read("asyncapi.json");
        http = read("openapi.json");
    }

    JsonNode read(String path) {
        try (var in = URI.create(docs + path).toURL().openStream()) {
            return Json.MAPPER.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException("unable to read " + docs + path, e);
        }
    }

    JsonNode channel(String name) {
        return socketsAndTopics.path("channels").path(name);
    }

    JsonNode paths() {
        return http.path("paths");
    }

    /** What is wrong with a frame: unknown on that socket, not as its schema says, or with fields that it does not name. */
    List<String> complaintsOfFrame(String socket, JsonNode frame) {
        String name = "server." + frame.path("op").asText();
        if (!channel(socket).path("messages").has(name)) {
            return List.of(socket + " has no frame " + frame);
        }
        return complaints(socketsAndTopics.at("/components/messages").path(name).path("payload"), frame);
    }

    /** What is wrong with a record: its key, its headers or its value. */
    List<String> complaintsOfRecord(String topic, JsonNode key, JsonNode headers, JsonNode value) {
        String reference = channel(topic).path("messages").elements().next().path("$ref").asText();
        JsonNode message = socketsAndTopics.at(reference.substring(1));
        List<String> complaints = new ArrayList<>(complaints(message.at("/bindings/kafka/key"), key));
        complaints.addAll(complaints(message.at("/headers/allOf/0"), headers));
        complaints.addAll(complaints(message.path("payload"), value));
        if (!headers.path("ce_type").equals(message.at("/headers/allOf/1/properties/ce_type/const"))) {
            complaints.add(topic + " has a record of type " + headers.path("ce_type"));
        }
        return complaints;
    }

    /** What is wrong with an answer: a status the operation does not have, or another body than that status says. */
    List<String> complaintsOfAnswer(String method, String path, int status, JsonNode body) {
        JsonNode response = http.path("paths").path(path).path(method).path("responses").path(Integer.toString(status));
        if (response.has("$ref")) {
            response = http.at(response.path("$ref").asText().substring(1));
        }
        if (response.isMissingNode()) {
            return List.of(method + " " + path + " has no answer " + status);
        }
        JsonNode schema = response.path("content").path("application/json").path("schema");
        return schema.isMissingNode() ? List.of() : complaints(schema, body);
    }

    /** A field that a schema does not name is a complaint too: of the value itself, and of the entries and messages in it. */
    private List<String> complaints(JsonNode reference, JsonNode value) {
        List<String> complaints = new ArrayList<>(complaints(reference.path("$ref").asText(), value));
        value.findValues("entry").forEach(entry -> complaints.addAll(complaints("schemas/entry.json", entry)));
        value.findValues("message").stream().filter(JsonNode::isObject).forEach(message -> complaints.addAll(complaints("schemas/message.json", message)));
        return complaints;
    }

    private List<String> complaints(String file, JsonNode value) {
        if (!file.startsWith(SCHEMAS)) {
            throw new AssertionError("no schema: " + file);
        }
        String closed = "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"$ref\":\"" + docs + file + "\",\"unevaluatedProperties\":false}";
        return schemas.computeIfAbsent(file, name -> factory.getSchema(closed, STRICT)).validate(value).stream()
                .map(complaint -> file + ": " + complaint + " in " + value).toList();
    }
}

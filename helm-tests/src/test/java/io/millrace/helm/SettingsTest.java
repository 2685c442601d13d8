package io.millrace.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The chart's settings are the services' own: every key of theirs can be set, and says the same when nobody sets it. */
class SettingsTest {
    private static final JsonNode VALUES = Chart.yaml(Chart.DIRECTORY.resolve("values.yaml"));
    /** What the chart decides itself, because it is about pods: where things lie, where they listen, how long a pod may take to leave. */
    private static final Set<String> OF_THE_CHART = Set.of("millrace.attachments.directory", "millrace.streams.state-dir", "millrace.history.host", "millrace.history.port",
            "millrace.history.advertised-host", "millrace.delivery.history-url", "millrace.gate.drain-time");
    /** What follows from another setting. */
    private static final Set<String> DERIVED = Set.of("millrace.ingest.lateness.scheduler-group", "millrace.ingest.lateness.sequencer-group", "millrace.sync.hook.max-message-bytes");

    @Test
    void everySettingOfTheServicesHasItsValue() throws IOException {
        Map<String, String> chart = new TreeMap<>();
        VALUES.get("settings").properties().forEach(section -> flatten("millrace." + section.getKey(), section.getValue(), chart));

        defaults().forEach((key, value) -> {
            if (key.startsWith("millrace.") && !OF_THE_CHART.contains(key) && !DERIVED.contains(key)) {
                assertThat(chart).containsEntry(key, value);
            }
        });
    }

    @Test
    void thereAreNoSettingsThatNoServiceReads() throws IOException {
        String sources = Services.sources().map(Chart::read).collect(Collectors.joining());
        var passedOn = defaults().values();
        Map<String, String> chart = new TreeMap<>();
        VALUES.get("settings").properties().forEach(section -> flatten("millrace." + section.getKey(), section.getValue(), chart));

        assertThat(chart.keySet()).hasSizeGreaterThan(110).allMatch(key -> {
            String last = key.substring(key.lastIndexOf('.') + 1);
            return sources.contains(" " + Pattern.compile("-(.)").matcher(last).replaceAll(found -> found.group(1).toUpperCase()) + "();") || sources.contains("@WithName(\"" + last + "\")")
                    || passedOn.contains("${" + key + "}");
        });
    }

    @Test
    void theSchemaKnowsEveryValueAndNothingElse() {
        var schema = Chart.yaml(Chart.DIRECTORY.resolve("values.schema.json"));

        assertThat(unknown("", VALUES, schema)).isEmpty();
        assertThat(open("", schema)).isEmpty();
    }

    private static Stream<String> unknown(String path, JsonNode values, JsonNode schema) {
        if (!schema.has("properties")) {
            return Stream.of();
        }
        var known = schema.get("properties").propertyStream().map(Map.Entry::getKey).filter(key -> !key.equals("global")).collect(Collectors.toSet());
        var given = values.propertyStream().map(Map.Entry::getKey).collect(Collectors.toSet());
        return Stream.concat(
                Stream.concat(known.stream(), given.stream()).filter(key -> known.contains(key) != given.contains(key)).map(key -> path + "/" + key),
                values.propertyStream().filter(entry -> known.contains(entry.getKey()))
                        .flatMap(entry -> unknown(path + "/" + entry.getKey(), entry.getValue(), schema.get("properties").get(entry.getKey()))));
    }

    /** Objects of the chart's own that would let a typo pass; those of Kubernetes are checked by Kubernetes. */
    private static Stream<String> open(String path, JsonNode schema) {
        if (!schema.has("properties")) {
            return Stream.of();
        }
        var here = schema.path("additionalProperties").isBoolean() && !schema.get("additionalProperties").asBoolean() ? Stream.<String>of() : Stream.of(path + "/");
        return Stream.concat(here, schema.get("properties").propertyStream().flatMap(entry -> open(path + "/" + entry.getKey(), entry.getValue())));
    }

    private static Map<String, String> defaults() throws IOException {
        var all = new Properties();
        for (Path module : Services.MODULES) {
            all.load(new StringReader(Chart.read(module.resolve("src/main/resources/META-INF/microprofile-config.properties"))));
        }
        return all.stringPropertyNames().stream().collect(Collectors.toMap(key -> key, all::getProperty));
    }

    private static void flatten(String prefix, JsonNode node, Map<String, String> into) {
        if (node.isObject() && !node.isEmpty()) {
            node.properties().forEach(entry -> flatten(prefix + "." + entry.getKey().replaceAll("([A-Z])", "-$1").toLowerCase(), entry.getValue(), into));
        } else if (node.isArray()) {
            into.put(prefix, StreamSupport.stream(node.spliterator(), false).map(JsonNode::asText).collect(Collectors.joining(",")));
        } else {
            into.put(prefix, node.asText());
        }
    }
}

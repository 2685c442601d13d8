package io.millrace.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Grafana dashboard: valid JSON, valid PromQL, and nothing that no service tells. */
class DashboardTest {
    private static final Path DASHBOARD = Chart.DIRECTORY.resolve("files/dashboard.json");

    @TempDir
    private Path directory;

    @Test
    void hasAPanelForEachQuestion() throws IOException {
        assertThat(panels()).extracting(panel -> panel.get("title").asText()).contains("Accepted = synced + failed + pending", "Pending", "Lateness of the pipeline", "Connections", "Lag",
                "Discontinuities, by reason", "Outbound bytes", "Slow clients", "Token failures", "Refused, by code",
                "Age of entries when they were handed over", "Signals that did not come through");
    }

    @Test
    void everyMetricIsOneThatAServiceRegisters() {
        assertThat(MetricNames.used(Chart.read(DASHBOARD))).hasSizeGreaterThan(30);
        assertThat(MetricNames.ofTheServices().unknownIn(Chart.read(DASHBOARD))).isEmpty();
    }

    @Test
    void everyQuestionIsPromQl() throws Exception {
        var rules = panels().stream().flatMap(panel -> StreamSupport.stream(panel.path("targets").spliterator(), false))
                .map(target -> target.get("expr").asText().replace("$__rate_interval", "5m").replace("$__range", "1h").replace("$namespace", "chat"))
                .distinct().map(question -> Map.of("record", "panel:" + Integer.toUnsignedString(question.hashCode()).replaceAll("\\d", "a$0"), "expr", question)).toList();
        Chart.write(directory.resolve("panels.yaml"), Chart.YAML.writeValueAsString(Map.of("groups", List.of(Map.of("name", "panels", "rules", rules)))));

        assertThat(rules).hasSizeGreaterThan(40);
        assertThat(Promtool.run(directory, "check", "rules", "panels.yaml")).startsWith("ok ");
    }

    @Test
    void panelsHaveIdsOfTheirOwnAndDoNotOverlap() throws IOException {
        assertThat(panels()).extracting(panel -> panel.get("id").asInt()).doesNotHaveDuplicates();
        assertThat(panels()).extracting(panel -> panel.at("/gridPos/x") + "/" + panel.at("/gridPos/y")).doesNotHaveDuplicates();
    }

    @Test
    void theChartInstallsIt() throws IOException {
        var map = Chart.copiedTo(directory).objects(Chart.DIRECTORY.resolve("ci/ingress-hpa-values.yaml")).stream()
                .filter(object -> object.at("/metadata/name").asText().endsWith("-dashboard")).findFirst().orElseThrow();

        assertThat(new ObjectMapper().readTree(map.at("/data/millrace.json").asText())).isEqualTo(new ObjectMapper().readTree(DASHBOARD.toFile()));
    }

    private static List<JsonNode> panels() throws IOException {
        return StreamSupport.stream(new ObjectMapper().readTree(DASHBOARD.toFile()).get("panels").spliterator(), false).toList();
    }
}

package io.millrace.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The alerts of the chart, judged by Prometheus' own tool: each fires when it must and is silent when it must be. */
class AlertsTest {
    private static final Path ALERTS = Chart.DIRECTORY.resolve("files/alerts.yaml");
    private static final Path TESTS = Path.of("src", "test", "resources", "alerts-test.yaml");

    @TempDir
    private Path directory;

    @Test
    void prometheusTakesTheRules() throws Exception {
        assertThat(tried("check", "rules", "alerts.yaml")).startsWith("ok ").contains("SUCCESS");
    }

    @Test
    void alertsFireAndAreSilentAsTested() throws Exception {
        assertThat(tried("test", "rules", "alerts-test.yaml")).startsWith("ok ").contains("SUCCESS");
    }

    @Test
    void everyAlertIsTestedBothWays() {
        var alerts = all(Chart.yaml(ALERTS).at("/groups/0/rules")).map(rule -> rule.get("alert").asText()).collect(Collectors.toSet());

        Map<Boolean, Set<String>> tested = all(Chart.yaml(TESTS).get("tests")).flatMap(test -> all(test.get("alert_rule_test")))
                .collect(Collectors.partitioningBy(test -> test.get("exp_alerts").isEmpty(), Collectors.mapping(test -> test.get("alertname").asText(), Collectors.toSet())));

        assertThat(tested.get(true)).as("silent").isEqualTo(alerts);
        assertThat(tested.get(false)).as("firing").isEqualTo(alerts);
    }

    @Test
    void everyMetricIsOneThatAServiceRegisters() {
        assertThat(MetricNames.used(Chart.read(ALERTS))).hasSizeGreaterThan(20);
        assertThat(MetricNames.ofTheServices().unknownIn(Chart.read(ALERTS))).isEmpty();
    }

    @Test
    void theChartInstallsExactlyTheseRules() throws IOException {
        var rule = Chart.copiedTo(directory).objects(Chart.DIRECTORY.resolve("ci/ingress-hpa-values.yaml")).stream()
                .filter(object -> object.get("kind").asText().equals("PrometheusRule")).findFirst().orElseThrow();

        assertThat((JsonNode) rule.get("spec")).isEqualTo(Chart.yaml(ALERTS));
    }

    private String tried(String... arguments) throws Exception {
        Chart.write(directory.resolve("alerts.yaml"), Chart.read(ALERTS));
        Chart.write(directory.resolve("alerts-test.yaml"), Chart.read(TESTS));
        return Promtool.run(directory, arguments);
    }

    private static Stream<JsonNode> all(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }
}

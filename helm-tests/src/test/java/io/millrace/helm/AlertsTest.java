package io.millrace.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The alerts of the chart, judged by Prometheus' own tool: each fires when it must and is silent when it must be. */
class AlertsTest {
    private static final Path ALERTS = Chart.DIRECTORY.resolve("files/alerts.yaml");
    private static final Path TESTS = Path.of("src", "test", "resources", "alerts-test.yaml");

    private static final Path DOCUMENTATION = Path.of("..", "docs", "alerts.md");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (Millrace\\w+) \\| (\\w+) \\| (\\w+) \\| `(.*)` \\|$");

    /** What an alert says in the documentation and in the chart. */
    private record Alert(String name, String severity, String waits, String expression) {
    }

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
    void theChartInstallsExactlyTheseRules() {
        assertThat(installed().get("spec")).isEqualTo(Chart.yaml(ALERTS));
    }

    @Test
    void theChartAndTheDocumentationHaveTheSameAlerts() {
        var documented = ROW.matcher(Chart.read(DOCUMENTATION)).results()
                .map(row -> new Alert(row.group(1), row.group(2), row.group(3), row.group(4).replace("\\|", "|"))).toList();

        var installed = all(installed().at("/spec/groups/0/rules"))
                .map(rule -> new Alert(rule.get("alert").asText(), rule.at("/labels/severity").asText(), rule.path("for").asText("0m"), rule.get("expr").asText())).toList();

        assertThat(installed).hasSizeGreaterThan(20).containsExactlyElementsOf(documented);
    }

    @Test
    void everyAlertLeadsToItsRunbook() {
        Path values = directory.resolve("values.yaml");
        Chart.write(values, "monitoring: {rules: {runbooks: 'https://handbook.example.com/chat/alerts'}}");
        var sections = Pattern.compile("(?m)^## (Millrace\\w+)\\R\\R\\S").matcher(Chart.read(DOCUMENTATION)).results().map(heading -> heading.group(1)).toList();

        var addresses = all(installed(values).at("/spec/groups/0/rules")).collect(Collectors.toMap(rule -> rule.get("alert").asText(), rule -> rule.at("/annotations/runbook_url").asText()));

        assertThat(sections).doesNotHaveDuplicates();
        assertThat(addresses).isEqualTo(sections.stream().collect(Collectors.toMap(name -> name, name -> "https://handbook.example.com/chat/alerts#" + name.toLowerCase(Locale.ROOT))));
    }

    private JsonNode installed(Path... values) {
        return Chart.copiedTo(directory).objects(Stream.concat(Stream.of(Chart.DIRECTORY.resolve("ci/ingress-hpa-values.yaml")), Stream.of(values)).toArray(Path[]::new)).stream()
                .filter(object -> object.get("kind").asText().equals("PrometheusRule")).findFirst().orElseThrow();
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

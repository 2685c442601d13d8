package io.millrace.helm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The README's table of values says what {@code values.yaml} says; {@code helm/table} writes it anew. */
class ReadmeTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([^`]+)` +\\| (.*?) +\\| `(.*)` +\\|$");
    private static final Pattern COMMENT = Pattern.compile("(?m)^## @param (\\S+) (?:\\[\\w+] )?(.*)$");
    private static final String HOW = "the table of helm/README.md; helm/table writes it anew";

    private record Told(String description, String value) {
    }

    @Test
    void theTableIsMadeOfTheValues() {
        var values = Chart.yaml(Chart.DIRECTORY.resolve("values.yaml"));
        Map<String, Told> wanted = new LinkedHashMap<>();
        COMMENT.matcher(Chart.read(Chart.DIRECTORY.resolve("values.yaml"))).results().forEach(found -> {
            var value = values.at("/" + found.group(1).replace('.', '/'));
            assertThat(value.isMissingNode()).as("%s has a comment and no value", found.group(1)).isFalse();
            wanted.put(found.group(1), new Told(found.group(2), value.isContainerNode() ? "…" : value.asText().isEmpty() ? "\"\"" : value.asText()));
        });

        Map<String, Told> table = new LinkedHashMap<>();
        ROW.matcher(Chart.read(Chart.DIRECTORY.resolve("README.md"))).results().forEach(found ->
                table.put(found.group(1), new Told(found.group(2), values.at("/" + found.group(1).replace('.', '/')).isContainerNode() ? "…" : found.group(3))));

        assertThat(table).as(HOW).containsExactlyInAnyOrderEntriesOf(wanted).hasSizeGreaterThan(200);
    }
}

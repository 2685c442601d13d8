package io.millrace.helm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What the least values render, line by line: a change of a template shows as a change of this file. */
class GoldenRenderingTest {
    private static final Path GOLDEN = Path.of("src", "test", "resources", "default-rendering.yaml");

    @Test
    void theDefaultRendersAsBefore() {
        String rendered = Chart.text(Chart.DIRECTORY.resolve("ci/default-values.yaml"));
        if (Boolean.getBoolean("golden.accept")) {
            Chart.write(GOLDEN, rendered);
        }

        assertThat(rendered.lines()).as("what the default values render; if the change is meant, accept it with"
                + " mvn test -pl helm-tests -am -Dtest=GoldenRenderingTest -Dsurefire.failIfNoSpecifiedTests=false -Dgolden.accept=true")
                .containsExactlyElementsOf(Chart.read(GOLDEN).lines().toList());
    }
}

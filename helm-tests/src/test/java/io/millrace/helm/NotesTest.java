package io.millrace.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.Helm;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What an installation says at its end: the next three commands. */
class NotesTest {
    static List<Path> valueSets() {
        return Chart.valueSets();
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void theNextThreeCommandsAreTold(Path values) {
        var release = new Helm(Chart.DIRECTORY).install().clientOnly().dryRun().withName("chat").withNamespace("talk").withKubeVersion("1.33.0").withValuesFile(values).call();

        assertThat(release.getOutput()).contains("1. ", "kubectl -n talk rollout status", "2. ", "helm test chat -n talk", "-test-doctor", "3. ").containsAnyOf("port-forward", "./run tail lobby --url");
    }
}

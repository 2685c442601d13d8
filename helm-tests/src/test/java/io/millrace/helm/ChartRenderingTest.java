package io.millrace.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every value set of {@code helm/ci}: what it renders is what Kubernetes knows, and holds together. */
class ChartRenderingTest {
    /** What docs/operations.md says a stop takes at most beside its drain or close (Start, health and stop), in seconds. */
    private static final long SLOWEST_STOP = 10;

    @TempDir
    private Path directory;

    static List<Path> valueSets() {
        return Chart.valueSets();
    }

    @Test
    void thereAreAtLeastEightValueSets() {
        assertThat(Chart.valueSets()).hasSizeGreaterThanOrEqualTo(8);
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void passesLint(Path values) throws IOException {
        var lint = Chart.copiedTo(directory).lint(values);

        assertThat(lint.isFailed()).as(() -> String.join("\n", lint.getMessages())).isFalse();
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void rendersOnlyFieldsThatTheModelsKnow(Path values) {
        for (var object : Chart.copiedTo(directory).objects(values)) {
            assertThatCode(() -> Models.read(object)).as(() -> name(object)).doesNotThrowAnyException();
        }
    }

    @Test
    void aFieldThatNoModelKnowsIsAnError() {
        var service = Chart.YAML.createObjectNode().put("apiVersion", "v1").put("kind", "Service");
        service.putObject("spec").put("publishNotReadyAdresses", true);

        assertThatThrownBy(() -> Models.read(service)).hasMessageContaining("publishNotReadyAdresses");
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void noTwoObjectsHaveOneName(Path values) {
        Set<String> names = new HashSet<>();

        assertThat(Chart.copiedTo(directory).objects(values)).allSatisfy(object -> assertThat(names.add(name(object))).as(name(object)).isTrue());
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void everyPodKeepsTheRestrictedStandard(Path values) {
        assertThat(pods(values)).isNotEmpty().allSatisfy(pod -> {
            var context = pod.spec().getSecurityContext();
            assertThat(context.getRunAsNonRoot()).isTrue();
            assertThat(context.getRunAsUser()).isPositive();
            assertThat(context.getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
            assertThat(pod.spec().getAutomountServiceAccountToken()).isFalse();
            assertThat(pod.spec().getEnableServiceLinks()).isFalse();
            assertThat(pod.spec().getContainers()).allSatisfy(container -> {
                assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
                assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
                assertThat(container.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
                assertThat(container.getVolumeMounts()).anySatisfy(mount -> assertThat(mount.getMountPath()).isEqualTo("/tmp"));
            });
        });
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void everyMountHasItsVolumeAndEveryVolumeIsMounted(Path values) {
        assertThat(pods(values)).allSatisfy(pod -> {
            var volumes = Stream.concat(pod.spec().getVolumes().stream().map(volume -> volume.getName()), pod.claims().stream());
            var mounts = pod.spec().getContainers().stream().flatMap(container -> container.getVolumeMounts().stream()).map(mount -> mount.getName());
            assertThat(volumes).containsExactlyInAnyOrderElementsOf(mounts.toList());
        });
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void everySelectorFindsPods(Path values) {
        var labels = pods(values).stream().map(Workload::labels).toList();

        assertThat(selectors(values)).isNotEmpty().allSatisfy(selector ->
                assertThat(labels).as(() -> selector.toString()).anySatisfy(pod -> assertThat(pod).containsAllEntriesOf(selector)));
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void noPodIsKilledBeforeItsDrainEnds(Path values) {
        assertThat(pods(values)).filteredOn(pod -> pod.spec().getContainers().get(0).getLifecycle() != null).hasSize(3).allSatisfy(pod -> {
            var container = pod.spec().getContainers().get(0);
            long preStop = container.getLifecycle().getPreStop().getSleep().getSeconds();
            assertThat(pod.spec().getTerminationGracePeriodSeconds()).isGreaterThan(preStop + SLOWEST_STOP);
            assertThat(container.getLivenessProbe().getHttpGet().getPath()).isEqualTo("/q/health/live");
            assertThat(container.getReadinessProbe().getHttpGet().getPath()).isEqualTo("/q/health/ready");
            assertThat(container.getStartupProbe().getHttpGet().getPath()).isEqualTo("/q/health/live");
        });
    }

    @Test
    void theStopOfAPodHasRoomForItsDrain(@TempDir Path own) {
        Path slow = own.resolve("slow.yaml");
        Chart.write(slow, "settings: {gate: {drainTime: 2m}, streams: {closeTimeout: 30s}}");

        var periods = pods(Chart.DIRECTORY.resolve("ci/default-values.yaml"), slow).stream()
                .filter(pod -> pod.spec().getTerminationGracePeriodSeconds() != null)
                .map(pod -> pod.labels().get("app.kubernetes.io/component") + " " + pod.spec().getTerminationGracePeriodSeconds());

        // preStop 5, drain or close, and 15, which is more than SLOWEST_STOP
        assertThat(periods).contains("ingest 140", "delivery 140", "streams 50");
    }

    @Test
    void hooksAreHooks() {
        assertThat(Chart.read(Chart.DIRECTORY.resolve("templates/topics-job.yaml"))).contains("helm.sh/hook: pre-install,pre-upgrade");
        assertThat(Chart.read(Chart.DIRECTORY.resolve("templates/tests/pods.yaml"))).contains("helm.sh/hook: test");
        assertThat(Chart.text(Chart.DIRECTORY.resolve("ci/default-values.yaml"))).doesNotContain("kind: Job", "kind: Pod\n");
    }

    private record Workload(Map<String, String> labels, PodSpec spec, List<String> claims) {
        static Workload of(PodTemplateSpec template, List<String> claims) {
            return new Workload(template.getMetadata().getLabels(), template.getSpec(), claims);
        }
    }

    private List<Workload> pods(Path... values) {
        return Chart.copiedTo(directory).objects(values).stream().flatMap(object -> switch (object.get("kind").asText()) {
            case "Deployment" -> Stream.of(Workload.of(Models.as(Deployment.class, object).getSpec().getTemplate(), List.of()));
            case "StatefulSet" -> Stream.of(streams(Models.as(StatefulSet.class, object)));
            case "Job" -> Stream.of(Workload.of(Models.as(PodTemplateSpec.class, object.at("/spec/template")), List.of()));
            case "Pod" -> Stream.of(new Workload(labels(object), Models.as(PodSpec.class, object.get("spec")), List.of()));
            default -> Stream.<Workload>of();
        }).toList();
    }

    private static Workload streams(StatefulSet set) {
        var claims = set.getSpec().getVolumeClaimTemplates();
        return Workload.of(set.getSpec().getTemplate(), claims == null ? List.of() : claims.stream().map(claim -> claim.getMetadata().getName()).toList());
    }

    private List<Map<String, String>> selectors(Path values) {
        return Chart.copiedTo(directory).objects(values).stream().flatMap(object -> switch (object.get("kind").asText()) {
            case "Service" -> Stream.of(Models.as(Service.class, object).getSpec().getSelector());
            case "PodDisruptionBudget" -> Stream.of(Models.as(PodDisruptionBudget.class, object).getSpec().getSelector().getMatchLabels());
            case "NetworkPolicy" -> Stream.of(Models.as(NetworkPolicy.class, object)).filter(policy -> !policy.getMetadata().getName().endsWith("-topics"))
                    .map(policy -> policy.getSpec().getPodSelector().getMatchLabels());
            default -> Stream.<Map<String, String>>of();
        }).toList();
    }

    private static Map<String, String> labels(ObjectNode object) {
        return Models.as(Metadata.class, object.get("metadata")).labels();
    }

    private record Metadata(String name, Map<String, String> labels, Map<String, String> annotations) {
    }

    private static String name(JsonNode object) {
        return object.path("kind").asText() + " " + object.at("/metadata/namespace").asText() + "/" + object.at("/metadata/name").asText();
    }
}

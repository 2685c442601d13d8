package io.millrace.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.contract.rights.KafkaRight;
import io.millrace.contract.rights.KafkaRights;
import io.millrace.contract.rights.KafkaRole;
import io.millrace.contract.rights.Purpose;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.kafka.common.acl.AclOperation;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * SEC-4: the KafkaUsers may do what {@link KafkaRights} says, nothing more and nothing less. The command line's user checks topics that Strimzi
 * makes, so of the role {@code topics} it has all but {@code Create}.
 */
class KafkaUsersTest {
    private static final Path STRIMZI = Chart.DIRECTORY.resolve("ci/strimzi-tls-values.yaml");
    private static final Map<String, Set<KafkaRole>> ROLES = Map.of("ingest", Set.of(KafkaRole.INGEST), "delivery", Set.of(KafkaRole.DELIVERY),
            "streams", Set.of(KafkaRole.STREAMS), "cli", Set.of(KafkaRole.TOPICS, KafkaRole.FAILURES, KafkaRole.CHECK));

    @TempDir
    private Path directory;

    @ParameterizedTest
    @DisplayName("SEC-4: the chart's KafkaUsers have exactly the rights of the contract, whatever the prefixes and what is on")
    @CsvSource({"chat.,millrace-,true,true", "chat.,millrace-,false,true", "chat.,millrace-,true,false", "team.talk_,talk.,true,true", "talk.,talk-,false,false"})
    void haveExactlyTheRightsOfTheContract(String topics, String applications, boolean hook, boolean lateness) {
        Path values = directory.resolve("values.yaml");
        Chart.write(values, "settings: {topics: {prefix: '%s'}, streams: {applicationPrefix: '%s'}, sync: {hook: {url: '%s'}}, ingest: {lateness: {enabled: %s}}}"
                .formatted(topics, applications, hook ? "http://hook:8080/check" : "", lateness));
        var purposes = EnumSet.allOf(Purpose.class);
        purposes.removeIf(purpose -> purpose == Purpose.HOOK && !hook || purpose == Purpose.LATENESS && !lateness);

        var rendered = Chart.copiedTo(directory).objects(STRIMZI, values).stream().filter(object -> object.get("kind").asText().equals("KafkaUser"))
                .collect(Collectors.toMap(user -> user.at("/metadata/labels/app.kubernetes.io~1component").asText(), KafkaUsersTest::allowed));

        assertThat(rendered.keySet()).isEqualTo(ROLES.keySet());
        ROLES.forEach((user, roles) -> assertThat(rendered.get(user)).as(user).isEqualTo(wanted(roles, purposes, topics, applications)));
    }

    private static Set<String> wanted(Set<KafkaRole> roles, Set<Purpose> purposes, String topics, String applications) {
        return KafkaRights.of(topics, applications).stream().filter(right -> roles.contains(right.role()) && purposes.contains(right.purpose()))
                .flatMap(KafkaUsersTest::singly).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<String> singly(KafkaRight right) {
        return right.operations().stream().filter(operation -> right.role() != KafkaRole.TOPICS || operation != AclOperation.CREATE).map(operation -> String.join(" ",
                operation.name(), right.resource().resourceType().name(), right.isPrefix() ? "prefix" : "literal", right.resource().name()));
    }

    private static Set<String> allowed(JsonNode user) {
        return all(user.at("/spec/authorization/acls")).flatMap(acl -> all(acl.get("operations")).map(operation -> String.join(" ",
                constant(operation), constant(acl.at("/resource/type")), acl.at("/resource/patternType").asText(), acl.at("/resource/name").asText())))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String constant(JsonNode name) {
        return name.asText().replaceAll("(?<=[a-z])([A-Z])", "_$1").toUpperCase(Locale.ROOT);
    }

    private static Stream<JsonNode> all(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }
}

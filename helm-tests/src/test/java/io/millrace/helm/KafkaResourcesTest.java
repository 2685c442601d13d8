package io.millrace.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.contract.topic.Topic;
import io.millrace.contract.topic.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the chart tells Strimzi is what the contract says. */
class KafkaResourcesTest {
    private static final Path VALUES = Chart.DIRECTORY.resolve("ci/strimzi-tls-values.yaml");

    @TempDir
    private Path directory;

    @Test
    @DisplayName("TOP-3: the KafkaTopics are the topics of the contract, with its partitions and configuration")
    void topicsAreThoseOfTheContract() {
        var contract = Topics.of("talk.", 24, Duration.ofDays(90)).all().stream().collect(Collectors.toMap(Topic::name, Function.identity()));

        var rendered = objects("KafkaTopic");

        assertThat(rendered).extracting(topic -> topic.at("/spec/topicName").asText()).containsExactlyInAnyOrderElementsOf(contract.keySet());
        assertThat(rendered).allSatisfy(topic -> {
            var wanted = contract.get(topic.at("/spec/topicName").asText());
            assertThat(topic.at("/spec/partitions").asInt()).isEqualTo(wanted.partitions());
            assertThat(topic.at("/spec/replicas").asInt()).isEqualTo(3);
            assertThat(topic.at("/spec/config").propertyStream().collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().asText()))).isEqualTo(wanted.config());
        });
    }

    @Test
    @DisplayName("SEC-4: each service has a user of its own, whose rights name only Millrace's topics, groups and transactions")
    void everyServiceHasItsOwnUser() {
        var users = objects("KafkaUser");

        assertThat(users).extracting(user -> user.at("/metadata/name").asText())
                .containsExactlyInAnyOrder("chat-millrace-ingest", "chat-millrace-delivery", "chat-millrace-streams", "chat-millrace-cli");
        assertThat(users).allSatisfy(user -> assertThat(acls(user)).isNotEmpty().allSatisfy(acl -> {
            assertThat(acl.at("/resource/name").asText()).startsWith("talk");
            assertThat(operations(acl)).isNotEmpty().doesNotContain("All", "Alter", "AlterConfigs", "ClusterAction");
        }));
    }

    @Test
    @DisplayName("SEC-4: nobody but streams writes to the room log, and ingest to nothing but lanes and attachments")
    void onlyTheRightServicesWrite() {
        var writers = objects("KafkaUser").stream().collect(Collectors.toMap(user -> user.at("/metadata/name").asText(),
                user -> acls(user).filter(acl -> acl.at("/resource/type").asText().equals("topic") && operations(acl).contains("Write")).map(acl -> acl.at("/resource/name").asText()).toList()));

        assertThat(writers.get("chat-millrace-ingest")).containsExactlyInAnyOrder("talk.messages.text", "talk.messages.media", "talk.attachments");
        assertThat(writers.get("chat-millrace-delivery")).containsExactlyInAnyOrder("talk.discontinuities", "talk.room-signals", "talk.presence");
        assertThat(writers.get("chat-millrace-cli")).isEmpty();
        assertThat(writers.get("chat-millrace-streams")).contains("talk.room-log").doesNotContain("talk.messages.text", "talk.messages.media", "talk.attachments", "talk.discontinuities");
    }

    @Test
    void theServicesUseTheSecretsOfTheirUsers() {
        var used = Stream.concat(objects("Deployment").stream(), objects("StatefulSet").stream())
                .flatMap(workload -> StreamSupport.stream(workload.at("/spec/template/spec/containers/0/env").spliterator(), false))
                .filter(variable -> variable.get("name").asText().equals("KAFKA_SSL_KEYSTORE_KEY"))
                .map(variable -> variable.at("/valueFrom/secretKeyRef/name").asText());

        assertThat(used).containsExactlyInAnyOrder("chat-millrace-ingest", "chat-millrace-delivery", "chat-millrace-streams");
    }

    private List<? extends JsonNode> objects(String kind) {
        return Chart.copiedTo(directory).objects(VALUES).stream().filter(object -> object.get("kind").asText().equals(kind)).toList();
    }

    private static Stream<JsonNode> acls(JsonNode user) {
        return StreamSupport.stream(user.at("/spec/authorization/acls").spliterator(), false);
    }

    private static List<String> operations(JsonNode acl) {
        return StreamSupport.stream(acl.get("operations").spliterator(), false).map(JsonNode::asText).toList();
    }
}

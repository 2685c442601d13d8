package io.millrace.contract.rights;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.contract.topic.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** SEC-4: the documented rights are the ones in the code, and they are narrow. */
class KafkaRightsTest {
    private static final List<KafkaRight> RIGHTS = KafkaRights.of(Topics.DEFAULT_PREFIX, KafkaRights.DEFAULT_APPLICATION_PREFIX);

    @Test
    @DisplayName("SEC-4: docs/operations.md lists every right as it is in the code")
    void isWhatTheDocumentationSays() throws IOException {
        String all = Files.readString(Path.of("..", "docs", "operations.md"));
        String section = all.substring(all.indexOf("\n## Kafka rights\n") + 1);
        var documented = section.substring(0, section.indexOf("\n## ")).lines().filter(line -> line.startsWith("| `")).toList();

        assertThat(documented).containsExactlyElementsOf(RIGHTS.stream().map(KafkaRightsTest::row).toList());
    }

    @Test
    @DisplayName("SEC-4: no right is on everything, on the cluster, or by a prefix that others could share")
    void isNarrow() {
        assertThat(RIGHTS).allSatisfy(right -> {
            assertThat(right.resource().resourceType()).isIn(ResourceType.TOPIC, ResourceType.GROUP, ResourceType.TRANSACTIONAL_ID);
            assertThat(right.resource().name()).isNotEqualTo("*");
            assertThat(right.operations()).doesNotContain(AclOperation.ALL, AclOperation.DELETE, AclOperation.ALTER, AclOperation.ALTER_CONFIGS);
            if (right.resource().patternType() == PatternType.PREFIXED) {
                assertThat(right.resource().name()).matches("millrace-[a-z]+-[a-z]+-");
            }
        });
    }

    @Test
    @DisplayName("SEC-4: nobody but the sequencer's program may write the room log and the inbox")
    void letsOnlyStreamsWriteTheTruth() {
        assertThat(RIGHTS).filteredOn(right -> right.operations().contains(AclOperation.WRITE) && List.of("chat.room-log", "chat.room-inbox", "chat.sync-events")
                .contains(right.resource().name())).extracting(KafkaRight::role).containsOnly(KafkaRole.STREAMS);
    }

    @Test
    void followsThePrefixes() {
        assertThat(KafkaRights.of("a.", "b-")).hasSameSizeAs(RIGHTS).allSatisfy(right -> assertThat(right.resource().name())
                .startsWith(right.resource().resourceType() == ResourceType.TOPIC && !right.isPrefix() ? "a." : "b-"));
        assertThat(KafkaRights.of("a.", "b-").get(0).asArguments()).isEqualTo("--operation Write --operation DescribeConfigs --topic 'a.messages.text' --resource-pattern-type literal");
    }

    private static String row(KafkaRight right) {
        String kind = right.resource().resourceType().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return "| `" + right.role() + "` | " + kind + " `" + right.resource().name() + (right.isPrefix() ? "*" : "") + "` | " + right.spelled() + " | " + right.purpose() + " |";
    }
}

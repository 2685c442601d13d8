package io.millrace.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.contract.topic.Topics;
import io.millrace.guarantee.Guarantee;
import io.millrace.guarantee.NoDuplicates;
import io.millrace.guarantee.RoomTranscript;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.record.FileRecords;
import org.junit.jupiter.api.Test;

/** CON-1, CON-4: a broker that comes back with a shorter log, as after an unclean election, is noticed by connected clients and by cursors. */
@QuarkusTest
@QuarkusTestResource(value = DeliveryResource.class, restrictToAnnotatedClass = true)
class TruncatedLogIT extends DeliveryCase {
    private static final Duration LONG = Duration.ofSeconds(60);

    @Test
    void tellsConnectedClientsAndCursorsThatTheLogWasCut() throws Exception {
        String room = room();
        var client = connect("ana");
        subscribe(client, room, null);
        world.writer().write(room, 1, 3).write(room, 4, 6);
        String cursor = client.awaitCount(6, "message").get(5).get("cursor").asText();
        Path log = logOf(room);

        world.kafka().stopBroker(0);
        cut(log, 3);
        world.kafka().startBroker(0);
        world.view().reread();

        JsonNode gap = client.await("discontinuity");
        assertThat(gap.get("reason").asText()).isEqualTo("LOG_TRUNCATED");
        assertThat(gap.get("from").asLong()).isEqualTo(4);
        assertThat(gap.get("to").asLong()).isEqualTo(6);
        var back = connect("ana");
        await().atMost(LONG).until(() -> subscribe(back, room, cursor).get("op").asText().equals("subscribed"));
        JsonNode judged = back.await("discontinuity");
        assertThat(judged.get("reason").asText()).isEqualTo("LOG_TRUNCATED");
        assertThat(judged.get("from").asLong()).isEqualTo(4);
        assertThat(judged.get("to").asLong()).isEqualTo(6);

        try (var writer = new RoomLogWriter(world.kafka().bootstrap(), world.topics())) {
            writer.begin().append(room, RoomLogWriter.epoch(room), 4, "after the cut").append(room, RoomLogWriter.epoch(room), 5, "after the cut").commit();
        }
        back.awaitCount(2, "message");
        assertThat(client.awaitCount(8, "message").get(6).at("/entry/text").asText()).isEqualTo("after the cut");
        Guarantee.verify(RoomTranscript.of(room, back.frames()), new NoDuplicates());
        assertThat(RoomTranscript.of(room, back.frames()).seqs()).containsExactly(4L, 5L);
    }

    private Path logOf(String room) throws Exception {
        String partition = world.topics().roomLog().name() + "-" + Topics.partition(room, world.topics().roomLog().partitions());
        try (Admin admin = world.kafka().admin()) {
            String directory = admin.describeLogDirs(List.of(0)).allDescriptions().get(10, TimeUnit.SECONDS).get(0).keySet().iterator().next();
            return Path.of(directory, partition);
        }
    }

    /** Keeps the batches up to {@code lastOffset}; what else the broker keeps of the partition it makes anew. */
    private static void cut(Path log, long lastOffset) throws IOException {
        try (var files = Files.list(log)) {
            for (Path file : files.toList()) {
                if (file.toString().endsWith(".log")) {
                    cutFile(file, lastOffset);
                } else if (file.toString().matches(".*\\.(index|timeindex|txnindex|snapshot)")) {
                    Files.delete(file);
                }
            }
        }
    }

    private static void cutFile(Path file, long lastOffset) {
        int kept = 0;
        try (var records = FileRecords.open(file.toFile(), false)) {
            for (var batch : records.batches()) {
                kept += batch.lastOffset() <= lastOffset ? batch.sizeInBytes() : 0;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(kept);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.millrace.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.FileRecords;

/** A partition's log on the disk of the only broker, to be cut short while that is stopped: what an unclean election leaves. */
public final class CutLog {
    private final TestKafka kafka;
    private final Path directory;

    private CutLog(TestKafka kafka, Path directory) {
        this.kafka = kafka;
        this.directory = directory;
    }

    public static CutLog of(TestKafka kafka, TopicPartition partition) throws Exception {
        try (Admin admin = kafka.admin()) {
            String logs = admin.describeLogDirs(List.of(0)).allDescriptions().get(60, TimeUnit.SECONDS).get(0).keySet().iterator().next();
            return new CutLog(kafka, Path.of(logs, partition.toString()));
        }
    }

    /** Stops the broker, keeps the batches up to {@code lastOffset} and starts it again: its leader epoch is another then. */
    public void cutAfter(long lastOffset) throws IOException {
        kafka.stopBroker(0);
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                if (file.toString().endsWith(".log")) {
                    cut(file, lastOffset);
                } else if (file.toString().matches(".*\\.(index|timeindex|txnindex|snapshot)")) {
                    Files.delete(file); // the broker makes it anew
                }
            }
        }
        kafka.startBroker(0);
    }

    private static void cut(Path file, long lastOffset) {
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

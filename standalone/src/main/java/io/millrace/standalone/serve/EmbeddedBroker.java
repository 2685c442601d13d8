package io.millrace.standalone.serve;

import io.millrace.standalone.CannotStart;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * A real Kafka broker, with its own controller, inside this JVM (RUN-1). Its data outlives it. Started once before the services and
 * closed once after them; Kafka's own threads do its work.
 */
final class EmbeddedBroker implements AutoCloseable {
    private static final Duration PATIENCE_TO_STOP = Duration.ofSeconds(15);

    private final KafkaRaftServer server;

    private EmbeddedBroker(KafkaRaftServer server) {
        this.server = server;
    }

    /** Formats the directory when it is new, then starts; returns when the broker takes requests. */
    static EmbeddedBroker start(Path directory, int port) {
        format(directory);
        var config = new KafkaConfig(BrokerSettings.of(directory, port, Port.free("127.0.0.1")), false);
        var server = new KafkaRaftServer(config, Time.SYSTEM);
        try {
            server.startup();
        } catch (Exception e) {
            server.shutdown();
            throw new CannotStart("unable to start the embedded broker; " + e.getMessage(), e);
        }
        return new EmbeddedBroker(server);
    }

    /** Stops cleanly, but waits for that no longer than 15 s: the data survives an unclean stop too. */
    @Override
    public void close() {
        var stopped = new CountDownLatch(1);
        var stopper = new Thread(() -> {
            server.shutdown();
            server.awaitShutdown();
            stopped.countDown();
        }, "millrace-broker-stop");
        stopper.setDaemon(true);
        stopper.start();
        try {
            if (!stopped.await(PATIENCE_TO_STOP.toMillis(), TimeUnit.MILLISECONDS)) {
                System.err.println("unable to stop the embedded broker cleanly; it did not end within " + PATIENCE_TO_STOP.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void format(Path directory) {
        if (Files.exists(directory.resolve("meta.properties"))) {
            return;
        }
        try {
            Files.createDirectories(directory);
            new Formatter()
                    .setClusterId(Uuid.randomUuid().toString())
                    .setNodeId(BrokerSettings.NODE_ID)
                    .setControllerListenerName(BrokerSettings.CONTROLLER_LISTENER)
                    .addDirectory(directory.toString())
                    .setMetadataLogDirectory(directory.toString())
                    .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream()))
                    .run();
        } catch (IOException e) {
            throw new CannotStart("unable to start; " + directory + " cannot be written", e);
        } catch (Exception e) {
            throw new CannotStart("unable to prepare " + directory + " for the embedded broker; " + e.getMessage(), e);
        }
    }
}

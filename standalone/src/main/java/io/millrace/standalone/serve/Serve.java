package io.millrace.standalone.serve;

import io.millrace.contract.topic.TopicSetup;
import io.millrace.contract.topic.TopicSetup.Drift;
import io.millrace.contract.topic.Topics;
import io.millrace.standalone.CannotStart;
import io.millrace.standalone.ExitCode;
import io.millrace.standalone.token.DevKey;
import io.quarkus.runtime.Quarkus;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;

/**
 * Runs everything in this JVM (RUN-1): the broker first, then its topics, then the services; and stops in the opposite order, each
 * step bounded in time. Called on the main thread, which it keeps until the services have ended.
 */
public final class Serve {
    private static final long PATIENCE_WITH_SERVICES_SECONDS = 20;

    private final Settings settings;
    private final CountDownLatch servicesStopped = new CountDownLatch(1);
    private Throwable failure;

    public Serve(Settings settings) {
        this.settings = settings;
    }

    /** Returns once the services have stopped; the broker stops with the JVM. Throws {@link CannotStart} for what the user can mend. */
    public int run() {
        try {
            QuietLogs.beforeQuarkus();
            settings.ports().forEach(Port::requireFree);
            var data = DataDirectory.open(settings.data());
            var broker = EmbeddedBroker.start(data.kafka(), settings.kafkaPort());
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stopLast(broker, data), "millrace-stop"));
            ensureTopics(broker.bootstrapServers(), settings.topics());
            DevKey.in(data.keys());
            ServiceConfiguration.of(settings, data, broker.bootstrapServers()).forEach(System::setProperty);
            Announcement.whenReady(settings, data.root());
            Quarkus.run(null, (code, cause) -> failure = cause);
        } finally {
            servicesStopped.countDown();
        }
        if (failure != null) {
            throw new CannotStart("unable to start the services; " + rootMessage(failure), failure);
        }
        return ExitCode.OK;
    }

    /** A shutdown hook: hooks run side by side, so this one waits for the services, which still need the broker. */
    private void stopLast(EmbeddedBroker broker, DataDirectory data) {
        try {
            if (!servicesStopped.await(PATIENCE_WITH_SERVICES_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("unable to stop the services cleanly; they did not end within " + PATIENCE_WITH_SERVICES_SECONDS + " s");
            }
            broker.close();
            data.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            System.err.println("unable to release the data directory; " + e.getMessage());
        }
    }

    private static void ensureTopics(String bootstrapServers, Topics topics) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            var drifts = new TopicSetup(admin, topics).ensure((short) 1);
            if (drifts.stream().anyMatch(Drift::changesOrder)) {
                throw new CannotStart("unable to start; the topics kept in the data directory differ from the settings: "
                        + drifts.stream().map(Drift::toString).collect(Collectors.joining(", ")));
            }
        }
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }
}

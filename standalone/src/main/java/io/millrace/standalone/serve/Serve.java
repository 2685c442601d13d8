package io.millrace.standalone.serve;

import io.millrace.contract.topic.TopicSetup;
import io.millrace.contract.topic.TopicSetup.Drift;
import io.millrace.contract.topic.Topics;
import io.millrace.standalone.CannotStart;
import io.millrace.standalone.ExitCode;
import io.millrace.standalone.token.DevKey;
import io.quarkus.runtime.Application;
import io.quarkus.runtime.Quarkus;
import java.io.IOException;
import java.net.BindException;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;

/**
 * Runs everything in this JVM (RUN-1): the broker first, then its topics, then the services; and stops in the opposite order, each
 * step bounded in time. Called on the main thread, which it keeps until the services have ended.
 */
public final class Serve {
    private static final Logger LOG = Logger.getLogger(Serve.class.getName());
    private static final long PATIENCE_WITH_SERVICES_SECONDS = 20;

    private final Settings settings;
    private final Runnable whenReady;
    private final CountDownLatch servicesStopped = new CountDownLatch(1);
    private Throwable failure;
    private volatile boolean stopping;

    /** {@code whenReady} runs once all of it takes requests, on a thread that nothing else needs. */
    public Serve(Settings settings, Runnable whenReady) {
        this.settings = settings;
        this.whenReady = whenReady;
    }

    /** Returns once the services have stopped; the broker stops with the JVM. Throws {@link CannotStart} for what the user can mend. */
    public int run() {
        try {
            QuietLogs.beforeQuarkus();
            settings.ports().forEach(Port::requireFree);
            var data = DataDirectory.open(settings.data());
            DevKey.in(data.keys());
            ServiceConfiguration.of(settings, data).forEach(System::setProperty);
            prepareServices();
            var broker = EmbeddedBroker.start(data.kafka(), settings.kafkaPort());
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stopLast(broker, data), "millrace-stop"));
            ensureTopics(settings.bootstrapServers(), settings.topics());
            Announcement.whenReady(settings, data.root(), whenReady);
            Quarkus.run(null, (code, cause) -> failure = cause);
        } catch (RuntimeException e) {
            if (!stopping) {
                throw e;
            }
            return ExitCode.OK; // stopped while it was starting
        } finally {
            servicesStopped.countDown();
        }
        if (failure != null && !stopping) {
            throw cannotStart(failure);
        }
        return ExitCode.OK;
    }

    /**
     * The first half of Quarkus' start is the initialization of one class and needs no broker: done beside the broker's own start it
     * costs no time. Whatever goes wrong there comes up again when Quarkus is run.
     */
    private static void prepareServices() {
        var loader = Thread.currentThread().getContextClassLoader();
        var thread = new Thread(() -> {
            try {
                Class.forName(Application.APP_CLASS_NAME, true, loader);
            } catch (ClassNotFoundException | LinkageError e) {
                return; // told when Quarkus is run
            }
        }, "millrace-prepare");
        thread.setContextClassLoader(loader);
        thread.setDaemon(true);
        thread.start();
    }

    /** A shutdown hook: hooks run side by side, so this one waits for the services, which still need the broker. */
    private void stopLast(EmbeddedBroker broker, DataDirectory data) {
        stopping = true;
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

    /** A taken port is the user's to mend; anything else is our bug and told whole. */
    private static CannotStart cannotStart(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        if (!(root instanceof BindException)) {
            LOG.log(Level.SEVERE, "the services did not start", failure);
        }
        return new CannotStart("unable to start the services; " + (root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage()), failure);
    }
}

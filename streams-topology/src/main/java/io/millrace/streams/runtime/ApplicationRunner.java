package io.millrace.streams.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jboss.logging.Logger;

/**
 * Runs one application from start to stop: waits for brokers and topics on a thread of its own, replaces threads that die, and gives up
 * for good when they die too often. {@link #condition()} says how it is, from any thread.
 */
final class ApplicationRunner implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger("io.millrace.streams.runtime");

    private final StreamsApplication application;
    private final Map<String, Object> properties;
    private final TopicGate gate;
    private final StreamsSettings settings;
    private final ReplacementBudget budget;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread starter;
    private final AtomicInteger replacements = new AtomicInteger();
    private volatile Condition condition = new Condition.Waiting("Kafka has not been asked for its topics yet");
    private volatile KafkaStreams streams;

    ApplicationRunner(StreamsApplication application, Map<String, Object> properties, TopicGate gate, StreamsSettings settings, Clock clock) {
        this.application = application;
        this.properties = properties;
        this.gate = gate;
        this.settings = settings;
        this.budget = new ReplacementBudget(settings.maxReplacements(), settings.replacementWindow(), clock);
        this.starter = new Thread(this::bringUp, "start-" + application.name());
        this.starter.setDaemon(true);
    }

    String name() {
        return application.name();
    }

    Condition condition() {
        return condition;
    }

    /** The running Streams, once there is one. */
    Optional<KafkaStreams> streams() {
        return Optional.ofNullable(streams);
    }

    /** Threads replaced so far. */
    int replacements() {
        return replacements.get();
    }

    void start() {
        starter.start();
    }

    private void bringUp() {
        try {
            if (awaitTopics()) {
                startStreams();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.errorf(e, "unable to start %s; %s", name(), e.getMessage());
            condition = new Condition.Dead("unable to start; " + e.getMessage());
        }
    }

    /** True once the topics are there; false when stopped before. */
    private boolean awaitTopics() throws InterruptedException {
        var obstacle = gate.obstacle();
        while (obstacle.isPresent()) {
            var waiting = new Condition.Waiting(obstacle.get());
            if (!waiting.equals(condition)) {
                LOG.warnf("unable to start %s yet; %s", name(), waiting.reason());
                condition = waiting;
            }
            if (stopped.await(settings.topicsRetry().toMillis(), TimeUnit.MILLISECONDS)) {
                return false;
            }
            obstacle = gate.obstacle();
        }
        return stopped.getCount() > 0;
    }

    private synchronized void startStreams() {
        if (stopped.getCount() == 0) {
            return;
        }
        makeStateDir();
        var config = new StreamsConfig(properties);
        var topology = application.topology().get();
        streams = application.clients().map(clients -> new KafkaStreams(topology, config, clients)).orElseGet(() -> new KafkaStreams(topology, config));
        streams.setStateListener((now, before) -> changed(now));
        streams.setUncaughtExceptionHandler(this::replaceOrGiveUp);
        streams.start();
        LOG.infof("%s has started", name());
    }

    /** Streams looks and then creates: of two applications that start at the same time one would fail for good. */
    private void makeStateDir() {
        try {
            Files.createDirectories(settings.stateDir());
        } catch (IOException e) {
            throw new UncheckedIOException("unable to make " + settings.stateDir(), e);
        }
    }

    private void changed(KafkaStreams.State now) {
        if (condition instanceof Condition.Dead) {
            return; // the first reason is the true one
        }
        condition = switch (now) {
            case RUNNING -> new Condition.Running();
            case CREATED, REBALANCING -> new Condition.Rebalancing();
            case PENDING_ERROR, ERROR -> new Condition.Dead("all its threads have died");
            case PENDING_SHUTDOWN, NOT_RUNNING -> new Condition.Closed();
        };
    }

    private StreamThreadExceptionResponse replaceOrGiveUp(Throwable failure) {
        if (budget.take()) {
            replacements.incrementAndGet();
            LOG.errorf(failure, "unable to go on with a thread of %s; it is replaced", name());
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        }
        LOG.errorf(failure, "unable to go on with %s; its threads die too often", name());
        condition = new Condition.Dead("its threads die too often; the last one of " + shown(failure));
        return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }

    /** What Kafka refuses is told whole: it names resources, never what stands in them. */
    private static String shown(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof AuthorizationException) {
                return cause.getMessage();
            }
        }
        return failure.getClass().getSimpleName();
    }

    /**
     * Stops within the close timeout. A member without a name leaves its group, so that its tasks move at once; one with a name stays:
     * it is expected back, and takes its tasks again without a rebalance.
     */
    @Override
    public void close() {
        stopped.countDown();
        synchronized (this) {
            if (streams != null) {
                var membership = settings.instanceId().isPresent() ? CloseOptions.GroupMembershipOperation.REMAIN_IN_GROUP
                        : CloseOptions.GroupMembershipOperation.LEAVE_GROUP;
                if (!streams.close(CloseOptions.timeout(settings.closeTimeout()).withGroupMembershipOperation(membership))) {
                    LOG.warnf("unable to stop %s within %s; its tasks move after the session timeout", name(), settings.closeTimeout());
                }
            }
        }
        condition = new Condition.Closed();
    }
}

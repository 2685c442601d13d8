package io.millrace.faults;

import static io.millrace.faults.Deployment.SOME;

import io.millrace.pods.Pod;
import io.millrace.testing.TestKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two pods of ingest and two of the streams service as processes under load: whatever is killed, stopped or restarted, the topics keep
 * their promises (ING-2, SYN-1, SYN-2, SYN-9, LOG-1, LOG-4).
 */
class FaultsIT {
    /** Longer than the session and the transaction timeout: an owner that stands still so long has been replaced. */
    private static final Duration STANDSTILL = Duration.ofSeconds(15);

    @TempDir
    private static Path files;

    private static TestKafka kafka;
    private static Deployment deployment;

    @BeforeAll
    static void start() {
        kafka = TestKafka.start(1).with(Deployment.TOPICS);
        deployment = new Deployment(kafka.bootstrap(), files, 2).start();
    }

    @AfterAll
    static void stop() {
        deployment.close();
        kafka.close();
    }

    @Test
    @DisplayName("kill -9 of each pod in turn")
    void survivesKilledPods() {
        deployment.keepsItsPromises("killed", load -> deployment.pods().forEach(pod -> {
            pod.kill();
            load.awaitAccepted(SOME);
            pod.start().awaitReady();
        }));
    }

    @Test
    @DisplayName("each pod stands still until it is replaced, one of each kind at a time, and comes back")
    void survivesPodsThatStandStill() {
        deployment.keepsItsPromises("still", load -> IntStream.range(0, 2).mapToObj(n -> List.of(deployment.streams().get(n), deployment.ingest().get(n))).forEach(pair -> {
            pair.forEach(Pod::standStill);
            Deployment.pass(STANDSTILL);
            pair.forEach(Pod::goOn);
            pair.forEach(Pod::awaitReady);
            load.awaitAccepted(SOME);
        }));
    }

    @Test
    @DisplayName("a rolling restart")
    void survivesARollingRestart() {
        deployment.keepsItsPromises("rolling", load -> deployment.pods().forEach(pod -> {
            pod.stop();
            pod.start().awaitReady();
        }));
    }

    @Test
    @DisplayName("a restart of the broker")
    void survivesARestartOfTheBroker() {
        deployment.keepsItsPromises("broker", load -> {
            kafka.stopBroker(0);
            kafka.startBroker(0);
            load.awaitAccepted(SOME);
        });
    }
}

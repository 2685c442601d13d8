package io.millrace.faults;

import static io.millrace.faults.Deployment.SOME;
import static io.millrace.faults.Deployment.TOPICS;
import static io.millrace.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.guarantee.RecordedFrame;
import io.millrace.pods.HoppingReader;
import io.millrace.pods.Pod;
import io.millrace.testing.BrokerProcesses;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three brokers as processes, three replicas, two in sync: whichever broker is killed or stands still under load, nothing accepted is lost,
 * doubled or out of order (ING-2, SYN-1, SYN-9, LOG-1, LOG-4), and connected readers are given all of it without a discontinuity (DEL-5, CON-4).
 */
class BrokersIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /** Longer than the brokers' session (9 s): one that stands still so long has lost its partitions. */
    private static final Duration STANDSTILL = Duration.ofSeconds(14);

    @TempDir
    private Path files;

    private BrokerProcesses brokers;
    private Deployment deployment;
    private Pod delivery;
    private List<HoppingReader> readers;

    @BeforeEach
    void start() {
        brokers = BrokerProcesses.start(files).with(TOPICS);
        deployment = new Deployment(brokers.bootstrap(), files, 1).start();
        delivery = Pod.delivery("delivery", brokers.bootstrap(), TOPICS.roomLog().partitions(), deployment.key(), deployment.streams().get(0)).start().awaitReady();
        readers = IntStream.range(0, SendingClient.ROOMS).mapToObj(room -> new HoppingReader(delivery.at("ws", "/v1/delivery"), "reader" + room,
                deployment.tokens().token("reader" + room), "room" + room).start()).toList();
        await().atMost(PATIENCE).until(() -> readers.stream().allMatch(HoppingReader::isAttached));
    }

    @AfterEach
    void stop() {
        readers.forEach(HoppingReader::close);
        delivery.close();
        deployment.close();
        brokers.close();
    }

    @Test
    @DisplayName("ING-2, DEL-5: kill -9 of each broker in turn, then a broker that stands still until it is replaced")
    void losesNothingWhateverBrokerDies() {
        var outcome = deployment.keepsItsPromises("brokers", load -> {
            for (int broker = 0; broker < brokers.count(); broker++) {
                brokers.kill(broker);
                load.awaitAccepted(SOME);
                brokers.start(broker);
                brokers.awaitInSync(TOPICS);
            }
            brokers.standStill(0);
            Deployment.pass(STANDSTILL);
            load.awaitAccepted(SOME);
            brokers.goOn(0);
            brokers.awaitInSync(TOPICS);
        });
        var frames = awaitReaders(outcome.logged());
        assertThat(frames.stream().filter(frame -> frame.got() != null && frame.got().path("op").asText().equals("discontinuity"))).isEmpty();
        assertThat(outcome.logged().violations(outcome.accepted(), frames)).isEmpty();
    }

    private List<RecordedFrame> awaitReaders(Logged logged) {
        for (int room = 0; room < readers.size(); room++) {
            var reader = readers.get(room);
            var log = logged.rooms().get("room" + room);
            long head = log.get(log.size() - 1).seq();
            await("all entries of room" + room).atMost(PATIENCE).until(() -> reader.seq() == head);
        }
        readers.forEach(HoppingReader::close);
        return readers.stream().flatMap(reader -> reader.recorded().stream()).toList();
    }
}

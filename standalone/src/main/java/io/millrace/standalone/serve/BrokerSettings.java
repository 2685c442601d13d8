package io.millrace.standalone.serve;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** How the one embedded broker is configured, each choice with its reason. Pure: the same arguments give the same settings. */
final class BrokerSettings {
    static final int NODE_ID = 1;
    static final String CONTROLLER_LISTENER = "CONTROLLER";

    private static final String LOOPBACK = "127.0.0.1";
    private static final String SEGMENT_BYTES = Integer.toString(16 * 1024 * 1024);
    private static final String FEW = "4";

    private BrokerSettings() {
    }

    static Map<String, String> of(Path directory, int port, int controllerPort) {
        Map<String, String> settings = new TreeMap<>();
        settings.putAll(quorum(directory, port, controllerPort));
        settings.putAll(singleNode());
        settings.putAll(quickStart());
        settings.putAll(quickRecovery());
        settings.putAll(smallFootprint());
        return settings;
    }

    /** Broker and controller in one node, reachable from this machine only. */
    private static Map<String, String> quorum(Path directory, int port, int controllerPort) {
        return Map.of(
                "process.roles", "broker,controller",
                "node.id", Integer.toString(NODE_ID),
                "controller.quorum.voters", NODE_ID + "@" + LOOPBACK + ":" + controllerPort,
                "controller.listener.names", CONTROLLER_LISTENER,
                "listeners", "PLAINTEXT://" + LOOPBACK + ":" + port + "," + CONTROLLER_LISTENER + "://" + LOOPBACK + ":" + controllerPort,
                "advertised.listeners", "PLAINTEXT://" + LOOPBACK + ":" + port,
                "listener.security.protocol.map", "PLAINTEXT:PLAINTEXT," + CONTROLLER_LISTENER + ":PLAINTEXT",
                "log.dirs", directory.toString());
    }

    /** One replica of everything is all that one node can hold. */
    private static Map<String, String> singleNode() {
        return Map.of(
                "default.replication.factor", "1",
                "min.insync.replicas", "1",
                "offsets.topic.replication.factor", "1",
                "transaction.state.log.replication.factor", "1",
                "transaction.state.log.min.isr", "1",
                "share.coordinator.state.topic.replication.factor", "1",
                "share.coordinator.state.topic.min.isr", "1",
                "auto.create.topics.enable", "false"); // a misspelt topic is a mistake to be told, not a new topic
    }

    /** Nothing waits for members, partitions or retries that one machine does not need. */
    private static Map<String, String> quickStart() {
        return Map.of(
                "group.initial.rebalance.delay.ms", "0", // nobody else will join: waiting for more members only delays readiness
                "offsets.topic.num.partitions", FEW, // 50 by default: each is loaded at every start
                "transaction.state.log.num.partitions", FEW,
                "add.partitions.to.txn.retry.backoff.ms", "1", // met after every commit (KAFKA-18654): 20 ms by default, in every confirmation
                "add.partitions.to.txn.retry.backoff.max.ms", "1000"); // on a busy machine 100 ms do not do: the producer's own retry is slower and noisy
    }

    /** After kill -9 the broker must be let in again, and reads the last segment of every partition through. */
    private static Map<String, String> quickRecovery() {
        return Map.of(
                "broker.session.timeout.ms", "3000", // the controller lets the same broker in only when its old session has ended: 9 s by default
                "broker.heartbeat.interval.ms", "500",
                "transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000", // a dead writer's transaction holds readers back no longer than its timeout
                "log.segment.bytes", SEGMENT_BYTES, // 1 GiB by default
                "offsets.topic.segment.bytes", SEGMENT_BYTES,
                "transaction.state.log.segment.bytes", SEGMENT_BYTES,
                "num.recovery.threads.per.data.dir", FEW);
    }

    /** The broker shares its heap and its cores with the services. */
    private static Map<String, String> smallFootprint() {
        return Map.of(
                "log.cleaner.dedupe.buffer.size", Integer.toString(16 * 1024 * 1024), // 128 MiB of heap by default
                "num.network.threads", "2",
                "num.io.threads", FEW,
                "log.cleaner.threads", "1");
    }
}

package io.millrace.delivery.follow;

import io.millrace.contract.topic.Topic;
import io.millrace.contract.topic.Topics;
import io.millrace.delivery.room.Owner;
import io.millrace.delivery.room.PartitionRooms;
import io.millrace.delivery.signal.PartitionSignals;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Everything this pod follows: a consumer on a thread per topic, the partitions' owners on event loops, and Kafka's own word on the topics. */
public final class Following implements AutoCloseable {
    private final TopicFollower logFollower;
    private final TopicFollower syncFollower;
    private final KafkaTruth logTruth;
    private final RoomLog roomLog;
    private final SyncFeed syncFeed;
    private final KafkaTruth syncTruth;
    private final EpochEnds epochEnds;
    private final TopicFollower presenceFollower;
    private final TopicFollower momentFollower;
    private final KafkaTruth presenceTruth;
    private final SignalFeed signalFeed;

    /** {@code kafka} are the clients' common settings; {@code events} is told what is worth counting, {@code making} makes what a partition is followed for. */
    public Following(Topics topics, Map<String, Object> kafka, LateAdmin admin, Vertx vertx, FollowSettings settings, FollowEvents events, Making making) {
        epochEnds = new EpochEnds(() -> consumer("delivery-epoch-ends", kafka, IsolationLevel.READ_UNCOMMITTED), settings.askTimeout());
        syncTruth = new KafkaTruth(admin, topics.syncEvents().name(), settings.askTimeout(), epochEnds);
        logTruth = new KafkaTruth(admin, topics.roomLog().name(), settings.askTimeout(), epochEnds);
        logFollower = follower(topics.roomLog(), kafka, IsolationLevel.READ_UNCOMMITTED, events::held);
        syncFollower = follower(topics.syncEvents(), kafka, IsolationLevel.READ_COMMITTED, events::held);
        roomLog = new RoomLog(parts(settings, partition -> {
            Owner owner = owner(vertx);
            var followed = new FollowedRooms(making.rooms().rooms(owner, logTruth), events);
            return new RoomLog.Part(followed, new PartitionFollowing(partition, logFollower, logTruth, owner, followed, settings));
        }));
        syncFeed = new SyncFeed(parts(settings, partition -> {
            var followed = new FollowedSenders(topics.syncEvents());
            return new SyncFeed.Part(followed, new PartitionFollowing(partition, syncFollower, syncTruth, owner(vertx), followed, settings));
        }));
        presenceTruth = new KafkaTruth(admin, topics.presence().name(), settings.askTimeout(), epochEnds);
        var momentTruth = new KafkaTruth(admin, topics.roomSignals().name(), settings.askTimeout(), epochEnds);
        presenceFollower = follower(topics.presence(), kafka, IsolationLevel.READ_UNCOMMITTED, events::held);
        momentFollower = follower(topics.roomSignals(), kafka, IsolationLevel.READ_UNCOMMITTED, events::held);
        signalFeed = new SignalFeed(parts(settings, partition -> {
            Owner owner = owner(vertx);
            var signals = making.signals().apply(partition);
            return new SignalFeed.Part(signals,
                    new PartitionFollowing(partition, presenceFollower, presenceTruth, owner, new FollowedPresence(topics.presence(), signals), settings),
                    new PartitionFollowing(partition, momentFollower, momentTruth, owner, new FollowedSignals(topics.roomSignals(), signals), settings), making.pace());
        }));
    }

    public void start() {
        logFollower.start();
        syncFollower.start();
        presenceFollower.start();
        momentFollower.start();
    }

    public RoomLog roomLog() {
        return roomLog;
    }

    public SyncFeed syncFeed() {
        return syncFeed;
    }

    public SignalFeed signalFeed() {
        return signalFeed;
    }

    public KafkaTruth presenceTruth() {
        return presenceTruth;
    }

    public KafkaTruth logTruth() {
        return logTruth;
    }

    public KafkaTruth syncTruth() {
        return syncTruth;
    }

    @Override
    public void close() {
        logFollower.close();
        syncFollower.close();
        presenceFollower.close();
        momentFollower.close();
        epochEnds.close();
    }

    private static <P> List<P> parts(FollowSettings settings, Function<Integer, P> part) {
        return IntStream.range(0, settings.partitions()).boxed().map(part).toList();
    }

    private static Owner owner(Vertx vertx) {
        return new ContextOwner(((VertxInternal) vertx).createEventLoopContext());
    }

    private static TopicFollower follower(Topic<?> topic, Map<String, Object> kafka, IsolationLevel isolation, Runnable held) {
        return new TopicFollower(topic.name(), () -> consumer("delivery-" + topic.name(), kafka, isolation), held);
    }

    private static KafkaConsumer<byte[], byte[]> consumer(String name, Map<String, Object> kafka, IsolationLevel isolation) {
        var config = new HashMap<>(kafka);
        config.putAll(Map.of(
                // Every other way of resetting skips silently; we decide where to go on, and say what was lost (CON-4).
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false,
                // A topic that was deleted must not come back with the brokers' default partition count.
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation.name().toLowerCase(Locale.ROOT),
                ConsumerConfig.CLIENT_ID_CONFIG, name));
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** What a partition's records are for: its rooms; its room signals, for which time passes in steps of {@code pace}. */
    public record Making(RoomsFactory rooms, IntFunction<PartitionSignals> signals, Duration pace) {
    }

    /** Makes the rooms of one partition. */
    public interface RoomsFactory {
        PartitionRooms rooms(Owner owner, KafkaTruth truth);
    }
}

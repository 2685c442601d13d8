package io.millrace.delivery.follow;

import static org.apache.kafka.common.IsolationLevel.READ_COMMITTED;
import static org.apache.kafka.common.IsolationLevel.READ_UNCOMMITTED;

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
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Everything this pod follows: a consumer on a thread per topic, the partitions' owners on event loops, and Kafka's own word on the topics. */
public final class Following implements AutoCloseable {
    private final FollowSettings settings;
    private final EpochEnds epochEnds;
    private final KafkaScan scan;
    private final Source log;
    private final Source sync;
    private final Source presence;
    private final Source moments;
    private final RoomLog roomLog;
    private final SyncFeed syncFeed;
    private final SignalFeed signalFeed;

    /** {@code kafka} are the clients' common settings; {@code events} is told what is worth counting, {@code making} makes what a partition is followed for. */
    public Following(Topics topics, Map<String, Object> kafka, LateAdmin admin, Vertx vertx, FollowSettings settings, FollowEvents events, Making making) {
        this.settings = settings;
        epochEnds = new EpochEnds(() -> consumer("delivery-epoch-ends", kafka, READ_UNCOMMITTED), settings.askTimeout());
        scan = new KafkaScan(topics.roomLog().name(), () -> scanner(kafka), settings.scan(), events);
        Sources sources = (topic, isolation) -> new Source(
                new TopicFollower(topic.name(), () -> consumer("delivery-" + topic.name(), kafka, isolation), events::held),
                new KafkaTruth(admin, topic.name(), settings.askTimeout(), epochEnds));
        log = sources.of(topics.roomLog(), READ_UNCOMMITTED);
        sync = sources.of(topics.syncEvents(), READ_COMMITTED);
        presence = sources.of(topics.presence(), READ_UNCOMMITTED);
        moments = sources.of(topics.roomSignals(), READ_UNCOMMITTED);
        roomLog = new RoomLog(parts(partition -> {
            Owner owner = owner(vertx);
            var followed = new FollowedRooms(making.rooms().rooms(owner, log.truth(), scan), events);
            return new RoomLog.Part(followed, following(log, partition, owner, followed));
        }));
        syncFeed = new SyncFeed(parts(partition -> {
            var followed = new FollowedSenders(topics.syncEvents());
            return new SyncFeed.Part(followed, following(sync, partition, owner(vertx), followed));
        }));
        signalFeed = new SignalFeed(parts(partition -> {
            Owner owner = owner(vertx);
            var signals = making.signals().apply(partition);
            return new SignalFeed.Part(signals, following(presence, partition, owner, new FollowedPresence(topics.presence(), signals)),
                    following(moments, partition, owner, new FollowedSignals(topics.roomSignals(), signals)), making.pace());
        }));
    }

    public void start() {
        sources().forEach(source -> source.follower().start());
        scan.start();
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
        return presence.truth();
    }

    public KafkaTruth logTruth() {
        return log.truth();
    }

    public KafkaTruth syncTruth() {
        return sync.truth();
    }

    @Override
    public void close() {
        sources().forEach(source -> source.follower().close());
        epochEnds.close();
        scan.close();
    }

    private Stream<Source> sources() {
        return Stream.of(log, sync, presence, moments);
    }

    private PartitionFollowing following(Source source, int partition, Owner owner, Followed followed) {
        return new PartitionFollowing(partition, source.follower(), source.truth(), owner, followed, settings);
    }

    private <P> List<P> parts(Function<Integer, P> part) {
        return IntStream.range(0, settings.partitions()).boxed().map(part).toList();
    }

    private static Owner owner(Vertx vertx) {
        return new ContextOwner(((VertxInternal) vertx).createEventLoopContext());
    }

    /** It reads what is there: a fetch that waited at the end for more would hold up the next reading. */
    private static KafkaConsumer<byte[], byte[]> scanner(Map<String, Object> kafka) {
        var config = new HashMap<>(kafka);
        config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 0);
        return consumer("delivery-log-scan", config, READ_COMMITTED);
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

    /** One topic: who reads it, and Kafka's own word on it. */
    private record Source(TopicFollower follower, KafkaTruth truth) {
    }

    private interface Sources {
        Source of(Topic<?> topic, IsolationLevel isolation);
    }

    /** What a partition's records are for: its rooms; its room signals, for which time passes in steps of {@code pace}. */
    public record Making(RoomsFactory rooms, IntFunction<PartitionSignals> signals, Duration pace) {
    }

    /** Makes the rooms of one partition. */
    public interface RoomsFactory {
        PartitionRooms rooms(Owner owner, KafkaTruth truth, KafkaScan scan);
    }
}
